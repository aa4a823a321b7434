"""The judges of the virtual machine's tests can say no. These run without it."""

from __future__ import annotations

import gzip
import lzma
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.config import SealConfig
from avatard.seal import Sealer
from avatard.sealed import VideoFormat
from tests.vm.conftest import PERFORMER
from tests.vm.locked import held
from tests.vm.pictures import Pictures, faults, raw, y4m
from tests.vm.unpack_kernel import PAYLOAD, SETUP_SECTORS, unpack
from tests.vm.webcam import FPS, make_mjpg

FORMAT = VideoFormat(320, 240, 10.0)


def sealed(*numbers: int) -> Pictures:
    """Real pictures of the seal, one shade a number, with barcodes."""
    sealer = Sealer(SealConfig(barcode=True), FORMAT)
    frames = []
    for number in numbers:
        picture = sealer.seal(np.full((240, 320, 3), 60 + 10 * number, np.uint8), number, number)
        frames.append(picture.i420.copy())
        picture.release()
    return Pictures(FORMAT, frames)


def part(of: Pictures, *places: int) -> Pictures:
    return Pictures(FORMAT, [of.frames[place] for place in places])


def test_a_whole_run_has_no_faults() -> None:
    sent = sealed(0, 1, 2, 3, 4)
    assert faults(part(sent, 1, 2, 3), sent) == 0


def test_what_did_not_come_is_counted() -> None:
    sent = sealed(0, 1, 2, 3, 4)
    assert faults(part(sent, 0, 2, 4), sent) == 2


def test_a_repeat_is_matched_with_its_best_place() -> None:
    sent = sealed(0, 1, 2, 3)
    repeated = part(sent, 0, 0, 1, 2, 0, 3)
    assert faults(part(sent, 0, 3), repeated) == 0


def test_another_order_is_refused() -> None:
    sent = sealed(0, 1, 2)
    with pytest.raises(AssertionError, match="order"):
        faults(part(sent, 2, 1), sent)


def test_one_other_pixel_counts_as_well() -> None:
    sent = sealed(0, 1, 2)
    read = part(sent, 0, 1, 2)
    read.frames[1] = read.frames[1].copy()
    read.frames[1][200, 100] ^= 1
    assert faults(read, sent) == 2  # not as it was sent, and the one that was sent did not come
    assert faults(part(read, 1), sent) == 1


def test_a_picture_without_its_badge_is_seen() -> None:
    sent = sealed(0, 1)
    assert sent.badged
    assert sent.sequence == [0, 1]
    bare = Pictures(FORMAT, [sent.frames[0], np.full_like(sent.frames[0], 128)])
    assert not bare.badged
    assert bare.sequence == [0]
    assert not Pictures(FORMAT, []).badged


def test_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    sent = sealed(0, 1, 2)
    data = b"".join(frame.tobytes() for frame in sent.frames)
    (tmp_path / "read").write_bytes(data)
    (tmp_path / "sent").write_bytes(
        b"YUV4MPEG2 W320 H240\n" + b"".join(b"FRAME\n" + f.tobytes() for f in sent.frames)[:-1]
    )
    assert faults(raw(tmp_path / "read", 320, 240), sent) == 0
    assert len(y4m(tmp_path / "sent", 320, 240).frames) == 2  # the last one is not whole


def test_the_webcam_sends_motion_jpeg(tmp_path: Path) -> None:
    assert make_mjpg(PERFORMER, tmp_path / "clip.avi", seconds=1.0) == (640, 480)
    with av.open(str(tmp_path / "clip.avi")) as clip:
        stream = clip.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate) == ("mjpeg", FPS)
        assert sum(1 for _ in clip.decode(stream)) == 5


def test_a_lock_is_read_for_another_python() -> None:
    lock = """\
# made by uv
one==1.0 ; python_full_version < '3.11' \\
    --hash=sha256:aa
one==2.0 ; python_full_version == '3.11.*' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via two
two==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:dd
three==4.0 \\
    --hash=sha256:ee
"""
    assert held(lock, "3.11") == "one==2.0 --hash=sha256:bb --hash=sha256:cc\nthree==4.0 --hash=sha256:ee\n"


@pytest.mark.parametrize("pack", [lzma.compress, gzip.compress])
def test_the_kernel_is_taken_out_of_its_image(pack: Callable[[bytes], bytes]) -> None:
    assert unpack(image(pack(b"\x7fELF kernel"))) == b"\x7fELF kernel"


def test_a_kernel_packed_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="another way"):
        unpack(image(b"(\xb5/\xfd and so on"))
    with pytest.raises(ValueError, match="no ELF"):
        unpack(image(gzip.compress(b"text")))


def image(payload: bytes) -> bytes:
    """A bzImage of one setup sector after the first."""
    header = bytearray(1024)
    header[SETUP_SECTORS] = 1
    struct.pack_into("<II", header, PAYLOAD, 16, len(payload))
    return bytes(header) + bytes(16) + payload + b"its size"
