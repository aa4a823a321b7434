from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.audio.fade import FADE
from avatard.audio.feed import QueuedFeed
from avatard.audio.silent import Silent
from avatard.timing import NS_PER_S
from avatard.utterance import RATE, Pcm
from tests.audio.parec import noise

AHEAD_NS = 80_000_000


class Device(Silent):
    """Takes sound on a simulated clock, in blocks of 10 ms. It started now."""

    def __init__(self, feed: QueuedFeed, *, rewinds: bool = False) -> None:
        super().__init__("simulated")
        self._feed = feed
        self._start_ns = time.monotonic_ns()
        self.rewinds = rewinds
        self.taken = 0
        self.hushed = 0
        feed.begin(self)

    def hush(self) -> None:
        self.hushed += 1

    def run(self, seconds: float) -> Pcm:
        pieces = [np.zeros(0, np.int16)]
        for _ in range(round(seconds * 100)):
            pieces.append(self._feed.take(480, self.heard_ns(self.taken)))
            self.taken += 480
        return np.concatenate(pieces)

    def heard_ns(self, sample: int) -> int:
        return self._start_ns + AHEAD_NS + sample * NS_PER_S // RATE

    def skip(self, seconds: float) -> None:
        """Time passes that it takes nothing in."""
        self._start_ns += round(seconds * NS_PER_S)


def test_sound_comes_in_order_and_as_it_was() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    first, second = noise(0.1234), noise(0.05, seed=2)
    assert not device.run(0.2).any()

    assert feed.write(first) == 9600, "the next sample that the device takes"
    assert feed.write(second) == 9600 + len(first)
    heard = device.run(0.3)
    np.testing.assert_array_equal(heard[: len(first) + len(second)], np.concatenate((first, second)))
    assert not heard[len(first) + len(second) :].any()


@given(st.lists(st.integers(0, 2000), max_size=12), st.integers(1, 40))
def test_no_sample_is_lost_however_it_is_cut_into_pieces(sizes: list[int], blocks: int) -> None:
    feed = QueuedFeed()
    device = Device(feed)
    pieces = [noise(size / RATE, seed) for seed, size in enumerate(sizes)]
    starts = [feed.write(piece) for piece in pieces]
    heard = np.concatenate((device.run(blocks / 100), device.run(0.6)))

    said = np.concatenate([np.zeros(0, np.int16), *pieces])
    np.testing.assert_array_equal(heard[: len(said)], said)
    assert starts == [sum(sizes[:before]) for before in range(len(sizes))]


def test_what_was_written_may_be_changed_afterwards() -> None:
    feed = QueuedFeed()
    said = noise(0.01)
    feed.write(said)
    kept = said.copy()
    said[:] = 0
    np.testing.assert_array_equal(Device(feed).run(0.01), kept)


def test_a_sample_is_heard_when_the_device_says() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    device.run(1)
    assert feed.sample_at(device.heard_ns(40_000)) == pytest.approx(40_000, abs=1)


def test_the_clock_never_goes_back() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    device.run(0.5)
    now_ns = time.monotonic_ns() + NS_PER_S
    before = feed.sample_at(now_ns)
    device.skip(0.2)  # an underrun: all that comes is heard later
    feed._floor = (now_ns, before)  # as a block taken at that very instant leaves it
    feed._clock.tick(device.taken, 480, device.heard_ns(device.taken))
    assert feed.sample_at(now_ns + 1_000_000) >= before


def test_cut_fades_and_forgets() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    feed.write(np.full(48_000, 10_000, np.int16))
    device.run(0.1)
    feed.cut()
    heard = device.run(0.1)
    assert device.hushed == 1
    assert heard[0] > 9_000
    assert np.all(np.diff(heard.astype(int)) <= 0)
    assert np.abs(np.diff(heard.astype(int))).max() < 100, "no click"
    assert not heard[FADE:].any()
    assert feed.write(noise(0.01)) == device.taken


def test_a_device_that_fades_itself_is_given_no_more() -> None:
    feed = QueuedFeed()
    device = Device(feed, rewinds=True)
    feed.write(np.full(48_000, 10_000, np.int16))
    device.run(0.1)
    feed.cut()
    assert not device.run(0.1).any()


def test_what_is_written_while_a_cut_goes_on_is_queued() -> None:
    said = noise(1, seed=2)

    class Meanwhile(Device):
        def hush(self) -> None:
            feed.write(said)

    feed = QueuedFeed()
    device = Meanwhile(feed, rewinds=True)
    feed.write(noise(2))
    device.run(0.5)
    feed.cut()
    assert feed.queued_s > 1
    np.testing.assert_array_equal(device.run(1), said)


def test_queued_is_what_is_not_yet_heard() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    assert feed.queued_s == 0
    feed.write(noise(2))
    device.run(0.5)
    assert feed.queued_s == pytest.approx(2, abs=0.1), "the device has taken, and not yet played"
    feed.cut()
    assert feed.queued_s < 0.7


def test_time_goes_on_while_a_device_is_changed() -> None:
    feed = QueuedFeed()
    device = Device(feed)
    said = noise(2)
    feed.write(said)
    device.run(0.5)
    device.skip(0.7)  # nobody took anything
    feed.begin(device)
    heard = device.run(0.1)
    at = 24_000 + round(0.7 * RATE)
    np.testing.assert_allclose(heard[:100], said[at : at + 100], atol=0)
