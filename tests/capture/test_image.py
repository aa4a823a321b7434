from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatard.capture import open_source
from avatard.config import CaptureConfig
from avatard.errors import SourceError
from avatard.frame import Stamp


def test_gives_its_picture_at_the_configured_rate(tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    Image.fromarray(np.full((30, 40, 3), (10, 20, 30), np.uint8)).save(path)
    with open_source(f"image:{path}", CaptureConfig(fps=200.0)) as source:
        frames = [frame for _ in range(3) if (frame := source.read(1.0))]
        assert source.fps == 200.0
        assert "40x30" in source.description

    assert [frame.seq for frame in frames] == [0, 1, 2]
    assert frames[0].stamp is Stamp.DUE
    assert frames[0].pixels.shape == (30, 40, 3)
    assert tuple(frames[0].pixels[0, 0]) == (30, 20, 10)
    assert frames[1].captured_ns > frames[0].captured_ns


def test_a_large_picture_is_shrunk_its_aspect_kept(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", (2000, 3000)).save(path)
    with open_source(f"image:{path}", CaptureConfig(width=640, height=480, fps=200.0)) as source:
        frame = source.read(1.0)

    assert frame is not None
    assert frame.pixels.shape == (480, 320, 3)
    assert frame.pixels.flags.c_contiguous


@pytest.mark.parametrize("content", [b"text", b"GIF89a" + bytes(20)])
def test_what_is_no_picture_is_a_source_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(content)

    with pytest.raises(SourceError, match="not a PNG"), open_source(f"image:{path}", CaptureConfig()):
        pass
