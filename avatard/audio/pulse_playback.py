"""Playing by the sound server of Linux."""

from __future__ import annotations

import ctypes
import time
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.fade import FADE, faded_out
from avatard.audio.pulse_library import DEFAULT, SEEK_RELATIVE, BufferAttr, StreamFlag
from avatard.audio.pulse_stream import BLOCK, FLAGS, WIDTH, PulseStream
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.audio.device import On, Take
    from avatard.utterance import Pcm

#: The sink mixes a block ahead, and no more: what waits in our own stream can still be taken back.
_FLAGS: Final = FLAGS | StreamFlag.EARLY_REQUESTS
#: From here on a block is twice as long: each costs 0.2 ms of a core.
_DEEP_S: Final = 0.06


class PulsePlayback(PulseStream):
    """Plays on the sink `device`. latency_s: how much sound the server keeps ahead of what is heard."""

    rewinds = True

    def __init__(self, device: str, name: str, latency_s: float) -> None:
        super().__init__(device, name)
        self._ahead = round(latency_s * RATE)
        self._block = 2 * BLOCK if latency_s >= _DEEP_S else BLOCK
        self._taken: deque[Pcm] = deque(maxlen=2 * self._ahead // self._block + 1)
        self._hushed = False
        self._underflow = -1

    def _start(self) -> int:
        # Too late once, it waits until the buffer is full again: nothing that was written is lost.
        attr = BufferAttr(DEFAULT, self._ahead * WIDTH, DEFAULT, self._block * WIDTH, DEFAULT)
        return int(
            self._library.pa_stream_connect_playback(
                self._stream, self._device.encode(), ctypes.byref(attr), _FLAGS, None, None
            )
        )

    def _ready(self) -> None:
        self._write(np.zeros(self._writable(), np.int16))

    def play(self, take: Take, on: On) -> None:
        while on():
            if self._hushed:
                self._hushed = False
                self._fade()
            for _ in range(self._writable() // self._block):
                pcm = take(self._block, time.monotonic_ns() + (self._latency_ns() or 0))
                self._write(pcm)
                self._taken.append(pcm)
            underflow = self._library.pa_stream_get_underflow_index(self._stream)
            if underflow != self._underflow:
                self._xruns += 1
                self._underflow = underflow
            self._turn()

    def hush(self) -> None:
        self._hushed = True
        self._wake()

    def _fade(self) -> None:
        """Write the last of what was written anew, faded out; but for the block that the server is mixing."""
        ahead = round((self._latency_ns() or 0) * 1e-9 * RATE) - self._block
        taken = np.concatenate(self._taken)[-max(ahead, 0) :] if self._taken and ahead > FADE else None
        if taken is not None:
            faded = faded_out(taken)
            self._write(faded, -len(taken))
            self._taken.clear()
            self._taken.append(faded)  # what the next fade begins with

    def _writable(self) -> int:
        size: int = self._library.pa_stream_writable_size(self._stream)
        if size == ctypes.c_size_t(-1).value:
            raise self._error(f"{self._name} has gone")
        return size // WIDTH

    def _write(self, pcm: Pcm, offset: int = 0) -> None:
        pcm = np.ascontiguousarray(pcm)
        if (
            self._library.pa_stream_write(
                self._stream, pcm.ctypes.data, pcm.nbytes, None, offset * WIDTH, SEEK_RELATIVE
            )
            < 0
        ):
            raise self._error(f"{self._name} takes no sound")
