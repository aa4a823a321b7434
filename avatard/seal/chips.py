"""The mark's pattern: a tile of 32x32 chips, each up or down; half find the mark, half carry the payload.

The key is public: anyone may look for the mark, offline, without asking. So it is a notice, not proof of origin;
what is proved is in the audit log.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from avatard.seal.payload import CODED, Payload

KEY = b"avatard mark 1"
SIDE = 32  #: chips across a tile


class Chips:
    """The arrangement that a key gives. Immutable."""

    def __init__(self, key: bytes = KEY) -> None:
        seed = int.from_bytes(hashlib.sha256(key + b"layout").digest()[:8], "big")
        random = np.random.Generator(np.random.Philox(seed))
        order = random.permutation(SIDE * SIDE)
        half = len(order) // 2
        self._sync, self._data = order[:half], order[half:]
        self._sync_signs = _signs(random.integers(0, 2, half))
        self._data_signs = _signs(random.integers(0, 2, half))
        self._bit = np.arange(half) % CODED  # each code bit on two or three chips

    def tile(self, payload: Payload | None) -> npt.NDArray[np.float32]:
        """32x32, -1 or 1; with no payload 0 where it would stand: what finding the mark looks for."""
        chips = np.zeros(SIDE * SIDE, np.float32)
        chips[self._sync] = self._sync_signs
        if payload is not None:
            chips[self._data] = self._data_signs * _signs(payload.encode())[self._bit]
        return chips.reshape(SIDE, SIDE)

    def soft_bits(self, chips: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """192 sums, positive for a 0 bit, of 32x32 measured chips."""
        votes = chips.reshape(-1)[self._data] * self._data_signs
        return np.bincount(self._bit, weights=votes, minlength=CODED).astype(np.float32)


def _signs(bits: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
    return 1 - 2 * bits.astype(np.float32)
