from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from avatard.errors import SourceError
from avatard.seal.footage import FRAMES, read_footage


def write_clip(path: Path, greys: Sequence[int], size: tuple[int, int] = (320, 240), rate: int = 25) -> Path:
    """A clip of flat frames, each as grey as it says."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for grey in greys:
            frame = np.full((size[1], size[0]), grey, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_is_one_frame(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture{suffix}"
    cv2.imwrite(str(path), np.full((90, 160, 3), 77, np.uint8))
    (frame,) = read_footage(str(path))
    assert frame.shape == (90, 160)
    assert frame.dtype == np.uint8
    assert abs(int(frame.mean()) - 77) <= 1


def test_large_frames_are_brought_to_720_lines(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.zeros((1080, 1920), np.uint8))
    (frame,) = read_footage(str(path))
    assert frame.shape == (720, 1280)


def test_a_short_clip_is_taken_whole(tmp_path: Path) -> None:
    frames = read_footage(str(write_clip(tmp_path / "short.mp4", range(60, 90))))
    assert len(frames) == 30
    assert frames[-1].mean() - frames[0].mean() > 20


def test_a_long_clip_is_sampled_over_its_length(tmp_path: Path) -> None:
    greys = [60 + i // 4 for i in range(500)]
    frames = read_footage(str(write_clip(tmp_path / "long.avi", greys)))
    assert FRAMES / 2 < len(frames) <= FRAMES
    assert frames[-1].mean() - frames[0].mean() > 100


def test_a_clip_cut_short_gives_what_there_is(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "cut.avi", range(60, 160))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 1 <= len(read_footage(str(path))) < 100


def test_a_picture_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    head = cv2.imencode(".png", np.zeros((1, 1), np.uint8))[1].tobytes()
    path.write_bytes(head[:16] + (30_000).to_bytes(4, "big") * 2 + head[24:])
    with pytest.raises(SourceError):
        read_footage(str(path))


def test_a_name_like_a_protocol_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_clip(tmp_path / "clip.avi", range(60, 70)).rename(tmp_path / "http:clip.avi")
    assert len(read_footage("http:clip.avi")) == 10
