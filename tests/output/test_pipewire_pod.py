"""Against bytes put together by hand from the headers' numbers; that PipeWire reads them so is in test_pipewire.py."""

from __future__ import annotations

import struct

from avatard.output.pipewire_pod import buffers, header_meta, yuy2


def words(pod: bytes) -> list[int]:
    return list(struct.unpack(f"={len(pod) // 4}I", pod))


def test_a_format() -> None:
    seen = words(yuy2(1280, 720, 30.0))

    assert seen[:4] == [len(yuy2(1280, 720, 30.0)) - 8, 15, 0x40003, 3]
    assert seen[4:10] == [1, 0, 4, 3, 2, 0]  # media type: an id, 4 bytes, video; padded to 8
    assert seen[22:28] == [0x20003, 0, 8, 10, 1280, 720]  # size: a rectangle
    assert seen[28:34] == [0x20004, 0, 8, 11, 30, 1]  # rate: a fraction


def test_a_rate_of_television_is_its_fraction() -> None:
    assert words(yuy2(1280, 720, 29.97))[32:34] == [2997, 100]
    assert words(yuy2(1280, 720, 30000 / 1001))[32:34] == [30000, 1001]


def test_buffers_may_be_as_many_as_the_reader_needs() -> None:
    seen = words(buffers(4, 2560, 1843200))

    assert seen[1:4] == [15, 0x40004, 5]
    assert seen[4:14] == [1, 0, 28, 19, 1, 0, 4, 4, 4, 2]  # a range of Int: 4 by default, at least 2 …
    assert 1843200 in seen
    assert 2560 in seen


def test_every_part_is_a_multiple_of_eight_bytes() -> None:
    for pod in (yuy2(640, 480, 25.0), buffers(4, 1280, 614400), header_meta()):
        assert len(pod) % 8 == 0
        assert struct.unpack("=I", pod[:4])[0] == len(pod) - 8
