"""Streams to and from the sound server of Linux, PulseAudio or PipeWire: to the very device that is named, or to none.

A stream is never moved: where headphones are unplugged, the server would play on by the loudspeakers, or into the call
by our own virtual microphone. It fails instead, and is opened anew.
"""

from __future__ import annotations

import abc
import ctypes
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from avatard.audio.pulse_library import (
    APPLICATION_NAME,
    NO_AUTOSPAWN,
    S16LE,
    ContextState,
    SampleSpec,
    StreamFlag,
    StreamState,
    library,
)
from avatard.errors import AudioError
from avatard.utterance import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

#: Two bytes a sample.
WIDTH: Final = 2
BLOCK: Final = RATE // 100  #: samples, 10 ms
FLAGS: Final = StreamFlag.INTERPOLATE_TIMING | StreamFlag.AUTO_TIMING_UPDATE | StreamFlag.DONT_MOVE
_OPEN_S: Final = 3.0
_TURN_US: Final = 100_000  #: how often `on` is asked when the server has nothing to say
#: By itself the library asks for the device's times only each 1.5 s: too seldom for a sink that changes its latency.
_ASK_S: Final = 0.2
GONE: Final = "avatard doctor says whether a sound server runs."


class PulseStream(abc.ABC):
    """A connection of its own and one stream in it, in a loop that only its own thread turns: no callbacks."""

    def __init__(self, device: str, name: str) -> None:
        self._device, self._name = device, name
        self._library = library()
        self._lock = threading.Lock()  # over the loop's end, which another thread may be about to wake
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
        with self._lock:
            loop, self._loop, self._context, self._stream = self._loop, None, None, None
        if loop:
            self._library.pa_mainloop_free(loop)

    def _wake(self) -> None:
        """End the wait for news. Any thread."""
        with self._lock:
            if self._loop:
                self._library.pa_mainloop_wakeup(self._loop)

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

    def _turn_until(self, done: Callable[[], bool]) -> None:
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
