"""Sequence number and capture time as black and white blocks, for the bench: age is then read at the far end.

Two rows of 56 square blocks below the badge (and below the opening row), white is 1: `seq` as signed 32 bits,
`captured_ns` as signed 64, CRC-16, big-endian. Where it stands and how large it is follows from the picture's size
alone, so a reader needs nothing but the picture: the Y plane, or grey values of an RGB canvas of the same size.
"""

from __future__ import annotations

import struct
from binascii import crc_hqx

import numpy as np
import numpy.typing as npt

from avatard.errors import ConfigError
from avatard.seal.layout import Layout
from avatard.seal.overlay import BLACK, NEUTRAL, WHITE
from avatard.seal.planes import Planes
from avatard.sealed import I420, VideoFormat

COLUMNS, ROWS = 56, 2
CRC_START = 0xFFFF  #: CRC-16/CCITT-FALSE: zeros do not check, so a black picture is no message
_MESSAGE = struct.Struct(">iq")


class Barcode:
    """Draws the barcode. One thread."""

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002
        self._x, self._y, self._block = place(format.width, format.height)

    def draw(self, i420: I420, seq: int, captured_ns: int) -> None:
        """Write `seq` (-2**31..2**31-1) and `captured_ns` into the buffer."""
        x, y, block = self._x, self._y, self._block
        bits = _bits(seq, captured_ns).reshape(ROWS, COLUMNS)
        blocks = np.where(bits.repeat(block, axis=0).repeat(block, axis=1), np.uint8(WHITE), np.uint8(BLACK))
        height, width = blocks.shape
        planes = Planes.of(i420)
        planes.luma[y : y + height, x : x + width] = blocks
        for chroma in (planes.blue, planes.red):
            chroma[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2] = NEUTRAL


def decode(luma: npt.NDArray[np.uint8]) -> tuple[int, int] | None:
    """`(seq, captured_ns)` of a picture, or None where there is no whole barcode.

    luma: HxW, 2-D, limited or full range; the very size that was sealed (not cropped, scaled or mirrored).
    """
    height, width = luma.shape
    x, y, block = place(width, height)
    area = luma[y : y + ROWS * block, x : x + COLUMNS * block]
    means = area.reshape(ROWS, block, COLUMNS, block).mean(axis=(1, 3))
    return parse(means.reshape(-1) > (BLACK + WHITE) / 2)


def parse(bits: npt.NDArray[np.bool_]) -> tuple[int, int] | None:
    """`(seq, captured_ns)` of the `ROWS` x `COLUMNS` blocks, row by row, white True; None where they do not check."""
    message = np.packbits(bits).tobytes()
    payload, crc = message[: _MESSAGE.size], int.from_bytes(message[_MESSAGE.size :], "big")
    if crc_hqx(payload, CRC_START) != crc:
        return None
    seq, captured_ns = _MESSAGE.unpack(payload)
    return seq, captured_ns


def place(width: int, height: int) -> tuple[int, int, int]:
    """x, y and block size in pixels, all even. Raises ConfigError where it does not fit."""
    block = max(2, 2 * (min(width, height) // 180))  # 8 px at 720 lines
    x, y = (width - COLUMNS * block) // 4 * 2, Layout.of(width, height).opening_bottom
    if x < 0 or y + ROWS * block > height:
        raise ConfigError(f"a picture of {width}x{height} has no room for the barcode", "Bench with at least 160x120.")
    return x, y, block


def _bits(seq: int, captured_ns: int) -> npt.NDArray[np.bool_]:
    payload = _MESSAGE.pack(seq, captured_ns)
    message = payload + crc_hqx(payload, CRC_START).to_bytes(2, "big")
    return np.unpackbits(np.frombuffer(message, np.uint8)).astype(np.bool_)
