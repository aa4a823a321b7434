from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.errors import SinkError
from avatard.output.y4m import ReaderGoneError, Y4m, stream_header
from avatard.sealed import Sealed, VideoFormat


def test_header_names_size_rate_and_sampling() -> None:
    header = stream_header(VideoFormat(1280, 720, 30000 / 1001))

    assert header == b"YUV4MPEG2 W1280 H720 F30000:1001 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n"


def test_file_holds_header_and_the_very_bytes(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    path = tmp_path / "out.y4m"
    pictures = []
    with Y4m(str(path), video_format) as sink:
        for number in range(3):
            sealed = make_sealed(number, 0)
            pictures.append(sealed.i420.tobytes())
            sink.write(sealed)

    assert path.read_bytes() == stream_header(video_format) + b"".join(b"FRAME\n" + picture for picture in pictures)


def test_a_player_reads_it(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    import av

    with Y4m(str(tmp_path / "out.y4m"), video_format) as sink:
        for number in range(4):
            sink.write(make_sealed(number, 0))

    with av.open(str(tmp_path / "out.y4m")) as video:
        frames = list(video.decode(video=0))

    assert (len(frames), frames[0].width, frames[0].height) == (4, 64, 48)
    assert (frames[3].to_ndarray() == make_sealed(3, 0).i420).all()


def test_full_disk_is_a_sink_error(video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="no space left") as caught, Y4m("/dev/full", video_format):
        pass

    assert not caught.value.retryable


def test_missing_folder_is_a_sink_error(tmp_path: Path, video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="No such file"), Y4m(str(tmp_path / "no" / "out.y4m"), video_format):
        pass


def test_no_path_is_a_sink_error(video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="no path"), Y4m("", video_format):
        pass


def test_reader_that_leaves_a_fifo_ends_it_cleanly(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    fifo = tmp_path / "pipe.y4m"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with Y4m(str(fifo), video_format) as sink:
        sink.write(make_sealed(0, 0))
        os.close(reader)
        with pytest.raises(ReaderGoneError) as caught:
            sink.write(make_sealed(1, 0))

    assert caught.value.exit_code == 0
    assert not caught.value.retryable


PIPED = """
import sys
from avatard.output.y4m import Y4m
from avatard.sealed import SealedPool, VideoFormat
pool = SealedPool(VideoFormat(64, 48, 30.0))
with Y4m("-", pool.format) as sink:
    for number in range(2):
        sealed = pool._mint(pool.take(), number, 0, 0)
        sink.write(sealed)
        sealed.release()
"""


def test_dash_is_standard_output() -> None:
    out = subprocess.run([sys.executable, "-c", PIPED], check=True, capture_output=True).stdout

    assert out.startswith(stream_header(VideoFormat(64, 48, 30.0)) + b"FRAME\n")
    assert out.count(b"FRAME\n") == 2
