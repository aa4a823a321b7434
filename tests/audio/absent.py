"""A machine on which a library is not installed."""

from __future__ import annotations

import builtins

import pytest


def absent(monkeypatch: pytest.MonkeyPatch, module: str, why: str) -> None:
    """Importing `module` ends as where its library is missing."""
    original = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == module:
            raise OSError(why)
        return original(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
