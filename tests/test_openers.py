from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from avatard.openers import Openers
from tests.e2e.live import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs inotify and /proc")


@contextmanager
def another_program(path: Path) -> Iterator[None]:
    """A process that has `path` open."""
    program = "import sys; file = open(sys.argv[1], 'rb'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield
        process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ring.y4m"
    path.write_bytes(b"x")
    return path


def test_programs_come_and_go(path: Path) -> None:
    openers = Openers(path)
    assert openers.count == 0
    with another_program(path):
        until(lambda: openers.count == 1, "the first program")
        with another_program(path):
            until(lambda: openers.count == 2, "the second program")
    until(lambda: openers.count == 0, "nobody again")
    openers.close()


def test_who_was_there_before_counts(path: Path) -> None:
    with another_program(path):
        openers = Openers(path)
        assert openers.count == 1
        openers.close()


def test_we_ourselves_do_not_count(path: Path) -> None:
    openers = Openers(path)
    with path.open("rb"):
        assert [openers.count for _ in range(3)] == [0, 0, 0]
    openers.close()


def test_where_nothing_happens_nothing_is_looked_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openers = Openers(path)
    assert openers.count == 0

    def look(*where: Path) -> None:
        raise AssertionError("looked through /proc")

    monkeypatch.setattr("avatard.openers.holders", look)
    assert [openers.count for _ in range(3)] == [0, 0, 0]
    openers.close()


def test_it_follows_a_file_that_is_renamed(path: Path) -> None:
    openers = Openers(path)
    other = path.rename(path.with_name("renamed"))
    openers.moved(other)
    with another_program(other):
        until(lambda: openers.count == 1, "the program")
    openers.close()


def test_what_cannot_be_watched_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Openers(tmp_path / "absent")
