"""What the mark says: which installation today, and which hour; 64 bits with their checksum, in a code of 192.

The code is the convolutional one of constraint length 7 and rate 1/3 (generators 133, 171, 165 octal), tail-biting:
the encoder starts in the state it ends in, so no bits are spent on flushing it.
"""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

GENERATORS = (0o133, 0o171, 0o165)
MEMORY = 6
BITS = 64  #: 32 instance, 16 hour, 16 checksum
CODED = BITS * len(GENERATORS)
#: Hours are counted from here, modulo 2**16 (seven and a half years).
EPOCH = datetime(2026, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Payload:
    """instance: 32 bits, changes daily. hour: since `EPOCH`, 16 bits."""

    instance: int
    hour: int

    @property
    def started(self) -> datetime:
        """The hour's first instant, UTC."""
        return EPOCH + timedelta(hours=self.hour)

    def encode(self) -> npt.NDArray[np.uint8]:
        """The code word: 192 bits."""
        data = self.instance.to_bytes(4, "big") + self.hour.to_bytes(2, "big")
        message = data + crc_hqx(data, 0xFFFF).to_bytes(2, "big")
        return _convolve(np.unpackbits(np.frombuffer(message, np.uint8)))


def decode(soft: npt.NDArray[np.float32]) -> Payload | None:
    """The likeliest payload, or None where its checksum is wrong. soft: 192 values, positive for a 0 bit."""
    message = np.packbits(_viterbi(soft.reshape(BITS, len(GENERATORS)))).tobytes()
    if crc_hqx(message[:6], 0xFFFF) != int.from_bytes(message[6:], "big"):
        return None
    return Payload(int.from_bytes(message[:4], "big"), int.from_bytes(message[4:6], "big"))


def _convolve(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    taps = np.array([[generator >> (MEMORY - i) & 1 for i in range(MEMORY + 1)] for generator in GENERATORS])
    # windows[n] holds the 7 bits n-6..n, the oldest first, around the corner: the register's top bit is the oldest.
    windows = np.stack([np.roll(bits, MEMORY - i) for i in range(MEMORY + 1)], axis=1)
    return np.asarray(windows @ taps.T & 1, np.uint8).reshape(-1)


def _viterbi(soft: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Maximum likelihood bits. Going round three times and keeping the middle settles the unknown starting state."""
    states = np.arange(1 << MEMORY)
    # A state is the last 6 bits, newest lowest; its two predecessors differ in the bit that falls out.
    before = np.stack([states >> 1, states >> 1 | 1 << (MEMORY - 1)])
    register = before << 1 | (states & 1)
    parity = np.array([[(r & generator).bit_count() & 1 for generator in GENERATORS] for r in range(2 << MEMORY)])
    signs = np.float32(1) - 2 * parity.astype(np.float32)

    rounds = np.tile(soft, (3, 1)) @ signs.T
    metric = np.zeros(len(states), np.float32)
    second = np.empty((len(rounds), len(states)), np.bool_)
    for step, branch in enumerate(rounds):
        paths = metric[before] + branch[register]
        second[step] = paths[1] > paths[0]
        metric = paths.max(axis=0)
    state = int(metric.argmax())
    bits = np.empty(len(rounds), np.uint8)
    for step in range(len(rounds) - 1, -1, -1):
        bits[step] = state & 1
        state = int(before[int(second[step, state]), state])
    return bits[BITS : 2 * BITS]
