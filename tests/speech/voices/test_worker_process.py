"""The worker's faults, by its fake engine; how it goes with a real one is in test_voice.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from avatard.errors import AudioError
from avatard.speech.voices.worker_process import WorkerLostError, WorkerProcess
from avatard.speech.worker.protocol import Say


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess(("fake", str(tmp_path)))
    yield process
    process.kill()


def test_it_says_what_it_is_asked(worker: WorkerProcess) -> None:
    said = worker.say(Say(1, "hello", rate=2.0), 10.0)
    assert said is not None
    assert (said.id, said.sample_rate, len(said.sound)) == (1, 16_000, 2 * 16_000 * 5 // 40)


def test_a_library_that_prints_breaks_nothing(worker: WorkerProcess, tmp_path: Path) -> None:
    (tmp_path / "print").write_text("")
    assert worker.say(Say(1, "hello"), 10.0) is not None


@pytest.mark.parametrize("fault", ["die", "garbage"])
def test_one_that_is_gone_or_talks_nonsense_is_lost(worker: WorkerProcess, tmp_path: Path, fault: str) -> None:
    (tmp_path / fault).write_text("")
    with pytest.raises(WorkerLostError):
        worker.say(Say(1, "hello"), 10.0)


def test_one_that_hangs_is_lost_after_our_patience(worker: WorkerProcess, tmp_path: Path) -> None:
    worker.load()
    (tmp_path / "deaf").write_text("")
    with pytest.raises(WorkerLostError, match="hangs"):
        worker.say(Say(1, "hello"), 0.1)


def test_an_exception_shows_no_text(worker: WorkerProcess, tmp_path: Path) -> None:
    (tmp_path / "fail").write_text("")
    with pytest.raises(AudioError, match="the voice failed with ValueError") as e:
        worker.say(Say(1, "my secret"), 10.0)
    assert "secret" not in f"{e.value} {e.value.hint}"
    assert worker.say(Say(2, "hello"), 10.0) is not None


def test_a_cancelled_one_says_nothing_and_goes_on(worker: WorkerProcess, tmp_path: Path) -> None:
    worker.load()
    (tmp_path / "hang").write_text("")
    threading.Timer(0.05, worker.cancel, (1,)).start()
    assert worker.say(Say(1, "hello"), 10.0) is None
    assert worker.say(Say(2, "hello"), 10.0) is not None


def test_cancelled_before_it_is_said(worker: WorkerProcess) -> None:
    worker.cancel(1)
    assert worker.say(Say(1, "hello"), 10.0) is None
    assert worker.say(Say(2, "hello"), 10.0) is not None


def test_one_that_does_not_hear_a_cancel_is_lost(worker: WorkerProcess, tmp_path: Path) -> None:
    worker.load()
    (tmp_path / "deaf").write_text("")
    threading.Timer(0.05, worker.cancel, (1,)).start()
    with pytest.raises(WorkerLostError):
        worker.say(Say(1, "hello"), 10.0)


def test_what_cannot_be_loaded_is_said() -> None:
    worker = WorkerProcess(("espeak", "xx-yy"))
    with pytest.raises(AudioError, match="espeak-ng has no voice xx-yy"):
        worker.load()
    worker.kill()
    worker = WorkerProcess(("nothing",))
    with pytest.raises(AudioError, match="no engine nothing"):
        worker.say(Say(1, "hello"), 1.0)
    worker.kill()


def test_a_frozen_one_is_killed(worker: WorkerProcess) -> None:
    worker.load()
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(WorkerLostError):
        worker.say(Say(1, "hello"), 0.1)
    worker.kill()
    assert not psutil.pid_exists(worker.pid)


def test_ctrl_c_is_not_for_the_voice(worker: WorkerProcess) -> None:
    worker.load()
    os.kill(worker.pid, signal.SIGINT)
    assert worker.say(Say(1, "hello"), 10.0) is not None


def test_it_ends_with_the_daemon_even_in_the_middle_of_a_clause(tmp_path: Path) -> None:
    (tmp_path / "deaf").write_text("")
    program = (
        "import os, sys, threading\n"
        "from avatard.speech.worker.protocol import Say\n"
        "from avatard.speech.voices.worker_process import WorkerProcess\n"
        f"worker = WorkerProcess(('fake', {str(tmp_path)!r}))\n"
        "worker.load()\n"
        "print(worker.pid, flush=True)\n"
        "worker.say(Say(1, 'hello'), 60.0)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        worker = psutil.Process(int(daemon.stdout.readline()))
        while (tmp_path / "deaf").exists():
            time.sleep(0.01)
        daemon.kill()
    worker.wait(timeout=20)  # raises when it lives on
