from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.portal import BACKENDS, FORGET, SERVICE, check_camera_portal
from tests.doctor.machine import machine, only, sinks, write

GTK = "[portal]\nDBusName=org.freedesktop.impl.portal.desktop.gtk\nInterfaces=org.freedesktop.impl.portal.FileChooser;"
ASKS = "org.freedesktop.impl.portal.Access;"


def flatpak(root: Path, app: str, home: str = "") -> None:
    write(root, f"{home or 'var/lib/flatpak'}/app/{app}/current/active")


def test_there(tmp_path: Path) -> None:
    write(tmp_path, SERVICE)
    write(tmp_path, f"{BACKENDS}/gtk.portal", GTK + ASKS)
    write(tmp_path, f"{BACKENDS}/wlr.portal", "[portal]\nInterfaces=org.freedesktop.impl.portal.ScreenCast")
    finding = only(check_camera_portal, machine(tmp_path))

    assert (finding.level, finding.text) == (Level.OK, "there; gtk can ask you for the camera")


@pytest.mark.parametrize("backend", [GTK, "no portal at all", None])
def test_nobody_can_ask_the_user(tmp_path: Path, backend: str | None) -> None:
    flatpak(tmp_path, "org.mozilla.firefox")
    write(tmp_path, SERVICE)
    if backend is not None:
        write(tmp_path, f"{BACKENDS}/gtk.portal", backend)
    finding = only(check_camera_portal, machine(tmp_path))

    assert finding.level is Level.WARN
    assert finding.fix == "sudo apt install xdg-desktop-portal xdg-desktop-portal-gtk"


@pytest.mark.parametrize("there", [True, False])
def test_absent_or_mute_and_not_needed(tmp_path: Path, there: bool) -> None:
    if there:
        write(tmp_path, SERVICE)
    finding = only(check_camera_portal, machine(tmp_path))

    assert (finding.level, finding.fix) == (Level.OK, "")
    assert "only browsers in a sandbox need it" in finding.text


def test_absent_beside_a_browser_in_a_sandbox(tmp_path: Path) -> None:
    flatpak(tmp_path, "org.mozilla.firefox")
    flatpak(tmp_path, "com.google.Chrome", "home/ada/.local/share/flatpak")
    finding = only(check_camera_portal, machine(tmp_path))

    assert finding.level is Level.WARN
    assert finding.text == "not installed, for Firefox and Chrome"


def test_absent_beside_our_camera_in_pipewire(tmp_path: Path) -> None:
    finding = only(check_camera_portal, machine(tmp_path, settings=sinks("pipewire")))

    assert (finding.level, finding.text) == (Level.WARN, "not installed, for cameras in PipeWire")


def test_a_refusal_can_be_taken_back(tmp_path: Path) -> None:
    flatpak(tmp_path, "org.mozilla.firefox")
    write(tmp_path, SERVICE)
    write(tmp_path, f"{BACKENDS}/gnome.portal", GTK + ASKS)

    assert FORGET in only(check_camera_portal, machine(tmp_path)).advice
