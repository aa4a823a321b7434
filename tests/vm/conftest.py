from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vm.machine import SHARE, Machine, Program
from tests.vm.pictures import Pictures, raw

ROOT = Path(__file__).parents[2]
BUILT = os.environ.get("AVATARD_VM", "")
WIDTH, HEIGHT, FPS = 640, 480, 10
#: For what takes seconds on a machine of its own and minutes on a busy one.
PATIENCE_S = 600.0
PERFORMER = ROOT / "avatard/assets/performer/performer.mp4"
OURS, WEBCAM = "/dev/video10", "/dev/video20"
#: No face is looked for and nothing moves: for tests of the device, where each start would cost a minute of emulation.
LIGHT = {"AVATARD_TRACK_BACKEND": "scripted", "AVATARD_REENACT_ENGINE": "still", "AVATARD_DAEMON_HANG_S": "300"}
WHOLE = {"AVATARD_DAEMON_HANG_S": "300"}


class Guest:
    """The machine, its two loopback devices, and avatard in it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def load_devices(self) -> None:
        """v4l2loopback anew, as avatard's virtual camera and as a webcam."""
        options = "video_nr=10,20 card_label=avatard,webcam exclusive_caps=1,1 max_buffers=2"
        self.machine.run("modprobe -r v4l2loopback")
        self.machine.check(f"modprobe v4l2loopback devices=2 {options} && udevadm settle")

    def up(self, name: str, options: str, environment: dict[str, str]) -> Program:
        """`avatard up`, not yet ready."""
        size = "" if "--size" in options else f"--size {WIDTH}x{HEIGHT}"
        return self.machine.start(name, f"avatard up {size} --fps {FPS} {options}", environment)

    def ready(self, name: str, options: str, environment: dict[str, str]) -> Program:
        """`avatard up`, at its first picture."""
        program = self.up(name, options, environment)
        program.says("daemon: ready")
        return program

    def status(self, socket: str = "") -> dict[str, Any]:
        """What `avatard status` says."""
        option = f"--socket {socket}" if socket else ""
        status: dict[str, Any] = json.loads(self.machine.check(f"avatard status --json {option}"))
        return status

    def until(self, holds: Callable[[dict[str, Any]], bool], socket: str = "") -> dict[str, Any]:
        """Ask for the status until it `holds`; that status."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds(status := self.status(socket)):
            assert time.monotonic() < deadline, f"it never came: {status}"
            time.sleep(0.5)
        return status

    def shows(self, state: str) -> None:
        """Wait for that state."""
        self.until(lambda status: status["state"] == state)

    def stop(self, program: Program) -> None:
        """A clean end."""
        self.machine.check("avatard stop")
        assert program.ended() == 0, program.said

    def read(self, name: str, count: int, size: tuple[int, int] = (WIDTH, HEIGHT), device: str = OURS) -> Pictures:
        """What an independent reader gets: v4l2-ctl, at real-time priority, as a call's picture would be awaited."""
        reader = f"chrt -f 10 v4l2-ctl -d {device} --stream-mmap=2 --stream-count={count} --stream-to=/dev/shm/{name}"
        self.machine.check(f"timeout 300 {reader} >/dev/null 2>&1 && mv /dev/shm/{name} {SHARE}/{name}", 330.0)
        return raw(self.machine.share / name, *size)

    def feed(self, clip: str) -> Program:
        """The webcam: FFmpeg copies the Motion JPEG of a clip in the share into the second loopback device."""
        quiet = "ffmpeg -nostdin -hide_banner -loglevel warning"
        feeder = self.machine.start(
            "ffmpeg", f"{quiet} -re -stream_loop -1 -i {SHARE}/{clip} -c:v copy -f v4l2 {WEBCAM}"
        )
        self.machine.until(f"v4l2-ctl -d {WEBCAM} --all | grep -q MJPG", 60.0)
        return feeder


@pytest.fixture(scope="session")
def booted() -> Iterator[Guest]:
    """One boot for all tests; its logs stay in out/vm."""
    if not BUILT:
        pytest.skip("needs the virtual machine: make test-vm")
    share = ROOT / "out/vm"
    shutil.rmtree(share, ignore_errors=True)
    share.mkdir(parents=True)
    with Machine(Path(BUILT), share) as machine:
        guest = Guest(machine)
        guest.load_devices()
        yield guest


@pytest.fixture
def guest(booted: Guest) -> Iterator[Guest]:
    """The guest for one test. One that fails leaves its programs behind: the next starts without them."""
    yield booted
    booted.machine.run("pkill -9 -x avatard; pkill -9 -x ffmpeg; pkill -9 -x v4l2-ctl; sleep 0.5")
