from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.errors import SinkError
from avatard.output import readers_of
from avatard.output.y4m import stream_header
from avatard.output.y4m_ring import Y4mRing
from avatard.sealed import Sealed, VideoFormat
from tests.e2e.live import until


def test_both_frames_are_the_newest_picture(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    path = tmp_path / "ring.y4m"
    with Y4mRing(str(path), video_format) as sink:
        for number in range(5):
            sealed = make_sealed(number, 0)
            sink.write(sealed)
            frame = b"FRAME\n" + sealed.i420.tobytes()
            assert path.read_bytes() == stream_header(video_format) + frame * 2


def test_no_file_is_seen_before_the_first_picture(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    path = tmp_path / "ring.y4m"
    with Y4mRing(str(path), video_format) as sink:
        assert not path.exists()
        sink.write(make_sealed(0, 0))
        assert path.exists()

    assert os.listdir(tmp_path) == ["ring.y4m"]


def test_a_reader_keeps_seeing_what_is_written(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    path = tmp_path / "ring.y4m"
    with Y4mRing(str(path), video_format) as sink:
        sink.write(make_sealed(0, 0))
        with path.open("rb") as reader:
            sealed = make_sealed(1, 0)
            sink.write(sealed)
            assert sealed.i420.tobytes() in reader.read()


def test_leaving_without_a_picture_leaves_nothing(tmp_path: Path, video_format: VideoFormat) -> None:
    with Y4mRing(str(tmp_path / "ring.y4m"), video_format):
        pass

    assert os.listdir(tmp_path) == []


def test_missing_folder_is_a_sink_error(tmp_path: Path, video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="No such file"), Y4mRing(str(tmp_path / "no/ring.y4m"), video_format):
        pass


def test_no_path_is_a_sink_error(video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="no path"), Y4mRing("", video_format):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="needs inotify and /proc")
def test_its_readers_are_counted_and_the_rename_is_followed(
    tmp_path: Path, video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    path = tmp_path / "ring.y4m"
    with Y4mRing(str(path), video_format) as sink:
        assert readers_of(sink) == 0
        sink.write(make_sealed(0, 0))
        with path.open("rb") as file, subprocess.Popen(["sleep", "60"], stdin=file) as reader:
            until(lambda: readers_of(sink) == 1, "the reader")
            reader.terminate()
        until(lambda: readers_of(sink) == 0, "its end")


def test_where_nothing_can_be_watched_readers_are_not_counted(
    tmp_path: Path, video_format: VideoFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise OSError(errno.ENOSYS, "no inotify on this system")

    monkeypatch.setattr("avatard.output.y4m_ring.Openers", refuse)
    with Y4mRing(str(tmp_path / "ring.y4m"), video_format) as sink:
        assert readers_of(sink) is None
