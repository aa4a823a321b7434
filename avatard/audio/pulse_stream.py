"""Streams to and from the sound server of Linux, PulseAudio or PipeWire: to the very device that is named, or to none.

A stream is never moved: where headphones are unplugged, the server would play on by the loudspeakers, or into the call
by our own virtual microphone. It fails instead, and is opened anew.
"""

from __future__ import annotations

import abc
import ctypes
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from avatard.audio.fade import FADE, faded_out
from avatard.audio.pulse_library import (
    APPLICATION_NAME,
    DEFAULT,
    NO_AUTOSPAWN,
    S16LE,
    SEEK_RELATIVE,
    BufferAttr,
    ContextState,
    SampleSpec,
    StreamFlag,
    StreamState,
    library,
)
from avatard.errors import AudioError
from avatard.utterance import RATE

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.audio.device import Give, On, Take
    from avatard.utterance import Pcm

#: Two bytes a sample.
WIDTH: Final = 2
#: Samples taken or given at once: 10 ms, and twice as many where there is time. Each costs 0.2 ms of a core.
BLOCK: Final = RATE // 100
_DEEP_S: Final = 0.06
_FLAGS: Final = StreamFlag.INTERPOLATE_TIMING | StreamFlag.AUTO_TIMING_UPDATE | StreamFlag.DONT_MOVE
#: The sink mixes a block ahead, and no more: what waits in our own stream can still be taken back.
_PLAYBACK_FLAGS: Final = _FLAGS | StreamFlag.EARLY_REQUESTS
_RECORD_FLAGS: Final = _FLAGS | StreamFlag.ADJUST_LATENCY
_OPEN_S: Final = 3.0
_TURN_US: Final = 100_000  #: how often `on` is asked when the server has nothing to say
#: By itself the library asks for the device's times only each 1.5 s: too seldom for a sink that changes its latency.
_ASK_S: Final = 0.2
GONE: Final = "avatard doctor says whether a sound server runs."


class _Stream(abc.ABC):
    """A connection of its own and one stream in it, in a loop that only its own thread turns: no callbacks."""

    def __init__(self, device: str, name: str) -> None:
        self._device, self._name = device, name
        self._library = library()
        self._loop: Any = None
        self._context: Any = None
        self._stream: Any = None
        self._xruns = 0
        self._asked = 0.0

    @property
    def name(self) -> str:
        return self._name

    @property
    def xruns(self) -> int:
        return self._xruns

    def __enter__(self) -> Self:
        try:
            self._connect()
            spec = SampleSpec(S16LE, RATE, 1)
            self._stream = self._library.pa_stream_new(self._context, self._name.encode(), ctypes.byref(spec), None)
            if not self._stream or self._start() < 0:
                raise self._error(f"cannot open {self._name}")
            self._turn_until(lambda: self._stream_state() == StreamState.READY)
            self._ready()
            self._turn_until(lambda: self._latency_ns() is not None)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        if self._stream:
            self._library.pa_stream_disconnect(self._stream)
            self._library.pa_stream_unref(self._stream)
        if self._context:
            self._library.pa_context_disconnect(self._context)
            self._library.pa_context_unref(self._context)
        loop, self._loop, self._context, self._stream = self._loop, None, None, None
        if loop:
            self._library.pa_mainloop_free(loop)

    @abc.abstractmethod
    def _start(self) -> int:
        """Connect the stream to its device."""

    def _ready(self) -> None:  # noqa: B027 (a recording needs nothing)
        """The server has taken the stream: whatever must come before its times are known."""

    def _connect(self) -> None:
        self._loop = self._library.pa_mainloop_new()
        self._context = self._library.pa_context_new(self._library.pa_mainloop_get_api(self._loop), APPLICATION_NAME)
        if self._library.pa_context_connect(self._context, None, NO_AUTOSPAWN, None) < 0:
            raise self._error("no sound server answers")
        self._turn_until(lambda: self._library.pa_context_get_state(self._context) == ContextState.READY)

    def _turn_until(self, done: Any) -> None:
        end = time.monotonic() + _OPEN_S
        while not done():
            if time.monotonic() > end:
                raise AudioError(f"the sound server does not answer for {self._name}", GONE, retryable=True)
            self._turn()

    def _turn(self) -> None:
        """Wait for news of the server, and work on them. Raises AudioError when stream or server are lost."""
        pulse = self._library
        if time.monotonic() - self._asked > _ASK_S and self._stream and self._stream_state() == StreamState.READY:
            self._asked = time.monotonic()
            if operation := pulse.pa_stream_update_timing_info(self._stream, None, None):
                pulse.pa_operation_unref(operation)
        if (
            pulse.pa_mainloop_prepare(self._loop, _TURN_US) < 0
            or pulse.pa_mainloop_poll(self._loop) < 0
            or pulse.pa_mainloop_dispatch(self._loop) < 0
        ):
            raise self._error("the sound server is lost")
        if pulse.pa_context_get_state(self._context) in (ContextState.FAILED, ContextState.TERMINATED):
            raise self._error("the sound server has gone" if self._stream else "no sound server answers")
        if self._stream and self._stream_state() in (StreamState.FAILED, StreamState.TERMINATED):
            raise self._error(f"{self._name} has gone")

    def _stream_state(self) -> int:
        return int(self._library.pa_stream_get_state(self._stream))

    def _latency_ns(self) -> int | None:
        """How long after now the next sample written is heard; how long ago the next one read was spoken; or None
        while the server has not said."""
        latency, negative = ctypes.c_uint64(), ctypes.c_int()
        if self._library.pa_stream_get_latency(self._stream, ctypes.byref(latency), ctypes.byref(negative)) < 0:
            return None
        return 0 if negative.value else latency.value * 1000

    def _error(self, message: str) -> AudioError:
        reason = self._library.pa_strerror(self._library.pa_context_errno(self._context)).decode()
        return AudioError(f"{message}: {reason}", GONE, retryable=True)


class PulsePlayback(_Stream):
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
                self._stream, self._device.encode(), ctypes.byref(attr), _PLAYBACK_FLAGS, None, None
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
        loop = self._loop
        if loop:
            self._library.pa_mainloop_wakeup(loop)

    def _fade(self) -> None:
        """Write the last of what was written anew, faded out; but for the block that the server is mixing."""
        ahead = round((self._latency_ns() or 0) * 1e-9 * RATE) - self._block
        taken = np.concatenate(self._taken)[-max(ahead, 0) :] if self._taken and ahead > FADE else None
        if taken is not None:
            self._write(faded_out(taken), -len(taken))

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


class PulseRecording(_Stream):
    """Hears the source `device`."""

    def _start(self) -> int:
        attr = BufferAttr(DEFAULT, DEFAULT, DEFAULT, DEFAULT, BLOCK * WIDTH)
        return int(
            self._library.pa_stream_connect_record(
                self._stream, self._device.encode(), ctypes.byref(attr), _RECORD_FLAGS
            )
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
