"""The part of PulseAudio's C library that a stream of sound needs. PipeWire's sound server speaks its protocol too.

`pulsectl` is for control: it lists devices and loads modules, but plays nothing. PortAudio would play, through ALSA's
plugin, but can name no device of the server's, nor forbid it to move our sound to another one.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from enum import IntEnum, IntFlag
from functools import cache
from typing import Any

from avatard.errors import AudioError

NAME = "libpulse.so.0"
INSTALL = "sudo apt install libpulse0"


class SampleSpec(ctypes.Structure):
    """`pa_sample_spec`."""

    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class BufferAttr(ctypes.Structure):
    """`pa_buffer_attr`: bytes; `DEFAULT` leaves one to the server."""

    _fields_ = (
        ("maxlength", c_uint32),
        ("tlength", c_uint32),
        ("prebuf", c_uint32),
        ("minreq", c_uint32),
        ("fragsize", c_uint32),
    )


DEFAULT = 0xFFFFFFFF
S16LE = 3  #: `PA_SAMPLE_S16LE`
SEEK_RELATIVE = 0  #: `PA_SEEK_RELATIVE`
NO_AUTOSPAWN = 1  #: `PA_CONTEXT_NOAUTOSPAWN`
APPLICATION_NAME = b"avatard"


class ContextState(IntEnum):
    """`pa_context_state_t`, as far as it is asked for."""

    READY = 4
    FAILED = 5
    TERMINATED = 6


class StreamState(IntEnum):
    """`pa_stream_state_t`, as far as it is asked for."""

    READY = 2
    FAILED = 3
    TERMINATED = 4


class StreamFlag(IntFlag):
    """`pa_stream_flags_t`, as far as it is used."""

    INTERPOLATE_TIMING = 0x2
    AUTO_TIMING_UPDATE = 0x8
    DONT_MOVE = 0x200
    ADJUST_LATENCY = 0x2000
    EARLY_REQUESTS = 0x4000


_SIGNATURES = (
    ("pa_strerror", c_char_p, (c_int,)),
    ("pa_mainloop_new", c_void_p, ()),
    ("pa_mainloop_free", None, (c_void_p,)),
    ("pa_mainloop_get_api", c_void_p, (c_void_p,)),
    ("pa_mainloop_prepare", c_int, (c_void_p, c_int)),
    ("pa_mainloop_poll", c_int, (c_void_p,)),
    ("pa_mainloop_dispatch", c_int, (c_void_p,)),
    ("pa_mainloop_wakeup", None, (c_void_p,)),
    ("pa_context_new", c_void_p, (c_void_p, c_char_p)),
    ("pa_context_connect", c_int, (c_void_p, c_char_p, c_int, c_void_p)),
    ("pa_context_get_state", c_int, (c_void_p,)),
    ("pa_context_errno", c_int, (c_void_p,)),
    ("pa_context_disconnect", None, (c_void_p,)),
    ("pa_context_unref", None, (c_void_p,)),
    ("pa_stream_new", c_void_p, (c_void_p, c_char_p, POINTER(SampleSpec), c_void_p)),
    (
        "pa_stream_connect_playback",
        c_int,
        (c_void_p, c_char_p, POINTER(BufferAttr), c_int, c_void_p, c_void_p),
    ),
    ("pa_stream_connect_record", c_int, (c_void_p, c_char_p, POINTER(BufferAttr), c_int)),
    ("pa_stream_get_state", c_int, (c_void_p,)),
    ("pa_stream_disconnect", c_int, (c_void_p,)),
    ("pa_stream_unref", None, (c_void_p,)),
    ("pa_stream_write", c_int, (c_void_p, c_void_p, c_size_t, c_void_p, c_int64, c_int)),
    ("pa_stream_writable_size", c_size_t, (c_void_p,)),
    ("pa_stream_readable_size", c_size_t, (c_void_p,)),
    ("pa_stream_peek", c_int, (c_void_p, POINTER(c_void_p), POINTER(c_size_t))),
    ("pa_stream_drop", c_int, (c_void_p,)),
    ("pa_stream_update_timing_info", c_void_p, (c_void_p, c_void_p, c_void_p)),
    ("pa_operation_unref", None, (c_void_p,)),
    ("pa_stream_get_latency", c_int, (c_void_p, POINTER(c_uint64), POINTER(c_int))),
    ("pa_stream_get_underflow_index", c_int64, (c_void_p,)),
)


@cache
def library() -> Any:
    """The library. Raises AudioError where it is not installed."""
    try:
        loaded = ctypes.CDLL(NAME)
    except OSError as e:
        raise AudioError("PulseAudio's library is not installed", INSTALL) from e
    for name, result, arguments in _SIGNATURES:
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded
