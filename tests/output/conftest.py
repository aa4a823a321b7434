from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from avatard.sealed import Sealed, SealedPool, VideoFormat

FORMAT = VideoFormat(64, 48, 30.0)

#: (number, sealed_ns) → a picture whose luma is `number`'s own.
MakeSealed = Callable[[int, int], Sealed]


@pytest.fixture
def video_format() -> VideoFormat:
    return FORMAT


@pytest.fixture
def make_sealed() -> MakeSealed:
    pool = SealedPool(FORMAT, buffers=1)

    def make(number: int, sealed_ns: int = 0) -> Sealed:
        if not pool._free:
            pool.give_back(pool._all[0])
        buffer = pool.take()
        buffer[: FORMAT.height] = 16 + (np.arange(FORMAT.width) * 3 + number * 5) % 220
        buffer[FORMAT.height :] = 128
        return pool._mint(buffer, number, 0, sealed_ns)

    return make
