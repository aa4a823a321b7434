"""Recording by the sound server of Linux."""

from __future__ import annotations

import ctypes
import time
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.pulse_library import DEFAULT, BufferAttr, StreamFlag
from avatard.audio.pulse_stream import BLOCK, FLAGS, WIDTH, PulseStream

if TYPE_CHECKING:
    from avatard.audio.device import Give, On

_FLAGS: Final = FLAGS | StreamFlag.ADJUST_LATENCY


class PulseRecording(PulseStream):
    """Hears the source `device`."""

    def _start(self) -> int:
        attr = BufferAttr(DEFAULT, DEFAULT, DEFAULT, DEFAULT, BLOCK * WIDTH)
        return int(
            self._library.pa_stream_connect_record(self._stream, self._device.encode(), ctypes.byref(attr), _FLAGS)
        )

    def record(self, give: Give, on: On) -> None:
        while on():
            while self._library.pa_stream_readable_size(self._stream) not in (0, ctypes.c_size_t(-1).value):
                self._pass_on(give)
            self._turn()

    def _pass_on(self, give: Give) -> None:
        data, size = ctypes.c_void_p(), ctypes.c_size_t()
        spoken_ns = time.monotonic_ns() - (self._latency_ns() or 0)
        if self._library.pa_stream_peek(self._stream, ctypes.byref(data), ctypes.byref(size)) < 0:
            raise self._error(f"{self._name} gives no sound")
        if not size.value:
            return
        if data.value:
            give(np.frombuffer(ctypes.string_at(data.value, size.value), np.int16), spoken_ns)
        else:
            self._xruns += 1  # a hole: sound that was lost
        self._library.pa_stream_drop(self._stream)
