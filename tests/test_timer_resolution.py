from __future__ import annotations

import ctypes
import sys

import pytest

from avatard.timer_resolution import wake_each_millisecond


class Library:
    """Stands in for ctypes.WinDLL."""

    asked: list[tuple[str, int]]

    def __init__(self, name: str) -> None:
        self.name = name

    def timeBeginPeriod(self, milliseconds: int) -> int:  # noqa: N802
        Library.asked.append((self.name, milliseconds))
        return 0


@pytest.mark.parametrize(("platform", "asked"), [("win32", [("winmm", 1)]), ("linux", []), ("darwin", [])])
def test_windows_alone_is_asked(platform: str, asked: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    Library.asked = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "WinDLL", Library, raising=False)
    wake_each_millisecond()

    assert Library.asked == asked


def test_a_windows_without_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: object(), raising=False)
    wake_each_millisecond()
