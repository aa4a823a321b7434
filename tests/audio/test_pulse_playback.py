"""What is written to the sound server, by a library that stands in for PulseAudio's: it keeps a stream's buffer."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from avatard.audio import pulse_stream
from avatard.audio.fade import FADE
from avatard.audio.pulse_playback import PulsePlayback
from avatard.audio.pulse_stream import WIDTH
from avatard.utterance import RATE

AHEAD = RATE // 10


class Server:
    """Plays when it is told to. buffer: all that it has been given, in its place; played: how much of it is over."""

    def __init__(self) -> None:
        self.buffer = np.zeros(0, np.int16)
        self.played = 0
        self._end = 0

    def play(self, samples: int) -> None:
        self.played += samples

    def pa_stream_write(self, stream: Any, data: int, size: int, free: Any, offset: int, seek: int) -> int:
        start = self._end + offset // WIDTH
        assert start >= self.played, "too late"
        self._end = start + size // WIDTH
        if self._end > len(self.buffer):
            self.buffer = np.append(self.buffer, np.zeros(self._end - len(self.buffer), np.int16))
        self.buffer[start : self._end] = np.frombuffer(ctypes.string_at(data, size), np.int16)
        return 0

    def pa_stream_writable_size(self, stream: Any) -> int:
        return (AHEAD - (self._end - self.played)) * WIDTH

    def pa_stream_get_latency(self, stream: Any, latency: Any, negative: Any) -> int:
        latency._obj.value = (self._end - self.played) * 1_000_000 // RATE
        return 0

    def pa_stream_get_underflow_index(self, stream: Any) -> int:
        return -1

    def pa_mainloop_prepare(self, *stream: Any) -> int:
        return 0

    pa_mainloop_poll = pa_mainloop_dispatch = pa_context_get_state = pa_mainloop_prepare


def test_a_second_cut_brings_nothing_back_of_what_the_first_one_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(pulse_stream, "library", lambda: server)
    playback = PulsePlayback("sink", "speaker", AHEAD / RATE)
    said = 10_000

    def go_on() -> None:
        """One turn of its thread."""
        turns = iter((True, False))
        playback.play(lambda count, heard_ns: np.full(count, said, np.int16), lambda: next(turns))

    go_on()
    assert (server.buffer == 10_000).all()
    for _ in range(2):
        said = 0
        playback.hush()
        server.play(RATE // 50)
        go_on()
    fade = np.flatnonzero(server.buffer < 10_000)[0]
    assert len(server.buffer) == 2 * RATE // 50 + AHEAD
    assert not server.buffer[fade + FADE :].any()
    assert (np.diff(server.buffer[fade:].astype(int)) <= 0).all()
