from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.errors import ConfigError, SinkError
from avatard.output.file import Mp4, open_file
from avatard.output.y4m import Y4m
from avatard.sealed import Sealed, VideoFormat

MakeSealed = Callable[[int, int], Sealed]
MS = 1_000_000


def times(path: Path) -> list[float]:
    with av.open(str(path)) as video:
        return [round(float(frame.time or 0), 3) for frame in video.decode(video=0)]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_live_recording_keeps_the_times_pictures_were_sealed_at(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed, suffix: str
) -> None:
    path = tmp_path / f"live{suffix}"
    with open_file(str(path), video_format) as sink:
        for number, at_ms in enumerate((0, 33, 66, 1000, 1033)):
            sink.write(make_sealed(number, (500 + at_ms) * MS))

    assert times(path) == [0.0, 0.033, 0.066, 1.0, 1.033]


def test_times_never_run_backwards(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    with Mp4(tmp_path / "live.mp4", video_format) as sink:
        for number, at_ms in enumerate((0, 33, 33, 20, 66)):
            sink.write(make_sealed(number, at_ms * MS))

    shown = times(tmp_path / "live.mp4")
    assert len(shown) == 5
    assert shown == sorted(shown)


def test_offline_recording_has_a_constant_rate(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    ntsc = VideoFormat(video_format.width, video_format.height, 30000 / 1001)
    path = tmp_path / "out.mp4"
    with Mp4(path, ntsc, constant_rate=True) as sink:
        for number in range(100):
            sink.write(make_sealed(number, 7))

    with av.open(str(path)) as video:
        assert video.streams.video[0].average_rate == Fraction(30000, 1001)
    assert np.allclose(times(path), np.arange(100) * 1001 / 30000, atol=0.0006)


def test_colours_are_tagged_as_seal_made_them(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    with Mp4(tmp_path / "out.mp4", video_format) as sink:
        sink.write(make_sealed(0, 0))

    with av.open(str(tmp_path / "out.mp4")) as video:
        frame = next(video.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (6, 1)  # BT.601, limited
        assert np.abs(frame.to_ndarray().astype(int) - make_sealed(0, 0).i420).mean() < 4


def test_offline_recording_appears_only_when_complete(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    path = tmp_path / "out.mp4"
    sink = Mp4(path, video_format, constant_rate=True)
    with sink:
        sink.write(make_sealed(0, 0))
        assert not path.exists()
    assert os.listdir(tmp_path) == ["out.mp4"]
    path.unlink()

    sink.__enter__()
    sink.write(make_sealed(0, 0))
    sink.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert os.listdir(tmp_path) == []


def sine(path: Path, codec: str, seconds: float) -> None:
    """A video with a tone."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = file.add_stream(codec, rate=44100, layout="mono")
        for number in range(round(25 * seconds)):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 128, np.uint8), format="yuv420p")
            frame.pts = number
            file.mux(video.encode(frame))
        tone = (np.sin(np.arange(round(44100 * seconds)) / 20) * 9000).astype(np.int16)[None]
        samples = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
        samples.sample_rate, samples.pts = 44100, 0
        resampler = av.AudioResampler(format=sound.codec_context.format, layout="mono", rate=44100)
        for part in resampler.resample(samples):
            file.mux(sound.encode(part))
        file.mux(sound.encode(None))
        file.mux(video.encode(None))


@pytest.mark.parametrize(("suffix", "codec", "kept"), [(".mp4", "aac", "aac"), (".mkv", "mp2", "aac")])
def test_the_sound_track_goes_along(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed, suffix: str, codec: str, kept: str
) -> None:
    source, path = tmp_path / f"in{suffix}", tmp_path / "out.mp4"
    sine(source, codec, 2.0)
    with Mp4(path, video_format, source, constant_rate=True) as sink:
        for number in range(60):
            sink.write(make_sealed(number, 0))

    with av.open(str(path)) as file:
        sound = file.streams.audio[0]
        heard = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in file.decode(sound)])
        assert sound.codec_context.name == kept
        assert abs(len(heard) / 44100 - 2.0) < 0.1
        assert np.abs(heard).max() > 0.1
    assert len(times(path)) == 60


def test_a_silent_input_gives_a_silent_recording(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    silent, path = tmp_path / "silent.mp4", tmp_path / "out.mp4"
    with Mp4(silent, video_format) as sink:
        sink.write(make_sealed(0, 0))
    with Mp4(path, video_format, silent, constant_rate=True) as sink:
        sink.write(make_sealed(0, 0))

    with av.open(str(path)) as file:
        assert not file.streams.audio


def test_suffix_decides_the_backend(tmp_path: Path, video_format: VideoFormat) -> None:
    assert isinstance(open_file(str(tmp_path / "a.y4m"), video_format), Y4m)
    assert isinstance(open_file(str(tmp_path / "a.MP4"), video_format), Mp4)
    with pytest.raises(ConfigError, match=r"a\.gif"):
        open_file(str(tmp_path / "a.gif"), video_format)


@pytest.mark.parametrize("suffix", [".mp4", ".y4m"])
def test_a_recording_never_replaces_another(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed, suffix: str
) -> None:
    for number in range(3):
        with open_file(str(tmp_path / f"call{suffix}"), video_format) as sink:
            sink.write(make_sealed(number, 0))

    assert sorted(os.listdir(tmp_path)) == [f"call-2{suffix}", f"call-3{suffix}", f"call{suffix}"]


def test_missing_folder_is_a_sink_error(tmp_path: Path, video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="No such file"), Mp4(tmp_path / "no" / "out.mp4", video_format):
        pass


def test_full_disk_at_the_start(tmp_path: Path, video_format: VideoFormat) -> None:
    path = tmp_path / "out.mp4"
    path.symlink_to("/dev/full")

    with pytest.raises(SinkError, match="no space left"), Mp4(path, video_format):
        pass


def test_full_disk_offline_leaves_nothing_behind(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    (tmp_path / ".out.part.mkv").symlink_to("/dev/full")

    def record() -> None:
        with Mp4(tmp_path / "out.mkv", video_format, constant_rate=True) as sink:
            for number in range(3):
                sink.write(make_sealed(number, 0))

    with pytest.raises(SinkError, match="no space left"):
        record()
    assert os.listdir(tmp_path) == []


FILLED_UP = """
import resource, sys
from pathlib import Path
import numpy as np
from avatard.errors import SinkError
from avatard.output.file import Mp4
from avatard.sealed import SealedPool, VideoFormat
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
pool = SealedPool(VideoFormat(64, 48, 30.0))
noise = np.random.default_rng(0)
try:
    with Mp4(Path(sys.argv[1]), pool.format) as sink:
        for number in range(3000):
            buffer = pool.take()
            buffer[:] = noise.integers(16, 235, buffer.shape, np.uint8) // 8 * 8
            sealed = pool._mint(buffer, number, 0, number * 33_333_333)
            sink.write(sealed)
            sealed.release()
except SinkError as e:
    print(number, e.retryable, e.message)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on file sizes")
def test_full_disk_while_recording_keeps_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "live.mp4"
    done = subprocess.run([sys.executable, "-c", FILLED_UP, path], check=True, capture_output=True, text=True)
    number, retryable, message = done.stdout.split(maxsplit=2)

    assert retryable == "False"
    assert message.startswith("no space left")
    played = 0
    with av.open(str(path)) as video, suppress(av.error.InvalidDataError):  # the last fragment is cut
        for _frame in video.decode(video=0):
            played += 1
    assert int(number) > played > 60  # all but the fragment in the making
