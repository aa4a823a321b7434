"""The few messages of PipeWire that a video stream needs, in its binary form ("POD").

A POD is a size and a type (two 32-bit words), then the value, padded to 8 bytes; native byte order. Numbers are from
PipeWire's headers `spa/utils/type.h`, `spa/param/format.h`, `buffers.h` and `video/raw.h`, which are its wire format
and never change.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from fractions import Fraction

# Types of a POD.
_ID, _INT, _RECTANGLE, _FRACTION, _OBJECT, _CHOICE = 3, 4, 10, 11, 15, 19
_RANGE, _FLAGS = 1, 4  #: kinds of choice: default, least and most; a mask
# Types of an object.
_FORMAT, _BUFFERS, _META = 0x40003, 0x40004, 0x40005
_VIDEO, _RAW = 2, 1  #: media type and subtype
_YUY2 = 4
_LIMITED_RANGE, _BT601 = 2, 4
_MEM_PTR, _MEM_FD = 1, 2
_HEADER = 1  #: a kind of metadata


class Param(IntEnum):
    """What a parameter of a stream is about (`enum spa_param_type`)."""

    ENUM_FORMAT = 3
    FORMAT = 4
    BUFFERS = 5
    META = 6


class _Key(IntEnum):
    MEDIA_TYPE = 1
    MEDIA_SUBTYPE = 2
    FORMAT = 0x20001
    SIZE = 0x20003
    FRAMERATE = 0x20004
    COLOR_RANGE = 0x2000C
    COLOR_MATRIX = 0x2000D


#: Flags, offset, time stamp in ns, decoding offset, sequence number: `struct spa_meta_header`.
HEADER = struct.Struct("=IIqqQ")


def yuy2(width: int, height: int, fps: float) -> bytes:
    """A format on offer: YUY2, BT.601 in limited range, at this size and rate and nothing else."""
    rate = Fraction(fps).limit_denominator(1001)
    return _object(
        _FORMAT,
        Param.ENUM_FORMAT,
        [
            *_RAW_YUY2,
            (_Key.SIZE, _pair(_RECTANGLE, width, height)),
            (_Key.FRAMERATE, _pair(_FRACTION, rate.numerator, rate.denominator)),
            (_Key.COLOR_RANGE, _word(_ID, _LIMITED_RANGE)),
            (_Key.COLOR_MATRIX, _word(_ID, _BT601)),
        ],
    )


def any_yuy2() -> bytes:
    """A format that is asked for: YUY2 of whatever size and rate there is."""
    return _object(
        _FORMAT,
        Param.ENUM_FORMAT,
        _RAW_YUY2,
    )


def buffers(count: int, stride: int, size: int) -> bytes:
    """`count` buffers or what the reader needs, of one block each in shared memory; stride and size in bytes."""
    return _object(
        _BUFFERS,
        Param.BUFFERS,
        [
            (1, _choice(_RANGE, count, 2, 64)),
            (2, _word(_INT, 1)),
            (3, _word(_INT, size)),
            (4, _word(_INT, stride)),
            (6, _choice(_FLAGS, 1 << _MEM_PTR | 1 << _MEM_FD)),
        ],
    )


def header_meta() -> bytes:
    """Room for a `HEADER` in every buffer."""
    return _object(_META, Param.META, [(1, _word(_ID, _HEADER)), (2, _word(_INT, HEADER.size))])


def _object(kind: int, param: Param, properties: Sequence[tuple[int, bytes]]) -> bytes:
    body = struct.pack("=II", kind, param)
    for key, value in properties:
        body += struct.pack("=II", key, 0) + value
    return _pod(_OBJECT, body)


def _word(kind: int, value: int) -> bytes:
    return _pod(kind, struct.pack("=I", value))


def _choice(kind: int, *values: int) -> bytes:
    return _pod(_CHOICE, struct.pack(f"=IIII{len(values)}I", kind, 0, 4, _INT, *values))


def _pair(kind: int, first: int, second: int) -> bytes:
    return _pod(kind, struct.pack("=II", first, second))


def _pod(kind: int, body: bytes) -> bytes:
    return struct.pack("=II", len(body), kind) + body + bytes(-len(body) % 8)


_RAW_YUY2 = [
    (_Key.MEDIA_TYPE, _word(_ID, _VIDEO)),
    (_Key.MEDIA_SUBTYPE, _word(_ID, _RAW)),
    (_Key.FORMAT, _word(_ID, _YUY2)),
]
