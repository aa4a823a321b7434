from __future__ import annotations

import threading

import numpy as np

from avatard.audio.hops import HOP, Hops
from avatard.timing import NS_PER_S
from avatard.utterance import RATE, Pcm
from tests.audio.parec import noise, until


def test_pieces_of_any_size_become_hops_with_their_times() -> None:
    heard: list[tuple[Pcm, int]] = []
    hops = Hops(lambda pcm, spoken_ns: heard.append((pcm, spoken_ns)))
    hops.start()
    sound, at = noise(0.1), 0
    for size in (100, 700, 1, 2000, 480, 1519):
        hops.give(sound[at : at + size], 5_000_000_000 + at * NS_PER_S // RATE)
        at += size
    until(lambda: len(heard) == 10)
    hops.stop()
    np.testing.assert_array_equal(np.concatenate([pcm for pcm, _ in heard]), sound)
    assert {len(pcm) for pcm, _ in heard} == {HOP}
    assert max(abs(ns - 5_000_000_000 - hop * 10_000_000) for hop, (_, ns) in enumerate(heard)) < 1000


def test_who_is_too_slow_loses_the_oldest_and_holds_up_nobody() -> None:
    go_on, heard = threading.Event(), []

    def slow(pcm: Pcm, spoken_ns: int) -> None:
        go_on.wait()
        heard.append(spoken_ns)

    hops = Hops(slow)
    hops.start()
    for hop in range(200):
        hops.give(np.zeros(HOP, np.int16), hop)
    assert hops.dropped >= 149
    go_on.set()
    until(lambda: heard and heard[-1] == 199)
    hops.stop()
