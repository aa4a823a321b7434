"""What happens to a virtual camera while avatard runs: it waits, counts, says why, and goes on when it is back."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.avatar import Avatar
from avatard.control.client import call
from avatard.output.virtualcam import Loopback
from avatard.pipeline import Pipeline
from avatard.v4l2 import LOOPBACK_DRIVER, PIX_FMT_YUV420
from avatard.v4l2_fake import FakeDevice, FakeKernel
from tests.e2e.live import FORMAT, running, until


def unplug(device: FakeDevice) -> None:
    """The module is unloaded."""
    device.write_error, device.open_error = errno.ENODEV, errno.ENOENT


def forbid(device: FakeDevice) -> None:
    """Its group or mode was changed; what the open descriptor may do, it may no longer."""
    device.write_error = device.open_error = errno.EACCES


def shrink(device: FakeDevice) -> None:
    """Another program set another size, and a reader holds it there."""
    device.takes, device.fixed_format = 100, (320, 240, PIX_FMT_YUV420)


def mend(device: FakeDevice) -> None:
    device.write_error = device.open_error = 0
    device.takes, device.fixed_format = -1, None


def told(pipeline: Pipeline) -> str:
    """What `status` says of the sinks."""
    return str(pipeline.status()["sinks"])


@pytest.mark.parametrize(
    ("break_", "words"),
    [(unplug, "v4l2loopback is not loaded"), (forbid, "no permission"), (shrink, "stays at 320x240")],
)
def test_a_device_that_fails_is_waited_for(
    avatar: Avatar, tmp_path: Path, break_: Callable[[FakeDevice], None], words: str
) -> None:
    device = FakeDevice(10, "avatard", LOOPBACK_DRIVER)
    kernel = FakeKernel(tmp_path, device)
    with running(avatar, Loopback("", FORMAT, kernel, tmp_path)) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 3, "the avatar")
        break_(device)
        until(lambda: pipeline.counters["sink_errors"] >= 2, "the loss, and a try that failed")
        assert words in told(pipeline)
        assert pipeline.sink_lost
        assert pipeline.writing_s == 0, "waiting for a device is no hang"
        mend(device)
        until(lambda: not pipeline.sink_lost, "the device again")
        delivered = pipeline.counters["delivered"]
        until(lambda: pipeline.counters["delivered"] > delivered + 3, "the avatar again")
        assert "video10" in told(pipeline)
        assert pipeline.error is None
    assert kernel.open_descriptors == 0


def test_a_device_that_comes_back_under_another_number_is_found(avatar: Avatar, tmp_path: Path) -> None:
    first, second = FakeDevice(10, "avatard", LOOPBACK_DRIVER), FakeDevice(11, "avatard", LOOPBACK_DRIVER)
    second.open_error = errno.ENOENT
    with running(avatar, Loopback("", FORMAT, FakeKernel(tmp_path, first, second), tmp_path)) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 3, "the avatar")
        unplug(first)
        second.open_error = 0
        until(lambda: len(second.written) > 3, "pictures in the other device")
        assert "video11" in told(pipeline)


def up(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    """`avatard up` without camera or device."""
    command = [sys.executable, "-m", "avatard", "up", "--source", "none", "--engine", "still", "--sink", "null"]
    return subprocess.Popen(
        [*command, f"--socket={tmp_path / 'socket'}", *options], stderr=subprocess.PIPE, text=True, errors="replace"
    )


def await_ready(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if "ready" in line:
            return
    raise AssertionError("it ended before it was ready")


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs Unix signals")
def test_a_second_daemon_says_that_there_is_one_and_leaves_it_alone(tmp_path: Path) -> None:
    with up(tmp_path) as first:
        await_ready(first)
        with up(tmp_path) as second:
            _, said = second.communicate(timeout=30)
        assert second.returncode == 18
        assert f"another avatard runs (pid {first.pid})" in said
        assert "avatard stop" in said
        assert first.poll() is None
        first.terminate()
        first.communicate(timeout=30)
    assert first.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs Unix signals")
def test_a_process_that_was_stopped_for_longer_than_a_hang_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a machine that was suspended: time has passed for every thread, and none could do anything."""
    hang_s = 5  # the least that the settings allow
    monkeypatch.setenv("AVATARD_DAEMON_HANG_S", str(hang_s))
    with up(tmp_path) as process:
        await_ready(process)
        process.send_signal(signal.SIGSTOP)
        time.sleep(hang_s + 2)
        process.send_signal(signal.SIGCONT)
        until(lambda: counters(tmp_path)["suspended"] == 1, "the count")
        delivered = counters(tmp_path)["delivered"]
        until(lambda: counters(tmp_path)["delivered"] > delivered + 10, "pictures after it")
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0


def counters(tmp_path: Path) -> dict[str, int]:
    """What the daemon of `up` has counted."""
    return call("status", socket=tmp_path / "socket")["counters"]  # type: ignore[return-value]
