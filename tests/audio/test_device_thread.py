from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from avatard.audio import device_thread
from avatard.audio.device_thread import NotWantedError, PlaybackThread
from avatard.audio.feed import QueuedFeed
from avatard.audio.silent import Silent
from avatard.errors import AudioError
from avatard.utterance import RATE
from tests.audio.parec import until

if TYPE_CHECKING:
    from avatard.audio.device import On, Take
    from avatard.utterance import Pcm


class Failing(Silent):
    """Opens, and is lost at once."""

    xruns = 2

    def play(self, take: Take, on: On) -> None:
        raise AudioError("it has gone", "Plug it in.", retryable=True)


def thread(open_device: Callable[[], Silent]) -> PlaybackThread:
    feed = QueuedFeed()
    return PlaybackThread("ears", feed, feed.take, open_device)


def test_a_device_that_fails_is_tried_again_less_and_less_often() -> None:
    tried: list[float] = []
    ears = thread(lambda: Failing("a device"))
    ears._backoff._wait_s = tried.append
    ears.start()
    until(lambda: len(tried) >= 6)
    ears.stop()
    assert tried[:6] == [0.5, 1, 2, 4, 8, 10]
    assert ears.lost >= 6
    assert ears.xruns >= 12


def test_a_loss_is_told_with_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    ears = thread(lambda: Failing("a device"))
    ears._backoff._wait_s = lambda seconds: None
    with caplog.at_level(logging.WARNING):
        ears.start()
        until(lambda: ears.lost > 3)
        ears.stop()
    assert "ears: it has gone. Plug it in." in caplog.text


def test_what_cannot_be_opened_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    def absent() -> Silent:
        raise AudioError("there is none", "Plug one in.", retryable=True)

    ears = thread(absent)
    ears._backoff._wait_s = lambda seconds: None
    ears.start()
    until(lambda: ears.lost > 5)
    ears.stop()
    assert caplog.text.count("there is none") == 1


def test_what_is_not_wanted_is_not_looked_for_until_something_changes() -> None:
    asked: list[int] = []

    def unwanted() -> Silent:
        asked.append(1)
        raise NotWantedError("audio.monitor is none")

    ears = thread(unwanted)
    ears.start()
    until(lambda: ears.missing == "audio.monitor is none")
    assert len(asked) == 1
    ears.reopen()
    until(lambda: len(asked) == 2)
    ears.stop()
    assert ears.lost == 0


def test_a_device_is_named_while_it_is_there() -> None:
    ears = thread(lambda: Silent("a device"))
    assert ears.device == ""
    ears.start()
    until(lambda: ears.device == "a device")
    assert ears.missing == ""
    ears.stop()
    assert ears.device == ""


def test_it_rests_while_nothing_is_to_be_heard_and_is_there_again_when_something_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(device_thread, "REST_S", 0.05)
    opened: list[Silent] = []
    feed = QueuedFeed()

    def open_device() -> Silent:
        opened.append(Silent("a device"))
        return opened[-1]

    ears = PlaybackThread("ears", feed, feed.take, open_device)
    ears.start()
    until(lambda: ears._resting)
    assert (ears.device, ears.missing, feed.missing) == ("a device", "", "")
    before = feed.sample_at(time.monotonic_ns())
    first = feed.write(np.ones(RATE // 10, np.int16))
    until(lambda: len(opened) == 2)
    assert first >= before, "time went on"
    until(lambda: feed.queued_s == 0)
    until(lambda: ears._resting)
    feed.wake()
    until(lambda: len(opened) == 3)
    ears.stop()


def test_what_is_said_after_a_rest_is_heard_by_whatever_device_there_is_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_thread, "REST_S", 0.05)
    names = iter(("headphones", "loudspeakers"))
    heard: list[np.int16] = []
    feed = QueuedFeed()

    def take(count: int, heard_ns: int) -> Pcm:
        pcm = feed.take(count, heard_ns)
        heard.extend(pcm[pcm != 0])
        return pcm

    ears = PlaybackThread("ears", feed, take, lambda: Silent(next(names)), private=True)
    ears.start()
    until(lambda: ears._resting == "headphones")
    feed.write(np.ones(RATE, np.int16))
    until(lambda: ears.device == "loudspeakers")
    until(lambda: len(heard) == RATE)
    ears.stop()


def test_one_that_always_has_something_to_play_never_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_thread, "REST_S", 0.0)
    feed = QueuedFeed()
    opened: list[int] = []

    def open_device() -> Silent:
        opened.append(1)
        return Silent("a device")

    ears = PlaybackThread("ears", feed, feed.take, open_device, rests=False)
    ears.start()
    until(lambda: opened)
    time.sleep(0.3)
    ears.stop()
    assert len(opened) == 1
