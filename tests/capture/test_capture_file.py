from __future__ import annotations

import struct
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.capture.file import VideoFile
from avatard.errors import SourceError
from avatard.frame import Frame, Stamp

LEVELS = (20, 60, 100, 140, 180, 220)


def record(path: Path, times_ms: tuple[int, ...], *, rate: int = 25) -> Path:
    """A video of grey pictures, one of LEVELS after another, left half darker."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("libx264", rate=rate, options={"crf": "10", "bf": "0"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.time_base = video.codec_context.time_base = Fraction(1, 1000)
        for number, time_ms in enumerate(times_ms):
            grey = np.full((48, 64, 3), LEVELS[number % len(LEVELS)], np.uint8)
            grey[:, :32] //= 2
            frame = av.VideoFrame.from_ndarray(grey, format="bgr24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
    return path


def levels(frames: list[Frame]) -> list[int]:
    """Which of LEVELS each frame shows."""
    return [min(LEVELS, key=lambda level: abs(level - int(frame.pixels[24, 48, 0]))) for frame in frames]


def read_all(path: Path) -> list[Frame]:
    frames: list[Frame] = []
    with VideoFile(str(path), paced=False) as source, suppress(EOFError):
        while frame := source.read(1.0):
            frames.append(frame)
    return frames


def test_unpaced_gives_each_frame_once_then_eof(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 240, 40)))
    with VideoFile(str(path), paced=False) as source:
        for _ in LEVELS:
            assert source.read(1.0)
        with pytest.raises(EOFError):
            source.read(1.0)
    frames = read_all(path)

    assert levels(frames) == list(LEVELS)
    assert [frame.seq for frame in frames] == list(range(6))
    assert [frame.captured_ns for frame in frames] == [number * 40_000_000 for number in range(6)]
    assert all(frame.pixels.flags.c_contiguous and frame.pixels.shape == (48, 64, 3) for frame in frames)


def test_size_rate_and_length_are_known(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 240, 40)))
    with VideoFile(str(path), paced=False) as source:
        assert (source.size, source.fps, source.frames) == ((64, 48), 25.0, 6)
        assert source.description == f"{path}: 64x48 h264 at 25 fps"


def test_gaps_are_filled_and_crowds_thinned(tmp_path: Path) -> None:
    # 8 frames in 400 ms: 20 fps on average, ticks of 50 ms
    path = record(tmp_path / "in.mkv", (0, 50, 100, 110, 120, 300, 350, 400))
    with VideoFile(str(path), paced=False) as source:
        tick_ms = 1000 / source.fps
    shown = levels(read_all(path))

    assert abs(len(shown) * tick_ms - 400) <= 2 * tick_ms
    assert max(shown.count(level) for level in LEVELS) >= 3  # what stood from 120 to 300 ms


def test_paced_frames_are_due_one_period_after_another(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 60, 10)), rate=100)
    with VideoFile(str(path), paced=True) as source:
        frames = [frame for _ in range(5) if (frame := source.read(1.0))]
        now = time.monotonic_ns()

    assert all(frame.stamp is Stamp.DUE for frame in frames)
    steps = np.diff([frame.captured_ns for frame in frames]) / 10_000_000
    assert np.allclose(steps, np.round(steps), atol=1e-6)
    assert frames[-1].captured_ns <= now


def test_paced_starts_over_at_the_end(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 60, 10)), rate=100)
    shown: list[Frame] = []
    with VideoFile(str(path), paced=True) as source:
        while len(shown) < 20:
            if frame := source.read(1.0):
                shown.append(frame)

    assert [frame.seq for frame in shown] == list(range(20))
    start = shown[0].captured_ns
    position = [round((frame.captured_ns - start) / 10_000_000) for frame in shown]
    first = LEVELS.index(levels(shown[:1])[0])
    assert levels(shown) == [LEVELS[(first + at) % 6] for at in position]


def test_a_late_reader_skips_frames(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 2000, 10)), rate=100)
    with VideoFile(str(path), paced=True) as source:
        before = source.read(1.0)
        time.sleep(0.1)
        after = source.read(1.0)

    assert before is not None
    assert after is not None
    assert after.seq == 1
    assert after.captured_ns - before.captured_ns >= 90_000_000
    assert (
        levels([after])[0]
        == LEVELS[
            (LEVELS.index(levels([before])[0]) + round((after.captured_ns - before.captured_ns) / 10_000_000)) % 6
        ]
    )


def test_no_frame_in_time_is_none(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", tuple(range(0, 2000, 500)), rate=2)
    with VideoFile(str(path), paced=True) as source:
        assert source.read(0.001) is None


def test_a_cut_file_ends_where_it_is_cut(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = record(tmp_path / "in.mkv", tuple(range(0, 8000, 40)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert 10 < len(read_all(path)) < 200


def test_a_turned_telephone_video_is_upright(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mp4", (0, 40))
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40  # ISO 14496-12, 8.3.2: the matrix of a version 0 track header
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 48 << 16, 0, 1 << 30)
    path.write_bytes(data)

    pixels = read_all(path)[0].pixels  # shown a quarter turn clockwise: the dark left half is on top

    assert pixels.shape == (64, 48, 3)
    assert pixels.flags.c_contiguous
    assert pixels[:30].mean() < pixels[34:].mean() - 5


def test_a_stream_without_time_stamps_counts_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "in.h264"
    record(path, tuple(range(0, 240, 40)))

    assert levels(read_all(path)) == list(LEVELS)


def test_what_cannot_be_started_over_says_so(tmp_path: Path) -> None:
    path = record(tmp_path / "in.h264", tuple(range(0, 240, 40)))
    with VideoFile(str(path), paced=True) as source:
        given = iter(lambda: source.read(1.0), None)
        assert next(given)
        with pytest.raises(SourceError, match="cannot be started over"):
            list(given)


def test_damage_in_the_middle_costs_only_what_follows_or_less(tmp_path: Path) -> None:
    path = record(tmp_path / "in.mkv", tuple(range(0, 4000, 40)))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)

    assert len(read_all(path)) > 10


def sound_only(path: Path) -> Path:
    with av.open(str(path), "w") as file:
        sound = file.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44100, 0
        file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    return path


def test_sound_without_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no picture"), VideoFile(str(sound_only(tmp_path / "in.m4a")), paced=True):
        pass


def test_a_video_without_a_frame_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.y4m"
    path.write_bytes(b"YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n")

    with pytest.raises(SourceError, match=r"no frame|not a video"), VideoFile(str(path), paced=True):
        pass


def test_what_is_not_there_or_no_video_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "in.mp4"
    text.write_text("not a video at all")
    for path, reason in ((tmp_path / "gone.mp4", "not there"), (text, "not a video"), (tmp_path, "folder")):
        with pytest.raises(SourceError, match=reason), VideoFile(str(path), paced=True):
            pass
