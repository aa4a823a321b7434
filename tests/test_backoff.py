from __future__ import annotations

import pytest

from avatard.backoff import Backoff


def test_doubles_to_ten_seconds_and_starts_anew() -> None:
    waited: list[float] = []
    backoff = Backoff(waited.append)
    for _ in range(7):
        backoff.wait()
    assert waited == pytest.approx([0.5, 1, 2, 4, 8, 10, 10])
    backoff.reset()
    backoff.wait()
    assert waited[-1] == 0.5
