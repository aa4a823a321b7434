"""What the reader of `benchmarks/sleep.py` takes for the first picture of an avatar that woke up."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from avatard.config import SealConfig
from avatard.output.y4m_ring import Y4mRing
from avatard.seal import Sealer, StandbyReason
from avatard.seal.identity import MarkIdentity
from avatard.sealed import VideoFormat
from benchmarks.sleep import spread, wake

FORMAT = VideoFormat(640, 480, 30.0)
PICTURE = np.full((FORMAT.height, FORMAT.width, 3), 90, np.uint8)


def test_waking_is_timed_from_the_first_picture_and_the_first_driven_one(tmp_path: Path) -> None:
    """Neither what stood in the ring before, nor the card of the sleeping avatar, is taken for either."""
    path = tmp_path / "ring.y4m"
    sealer = Sealer(SealConfig(barcode=True), FORMAT, MarkIdentity(bytes(32)))
    with Y4mRing(str(path), FORMAT) as ring:

        def show(seq: int, captured_ns: int) -> None:
            sealed = sealer.seal(PICTURE, seq, captured_ns)
            ring.write(sealed)
            sealed.release()

        def live() -> None:
            time.sleep(0.1)
            ring.write(sealer.standby(StandbyReason.ASLEEP))
            time.sleep(0.2)
            show(-1, time.monotonic_ns())
            time.sleep(0.2)
            show(7, time.monotonic_ns())

        show(6, time.monotonic_ns())
        avatar = threading.Thread(target=live)
        avatar.start()
        first_ms, driven_ms = wake(path)
        avatar.join()
    assert 300 <= first_ms < driven_ms
    assert driven_ms >= 500


def test_the_spread_is_in_percentiles() -> None:
    assert spread([1.0, 2.0, 3.0]) == pytest.approx({"p50": 2.0, "p95": 2.9, "max": 3.0})
