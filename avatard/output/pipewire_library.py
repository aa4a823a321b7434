"""The part of PipeWire's C library that a video stream needs: what PyGObject and GStreamer would bring is not.

`libpipewire-0.3.so.0` is wherever PipeWire is, and these functions and structures have kept their ABI since 0.3.34.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_uint32, c_void_p
from functools import cache
from typing import Any, NamedTuple

from avatard.errors import SinkError

NAME = "libpipewire-0.3.so.0"
INSTALL = "sudo apt install pipewire wireplumber"


class Meta(ctypes.Structure):
    """`struct spa_meta`."""

    _fields_ = (("type", c_uint32), ("size", c_uint32), ("data", c_void_p))


class Chunk(ctypes.Structure):
    """`struct spa_chunk`: which part of a block is filled; bytes."""

    _fields_ = (("offset", c_uint32), ("size", c_uint32), ("stride", c_int32), ("flags", c_int32))


class Data(ctypes.Structure):
    """`struct spa_data`: one block of memory."""

    _fields_ = (
        ("type", c_uint32),
        ("flags", c_uint32),
        ("fd", c_int64),
        ("map_offset", c_uint32),
        ("max_size", c_uint32),
        ("data", c_void_p),
        ("chunk", POINTER(Chunk)),
    )


class SpaBuffer(ctypes.Structure):
    """`struct spa_buffer`."""

    _fields_ = (("n_metas", c_uint32), ("n_datas", c_uint32), ("metas", POINTER(Meta)), ("datas", POINTER(Data)))


class PwBuffer(ctypes.Structure):
    """`struct pw_buffer`, as far as it is needed; what follows has grown from version to version."""

    _fields_ = (("buffer", POINTER(SpaBuffer)),)


StateChanged = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_int, c_char_p)
BufferChanged = ctypes.CFUNCTYPE(None, c_void_p, POINTER(PwBuffer))
Process = ctypes.CFUNCTYPE(None, c_void_p)


class Busy(ctypes.Structure):
    """`struct spa_meta_busy`: how many readers have the buffer in hand."""

    _fields_ = (("flags", c_uint32), ("count", c_uint32))


class Events(ctypes.Structure):
    """`struct pw_stream_events`, version 0; what is null is not called."""

    _fields_ = (
        ("version", c_uint32),
        ("destroy", c_void_p),
        ("state_changed", StateChanged),
        ("control_info", c_void_p),
        ("io_changed", c_void_p),
        ("param_changed", c_void_p),
        ("add_buffer", BufferChanged),
        ("remove_buffer", BufferChanged),
        ("process", Process),
        ("drained", c_void_p),
    )


class Library(NamedTuple):
    """Its functions. patient: those that may wait let other Python threads run.

    quick: those of the frame path keep the interpreter instead: giving it away six times a picture costs up to half
    a millisecond each beside a busy thread. None of them waits for anything.
    """

    patient: Any
    quick: Any


_PATIENT = (
    ("pw_init", None, (c_void_p, c_void_p)),
    ("pw_properties_new_string", c_void_p, (c_char_p,)),
    ("pw_thread_loop_new", c_void_p, (c_char_p, c_void_p)),
    ("pw_thread_loop_get_loop", c_void_p, (c_void_p,)),
    ("pw_thread_loop_start", c_int, (c_void_p,)),
    ("pw_thread_loop_stop", None, (c_void_p,)),
    ("pw_thread_loop_destroy", None, (c_void_p,)),
    ("pw_thread_loop_lock", None, (c_void_p,)),
    ("pw_stream_new_simple", c_void_p, (c_void_p, c_char_p, c_void_p, POINTER(Events), c_void_p)),
    ("pw_stream_connect", c_int, (c_void_p, c_int, c_uint32, c_int, POINTER(c_char_p), c_uint32)),
    ("pw_stream_destroy", None, (c_void_p,)),
)
_QUICK = (
    ("pw_thread_loop_unlock", None, (c_void_p,)),
    ("pw_stream_get_node_id", c_uint32, (c_void_p,)),
    ("pw_stream_dequeue_buffer", POINTER(PwBuffer), (c_void_p,)),
    ("pw_stream_queue_buffer", c_int, (c_void_p, POINTER(PwBuffer))),
    ("pw_stream_trigger_process", c_int, (c_void_p,)),
)


@cache
def library() -> Library:
    """The library, initialised once in a process. Raises SinkError where it is not installed, or from before 2021."""
    try:
        loaded = Library(ctypes.CDLL(NAME), ctypes.PyDLL(NAME))
        for half, signatures in zip(loaded, (_PATIENT, _QUICK), strict=True):
            for name, result, arguments in signatures:
                function = getattr(half, name)
                function.restype, function.argtypes = result, arguments
    except OSError as e:
        raise SinkError("PipeWire is not installed", INSTALL) from e
    except AttributeError as e:
        raise SinkError(f"PipeWire is too old: {e}", INSTALL) from e
    loaded.patient.pw_init(None, None)
    return loaded
