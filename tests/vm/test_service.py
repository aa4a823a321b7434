"""avatard as a service of a real systemd: ready, watched, restarted, shut in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.vm.conftest import FPS, HEIGHT, PERFORMER, WEBCAM, WIDTH, Guest
from tests.vm.machine import SHARE, Machine
from tests.vm.webcam import make_mjpg

pytestmark = [pytest.mark.vm, pytest.mark.slow, pytest.mark.timeout(1800)]

#: What the guest's pace asks for; the rest of the units is as it is shipped.
PACE = "[Service]\nTimeoutStartSec=900\nEnvironment=AVATARD_DAEMON_HANG_S=300\n"
OUTPUT = f"[output]\nwidth = {WIDTH}\nheight = {HEIGHT}\nfps = {FPS}\n"
LIGHT = f'{OUTPUT}[capture]\nsource = "none"\n[track]\nbackend = "scripted"\n[reenact]\nengine = "still"\n'
WHOLE = f'{OUTPUT}[capture]\nsource = "camera:{WEBCAM}"\n[reenact]\nengine = "meshnet"\nprovider = "cpu"\n'
SOCKET = "/run/avatard/avatard.sock"


class Service:
    """One systemd service in the guest. manager: `systemctl`, or the one of a user."""

    def __init__(self, machine: Machine, manager: str = "systemctl") -> None:
        self._machine = machine
        self._manager = manager

    def ask(self, name: str) -> str:
        """A property of the unit."""
        return self._machine.check(f"{self._manager} show -P {name} avatard").strip()

    def do(self, verb: str) -> None:
        """start, stop …, not waited for."""
        self._machine.check(f"{self._manager} {verb} --no-block avatard")

    def started(self, restarts: int = 0) -> int:
        """Wait until it is ready, after so many restarts; its process."""
        ask = f"{self._manager} show -p NRestarts -p ActiveState avatard"
        self._machine.until(f"[ $({ask} | grep -cx -e ActiveState=active -e NRestarts={restarts}) = 2 ]")
        return int(self.ask("MainPID"))

    def stopped(self) -> None:
        """Wait for the end, which is to be a clean one."""
        self._machine.until(f"! {self._manager} is-active avatard >/dev/null")
        assert (self.ask("Result"), self.ask("ExecMainStatus")) == ("success", "0")


def write(machine: Machine, path: str, text: str) -> None:
    """A file in the guest."""
    (machine.share / "file").write_text(text)
    machine.check(f"install -D -m 644 {SHARE}/file {path}")


@pytest.fixture
def system(guest: Guest) -> Iterator[Service]:
    """The hardened unit, installed by avatard itself and not yet started."""
    machine = guest.machine
    machine.check("avatard service install --system --no-start", 120.0)
    write(machine, "/etc/systemd/system/avatard.service.d/vm.conf", PACE)
    machine.check("systemctl daemon-reload; systemctl reset-failed avatard 2>/dev/null; true")
    yield Service(machine)
    machine.run(f"journalctl -u avatard --no-pager >{SHARE}/journal-system.txt; systemctl kill -s KILL avatard")
    machine.run("avatard service remove --system; rm -r /etc/systemd/system/avatard.service.d /etc/avatard", 120.0)


def test_the_hardened_unit_runs_the_whole_path(guest: Guest, system: Service) -> None:
    """MediaPipe, ONNX Runtime and OpenCV, on a camera and a virtual camera, shut in."""
    machine = guest.machine
    make_mjpg(PERFORMER, machine.share / "performer.avi")
    guest.feed("performer.avi")
    write(machine, "/etc/avatard/config.toml", WHOLE)
    exposure = re.search(
        r"exposure level for avatard.service: ([0-9.]+)", machine.check("systemd-analyze security avatard")
    )
    assert exposure is not None
    assert float(exposure[1]) <= 1.0

    system.do("start")
    process = system.started()
    assert machine.check(f"ps -o user= -p {process}").strip() == "avatard"
    status = guest.until(lambda status: status["state"] == "live" and status["network"] != "none", socket=SOCKET)
    assert status["engine"] == "meshnet (cpu)"
    assert status["network"] in ("on", "off")  # off: run, and found too slow here
    assert "MJPG" in status["source"]
    assert system.ask("StatusText").startswith("mira: ")
    assert guest.read("hardened.i420", 10).badged

    stranger = machine.run(f"runuser -u tester -- env AVATARD_SOCKET={SOCKET} avatard status")
    assert stranger.code == 18
    machine.check("usermod -aG avatard tester")
    assert machine.run(f"runuser -u tester -- env AVATARD_SOCKET={SOCKET} avatard status").code == 0
    machine.check("gpasswd -d tester avatard")
    system.do("stop")
    system.stopped()


def test_killed_or_hung_it_is_started_again(guest: Guest, system: Service) -> None:
    machine = guest.machine
    write(machine, "/etc/avatard/config.toml", LIGHT)
    system.do("start")
    process = system.started()
    machine.check(f"kill -9 {process}")
    process = system.started(restarts=1)
    assert guest.read("restarted.i420", 3).badged

    machine.check(f"kill -STOP {process}")  # nothing in it can say that it hangs
    assert system.started(restarts=2) != process
    assert "watchdog timeout" in machine.check("journalctl -u avatard --no-pager").lower()
    assert guest.read("watched.i420", 3).badged
    system.do("stop")
    system.stopped()


def test_the_virtual_camera_comes_with_the_boot(guest: Guest, system: Service) -> None:
    machine = guest.machine
    try:
        machine.check("modprobe -r v4l2loopback && systemctl restart systemd-modules-load && udevadm settle")
        assert "avatard" in machine.check("v4l2-ctl -d /dev/avatard --info")
        write(machine, "/etc/avatard/config.toml", LIGHT)
        system.do("start")
        system.started()
        assert guest.read("booted.i420", 3, device="/dev/avatard").badged
        system.do("stop")
        system.stopped()
    finally:
        guest.load_devices()


def test_the_users_own_unit(guest: Guest) -> None:
    machine = guest.machine
    machine.check("loginctl enable-linger tester")
    number = machine.check("id -u tester").strip()
    machine.until(f"systemctl is-active user@{number} >/dev/null")
    user = f"runuser -u tester -- env HOME=/home/tester XDG_RUNTIME_DIR=/run/user/{number}"
    said = machine.check(f"{user} avatard service install --no-start", 120.0)
    assert "/etc/modprobe.d/avatard.conf" in said  # what only root can do is told
    write(machine, "/home/tester/.config/systemd/user/avatard.service.d/vm.conf", PACE)
    write(machine, "/home/tester/.config/avatard/config.toml", LIGHT)
    service = Service(machine, f"{user} systemctl --user")
    machine.check(f"{user} systemctl --user daemon-reload")

    service.do("start")
    process = service.started()
    assert machine.check(f"ps -o user= -p {process}").strip() == "tester"
    assert guest.read("user.i420", 3).badged
    machine.check(f"kill -9 {process}")
    service.started(restarts=1)
    assert guest.read("user-again.i420", 3).badged
    assert machine.run(f"{user} avatard service status").code == 0
    service.do("stop")
    service.stopped()
    machine.check(f"{user} avatard service remove")
    assert machine.run("ls /home/tester/.config/systemd/user/avatard.service").code != 0
    machine.check("loginctl disable-linger tester")
