"""Streams by PortAudio. It calls back on a thread of its own; what opened the stream only watches over it."""

from __future__ import annotations

import abc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from avatard.audio.resample import Resampler, framed
from avatard.errors import AudioError
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.audio.device import Give, On, Take
    from avatard.utterance import Pcm

_BLOCK: Final = RATE // 100
_TURN_S: Final = 0.1
#: A driver that no more calls, without a word, has lost its device.
_DEAD_NS: Final = NS_PER_S


@dataclass(frozen=True, slots=True)
class InUse:
    """Who uses PortAudio, which is one for the whole process. lock: held while it starts anew, and while a stream is
    opened or closed. streams: those that are open; as long as there are any, it must not start anew."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    streams: set[object] = field(default_factory=set)


class _Stream(abc.ABC):
    """number: gives the device's, or raises AudioError; called under the lock when the stream is opened, since numbers
    change whenever PortAudio starts anew."""

    def __init__(self, library: Any, number: Callable[[], int], name: str, latency_s: float, in_use: InUse) -> None:
        self._library, self._number_now, self._latency_s = library, number, latency_s
        self._in_use = in_use
        self._number = -1
        self._stream: Any = None
        self._called_ns = 0
        self._rate = RATE
        self.name = name
        self.xruns = 0

    def __enter__(self) -> Self:
        with self._in_use.lock:
            self._number = self._number_now()
            try:
                try:
                    self._stream = self._opened(RATE)
                except self._library.PortAudioError:  # perhaps it knows but its own
                    self._rate = round(self._library.query_devices(self._number)["default_samplerate"])
                    self._stream = self._opened(self._rate)
            except (self._library.PortAudioError, ValueError) as e:
                raise AudioError(f"cannot open {self.name}: {e}", "Is it in use elsewhere?", retryable=True) from e
            self._in_use.streams.add(self)
        return self

    def __exit__(self, *exc: object) -> None:
        try:
            self._stream.abort(ignore_errors=True)  # not under the lock: a driver may take its time
            with self._in_use.lock:
                self._stream.close(ignore_errors=True)
        finally:
            self._in_use.streams.discard(self)

    @abc.abstractmethod
    def _opened(self, rate: int) -> Any:
        """A stream of `sounddevice` at `rate`."""

    def _settings(self, rate: int, most_channels: int) -> dict[str, Any]:
        told = self._library.query_devices(self._number)
        wasapi = "WASAPI" in self._library.query_hostapis(told["hostapi"])["name"]
        return {
            "device": self._number,
            "samplerate": rate,
            "channels": min(most_channels, told["max_output_channels"] or told["max_input_channels"]),
            "dtype": "int16",
            "latency": self._latency_s,
            "extra_settings": self._library.WasapiSettings(auto_convert=True) if wasapi else None,
        }

    def _attend(self, on: On) -> None:
        gone = AudioError(f"{self.name} has gone", "Plug it in again.", retryable=True)
        self._called_ns = time.monotonic_ns()
        try:
            self._stream.start()
            while on():
                time.sleep(_TURN_S)
                if not self._stream.active or time.monotonic_ns() - self._called_ns > _DEAD_NS:
                    raise gone
        except self._library.PortAudioError as e:
            raise gone from e


class PortAudioPlayback(_Stream):
    """Plays the same on all of the first two channels."""

    rewinds = False

    def __init__(self, library: Any, number: Callable[[], int], name: str, latency_s: float, in_use: InUse) -> None:
        super().__init__(library, number, name, latency_s, in_use)
        self._take: Take = lambda count, heard_ns: np.zeros(count, np.int16)
        self._resample: Resampler | None = None
        self._rest = np.zeros(0, np.int16)

    def play(self, take: Take, on: On) -> None:
        self._take = take
        self._resample = Resampler(self._rate) if self._rate != RATE else None
        self._attend(on)

    def hush(self) -> None:
        pass

    def _opened(self, rate: int) -> Any:
        return self._library.OutputStream(callback=self._fill, **self._settings(rate, 2))

    def _fill(self, out: Any, frames: int, times: Any, status: Any) -> None:
        self._called_ns = time.monotonic_ns()
        self.xruns += bool(status.output_underflow)
        heard_ns = self._called_ns + _ahead_ns(times.outputBufferDacTime - times.currentTime, self._stream.latency)
        while len(self._rest) < frames:
            later_ns = len(self._rest) * NS_PER_S // self._rate
            pcm = self._take(_BLOCK, heard_ns + later_ns)
            if self._resample is not None:
                pcm = self._resample.add(framed(pcm, RATE))
            self._rest = np.concatenate((self._rest, pcm))
        out[:] = self._rest[:frames, None]
        self._rest = self._rest[frames:]


class PortAudioRecording(_Stream):
    """Hears the first channel."""

    def __init__(self, library: Any, number: Callable[[], int], name: str, in_use: InUse) -> None:
        super().__init__(library, number, name, 0.01, in_use)
        self._give: Give = lambda pcm, spoken_ns: None
        self._resample: Resampler | None = None

    def record(self, give: Give, on: On) -> None:
        self._give = give
        self._resample = Resampler() if self._rate != RATE else None
        self._attend(on)

    def _opened(self, rate: int) -> Any:
        return self._library.InputStream(callback=self._take_up, **self._settings(rate, 1))

    def _take_up(self, heard: Any, frames: int, times: Any, status: Any) -> None:
        self._called_ns = time.monotonic_ns()
        self.xruns += bool(status.input_overflow)
        age_ns = _ahead_ns(times.currentTime - times.inputBufferAdcTime, self._stream.latency)
        pcm: Pcm = heard[:, 0].copy()
        if self._resample is not None:
            pcm = self._resample.add(framed(pcm, self._rate))
        self._give(pcm, self._called_ns - age_ns)


def _ahead_ns(told_s: float, latency_s: float) -> int:
    """What the driver says of this block's time; some say nothing, and then the stream's latency must do."""
    return round((told_s if 0 < told_s < 1 else latency_s) * NS_PER_S)
