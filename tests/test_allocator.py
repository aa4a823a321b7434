from __future__ import annotations

import ctypes
import sys

import pytest

from avatard import allocator


def test_glibc_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []

    class Library:
        def __init__(self, name: None) -> None: ...

        def mallopt(self, *arguments: int) -> None:
            asked.append(("mallopt", arguments))

        def malloc_trim(self, *arguments: int) -> None:
            asked.append(("malloc_trim", arguments))

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", Library)
    allocator.keep_few_arenas()
    allocator.trim()

    assert asked == [("mallopt", (allocator.M_ARENA_MAX, 2)), ("malloc_trim", (0,))]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_others_have_no_such_functions(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: None) -> None:
        raise TypeError("argument of type 'NoneType' is not iterable")  # what Windows' ctypes says

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", fail)
    allocator.keep_few_arenas()
    allocator.trim()


def test_musl_has_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    allocator.trim()
