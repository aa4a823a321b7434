from __future__ import annotations

import itertools
import time

import numpy as np

from avatard.audio.silent import AHEAD_NS, Silent
from avatard.timing import NS_PER_S
from avatard.utterance import RATE, Pcm


def take_some(silent: Silent, blocks: int) -> list[tuple[int, int]]:
    """By block: samples, and when they "are heard"."""
    taken: list[tuple[int, int]] = []

    def take(count: int, heard_ns: int) -> Pcm:
        taken.append((count, heard_ns))
        return np.zeros(count, np.int16)

    with silent:
        silent.play(take, lambda: len(taken) < blocks)
    return taken


def test_it_takes_at_the_pace_of_a_device() -> None:
    started_ns = time.monotonic_ns()
    taken = take_some(Silent(), 4)
    count = sum(count for count, _ in taken[:-1])
    assert time.monotonic_ns() - started_ns >= count * NS_PER_S // RATE * 0.99
    assert taken[0][1] >= started_ns + AHEAD_NS
    assert {late - early for (_, early), (_, late) in itertools.pairwise(taken)} == {100_000_000}


def test_it_goes_on_where_a_lost_device_was() -> None:
    due_ns = time.monotonic_ns() + AHEAD_NS + 50_000_000
    assert take_some(Silent(due_ns=due_ns), 1)[0][1] == due_ns
