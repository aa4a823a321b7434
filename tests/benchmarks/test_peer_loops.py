"""The webcam that is none, and what reads it: real processes and pipes."""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.bench.ring import Ring
from avatard.seal.barcode import Barcode, decode
from benchmarks import peer_loops, stand_in_webcam
from benchmarks.stand_in_webcam import FORMAT


def picture(seq: int, captured_ns: int) -> np.ndarray:
    i420 = np.full((FORMAT.height * 3 // 2, FORMAT.width), 120, np.uint8)
    Barcode(FORMAT).draw(i420, seq, captured_ns)
    return i420


def test_the_barcode_survives_the_camera_s_jpeg() -> None:
    stream = io.BytesIO(b"".join(stand_in_webcam.jpeg(picture(seq, 10**12 + seq)) for seq in range(3)))
    read = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) for data in peer_loops.jpegs(stream)]
    assert [decode(np.asarray(luma, np.uint8)) for luma in read] == [(seq, 10**12 + seq) for seq in range(3)]


def test_a_copied_picture_is_what_the_ring_s_reader_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = b"".join(picture(seq, 5).tobytes() for seq in range(3))
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(pictures + b"a half")))
    peer_loops.copy(tmp_path / "ring.y4m")
    ring = Ring.open(tmp_path / "ring.y4m")
    assert ring is not None
    sighting = ring.look()
    assert sighting is not None
    assert (sighting.seq, sighting.captured_ns) == (2, 5)


def test_the_stand_in_device_of_pyvirtualcam_writes_what_it_is_sent(tmp_path: Path) -> None:
    camera = peer_loops.RingCamera(width=1280, height=720, fps=30.0, fourcc=0, device=str(tmp_path / "ring.y4m"))
    bgr = cv2.cvtColor(picture(9, 77), cv2.COLOR_YUV2BGR_I420)
    camera.send(np.asarray(bgr, np.uint8).reshape(-1))
    ring = Ring.open(tmp_path / "ring.y4m")
    assert ring is not None
    sighting = ring.look()
    assert sighting is not None
    assert (sighting.seq, sighting.captured_ns) == (9, 77)
