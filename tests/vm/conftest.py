from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avatard.control.protocol import Request, decode_reply, encode_request
from tests.vm.machine import SHARE, Machine, Program, wait
from tests.vm.pictures import Pictures, raw

ROOT = Path(__file__).parents[2]
BUILT = os.environ.get("VM_BUILT", "")
WIDTH, HEIGHT, FPS = 640, 480, 5
PERFORMER = ROOT / "avatard/assets/performer/performer.mp4"
SOCKET = "/tmp/avatard-0/avatard.sock"  #: of a root without a session
OURS, WEBCAM = "/dev/video10", "/dev/video20"
#: No face is looked for and nothing moves: for tests of the device, where each start would cost a minute of emulation.
LIGHT = {"AVATARD_TRACK_BACKEND": "scripted", "AVATARD_REENACT_ENGINE": "still", "AVATARD_DAEMON_HANG_S": "300"}
WHOLE = {"AVATARD_DAEMON_HANG_S": "300"}


class Guest:
    """The machine, its two loopback devices, and avatard in it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def load_devices(self) -> None:
        """v4l2loopback anew, as avatard's virtual camera and as a webcam, which FFmpeg may feed more than once."""
        options = "video_nr=10,20 card_label=avatard,webcam exclusive_caps=1,0 max_buffers=2"
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

    def tell(self, command: str, socket: str = SOCKET) -> dict[str, Any]:
        """What the daemon answers over its control socket."""
        done = self.machine.ask(socket, encode_request(Request(1, command)))
        assert done.code == 0, done.output
        reply = decode_reply(done.output.encode())
        assert reply.failure is None, reply.failure
        return dict(reply.result)

    def until(self, holds: Callable[[dict[str, Any]], bool], socket: str = SOCKET) -> dict[str, Any]:
        """Ask for the status until it `holds`; that status."""
        seen: dict[str, Any] = {}

        def look() -> bool:
            seen.update(self.tell("status", socket))
            return holds(seen)

        wait(look, "the status is as wanted; see commands.log", 1.0)
        return seen

    def shows(self, state: str) -> None:
        """Wait for that state."""
        self.until(lambda status: status["state"] == state)

    def stop(self, program: Program) -> None:
        """A clean end."""
        self.tell("stop")
        assert program.ended() == 0, program.said

    def read(self, name: str, count: int, size: tuple[int, int] = (WIDTH, HEIGHT), device: str = OURS) -> Pictures:
        """What an independent reader gets: v4l2-ctl, at real-time priority, as a call's picture would be awaited."""
        reader = f"chrt -f 10 v4l2-ctl -d {device} --stream-mmap=2 --stream-count={count} --stream-to=/dev/shm/{name}"
        self.machine.check(f"timeout 300 {reader} >/dev/null 2>&1 && mv /dev/shm/{name} {SHARE}/{name}", 330.0)
        return raw(self.machine.share / name, *size)

    def keep_reading(self, name: str = "") -> Program:
        """A reader that stays, what it gets in the share or nowhere."""
        to = f"{SHARE}/{name}" if name else "/dev/null"
        if name:
            (self.machine.share / name).unlink(missing_ok=True)
        return self.machine.start(
            "reader", f"v4l2-ctl -d {OURS} --stream-mmap=2 --stream-count=100000 --stream-to={to}"
        )

    def feed(self, clip: str) -> Program:
        """The webcam: FFmpeg copies the Motion JPEG of a clip in the share into the second loopback device."""
        quiet = "ffmpeg -nostdin -hide_banner -loglevel warning"
        feeder = self.machine.start(
            "ffmpeg", f"{quiet} -re -stream_loop -1 -i {SHARE}/{clip} -c:v copy -f v4l2 {WEBCAM}"
        )
        self.machine.until(f"v4l2-ctl -d {WEBCAM} --get-fmt-video | grep -q MJPG")
        return feeder


@pytest.fixture(scope="session")
def booted() -> Iterator[Guest]:
    """One boot for all tests; its logs stay in out/vm."""
    if not BUILT:
        pytest.skip("needs the virtual machine: make test-vm")
    share = ROOT / "out/vm"
    shutil.rmtree(share, ignore_errors=True)
    share.mkdir(parents=True, exist_ok=True)
    with Machine(Path(BUILT), share) as machine:
        guest = Guest(machine)
        guest.load_devices()
        yield guest


@pytest.fixture
def guest(booted: Guest) -> Iterator[Guest]:
    """The guest for one test. One that fails leaves its programs behind: the next starts without them."""
    yield booted
    for name in ("avatard", "ffmpeg", "v4l2-ctl"):
        booted.machine.run(f"pkill -9 -x {name} && while pgrep -x {name} >/dev/null; do sleep 0.2; done")
