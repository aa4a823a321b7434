from __future__ import annotations

from pathlib import Path

import numpy as np

from avatard.bench.ring import Ring
from avatard.seal.barcode import Barcode, place
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(640, 360, 30.0)
HEADER = b"YUV4MPEG2 W640 H360 F30:1 Ip A1:1 C420jpeg\n"


def picture(seq: int, captured_ns: int) -> bytes:
    i420 = np.full((FORMAT.height * 3 // 2, FORMAT.width), 90, np.uint8)
    Barcode(FORMAT).draw(i420, seq, captured_ns)
    return b"FRAME\n" + i420.tobytes()


def put(path: Path, index: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(len(HEADER) + index * len(data))
        file.write(data)


def ring_of(path: Path, *pictures: bytes) -> Ring:
    path.write_bytes(HEADER + b"".join(pictures))
    ring = Ring.open(path)
    assert ring is not None
    return ring


def test_it_sees_what_is_shown_and_when(tmp_path: Path) -> None:
    ring = ring_of(tmp_path / "r.y4m", picture(7, 1234), picture(7, 1234))
    sighting = ring.look()
    assert sighting is not None
    assert (sighting.seq, sighting.captured_ns) == (7, 1234)
    assert sighting.seen_ns > 0


def test_it_sees_each_change_in_either_place(tmp_path: Path) -> None:
    path = tmp_path / "r.y4m"
    ring = ring_of(path, picture(1, 10), picture(1, 10))
    while ring.look():
        pass
    put(path, 1, picture(2, 20))
    sighting = ring.look()
    assert sighting is not None
    assert sighting.seq == 2
    assert ring.look() is None


def test_a_picture_half_written_is_seen_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.y4m"
    old, new = picture(1, 10), picture(2**30, 2**50)
    ring = ring_of(path, old)
    assert ring.look() is not None
    _, y, block = place(FORMAT.width, FORMAT.height)
    between_rows = len(b"FRAME\n") + (y + block) * FORMAT.width
    torn = new[:between_rows] + old[between_rows:]
    put(path, 0, torn)
    assert ring.look() is None
    put(path, 0, new)
    sighting = ring.look()
    assert sighting is not None
    assert sighting.seq == 2**30


def test_no_file_and_an_empty_file_are_no_ring_yet(tmp_path: Path) -> None:
    assert Ring.open(tmp_path / "none") is None
    (tmp_path / "empty").touch()
    assert Ring.open(tmp_path / "empty") is None
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    assert Ring.open(tmp_path / "text") is None
    (tmp_path / "short").write_bytes(HEADER + b"FRAME\n")
    assert Ring.open(tmp_path / "short") is None
