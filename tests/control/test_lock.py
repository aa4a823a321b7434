from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from avatard.control import lock
from avatard.errors import ControlError


def test_a_second_one_is_told_of_the_first(tmp_path: Path) -> None:
    place = tmp_path / "avatard.sock"
    with (
        lock.only_one(place),
        pytest.raises(ControlError, match=rf"another avatard runs \(pid {os.getpid()}\)") as e,
        lock.only_one(place),
    ):
        pass
    assert e.value.hint == "Stop it with: avatard stop"


def test_it_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with lock.only_one(tmp_path / "avatard.sock"):
            pass


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="cannot write"), lock.only_one(tmp_path / "no" / "folder"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs rights there")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "avatard.sock.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(ControlError, match="cannot write"), lock.only_one(tmp_path / "avatard.sock"):
        pass
    assert not (tmp_path / "precious").exists()


class Msvcrt(ModuleType):
    """Stands in for Windows' module: one process may lock a byte."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.locked: dict[int, int] = {}  #: inode → byte
        self.descriptors: list[int] = []

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (mode, count) == (self.LK_NBLCK, 1)
        inode = os.fstat(descriptor).st_ino
        if inode in self.locked:
            raise PermissionError(13, "Permission denied")
        self.locked[inode] = os.lseek(descriptor, 0, os.SEEK_CUR)


@pytest.fixture
def msvcrt(monkeypatch: pytest.MonkeyPatch) -> Iterator[Msvcrt]:
    """The lock as a Windows machine loads it."""
    fake = Msvcrt()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "msvcrt", fake)
        patch.setitem(sys.modules, "fcntl", None)
        patch.setattr(sys, "platform", "win32")
        importlib.reload(lock)
        yield fake
    importlib.reload(lock)


def test_on_windows_a_byte_that_nobody_reads_is_locked(msvcrt: Msvcrt, tmp_path: Path) -> None:
    place = tmp_path / "control"
    with lock.only_one(place):
        assert list(msvcrt.locked.values()) == [1 << 20]
        with (
            pytest.raises(ControlError, match=rf"another avatard runs \(pid {os.getpid()}\)"),
            lock.only_one(place),
        ):
            pass
