import os
import re
import subprocess
import sys
import time

import pytest

from avatard.errors import EngineError
from avatard.runtime.mediapipe import NOISE, load, quiet


def test_known_noise_is_dropped_and_all_else_passes(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"E0000 00:00:1 2 calculator_graph.cc:1] it broke\nW0000 00:00:1 2 other.cc:1] mind\nno newline")
    os.write(2, b"\nafter\n")
    assert capfd.readouterr().err.splitlines() == [
        "E0000 00:00:1 2 calculator_graph.cc:1] it broke",
        "W0000 00:00:1 2 other.cc:1] mind",
        "no newline",
        "after",
    ]


def test_stderr_is_given_back_when_the_start_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), quiet():
        raise RuntimeError
    os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
    assert "XNNPACK" in capfd.readouterr().err


def test_two_starts_at_once_share_the_filter(capfd: pytest.CaptureFixture[str]) -> None:
    one, other = quiet(), quiet()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nstill quiet\n")
    other.__exit__(None, None, None)
    os.write(2, b"after\n")
    assert capfd.readouterr().err.splitlines() == ["still quiet", "after"]


def test_a_child_that_was_started_meanwhile_is_not_waited_for(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet():
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read(); print('late', file=sys.stderr)"],
            stdin=subprocess.PIPE,
        )
    assert child.poll() is None
    child.communicate(b"")
    deadline = time.monotonic() + 10
    told = ""
    while "late" not in told and time.monotonic() < deadline:
        told += capfd.readouterr().err
    assert "late" in told, "what it says is still passed on"


@pytest.mark.parametrize("line", [b"F0000 fatal", b"E0000 inference_feedback_manager.cc", b"Traceback (most recent"])
def test_errors_are_never_noise(line: bytes) -> None:
    assert not re.match(NOISE, line)


def test_a_missing_module_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match="cannot be loaded") as failure:
        load("mediapipe.no_such_module")
    assert "pip install" in failure.value.hint
