from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from avatard.control import address


@pytest.mark.parametrize(
    ("env", "path"),
    [
        (
            {"AVATARD_SOCKET": "/run/avatard/avatard.sock", "XDG_RUNTIME_DIR": "/run/user/1"},
            "/run/avatard/avatard.sock",
        ),
        ({"XDG_RUNTIME_DIR": "/run/user/1"}, "/run/user/1/avatard.sock"),
        ({}, f"{tempfile.gettempdir()}/avatard-{os.getuid()}/avatard.sock"),
    ],
)
def test_the_socket_is_where_the_environment_says(env: dict[str, str], path: str) -> None:
    assert address.default_path(env) == Path(path)


@pytest.fixture
def system_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "run" / "avatard.sock"
    monkeypatch.setattr(address, "SYSTEM_SOCKET", path)
    return path


def test_commands_ask_the_user_s_own_daemon_first(system_socket: Path, tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(tmp_path)}
    own = tmp_path / "avatard.sock"
    asked = [address.client_path(env)]
    system_socket.parent.mkdir()
    asked.append(address.client_path(env))
    own.touch()
    asked.append(address.client_path(env))
    assert asked == [own, system_socket, own]


def test_on_windows_it_is_a_file_of_the_user_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert address.default_path({}).parts[-2:] == ("avatard", "control")
    assert address.default_path({"AVATARD_SOCKET": "C:/x"}) == Path("C:/x")


def test_a_named_socket_is_asked_and_no_other(system_socket: Path) -> None:
    system_socket.parent.mkdir()
    assert address.client_path({"AVATARD_SOCKET": "/x/y"}) == Path("/x/y")


def test_a_daemon_never_takes_the_service_s_place_unasked(system_socket: Path, tmp_path: Path) -> None:
    system_socket.parent.mkdir()
    assert address.default_path({"XDG_RUNTIME_DIR": str(tmp_path)}) == tmp_path / "avatard.sock"
