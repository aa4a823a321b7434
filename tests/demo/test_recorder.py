from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from avatard.config import SealConfig
from avatard.demo.film import write_film
from avatard.demo.recorder import Recorded, Recorder
from avatard.errors import SinkError
from avatard.seal import Sealer, StandbyReason
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(640, 360, 30.0)


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    return Sealer(SealConfig(), FORMAT)


def grey(level: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((FORMAT.height, FORMAT.width, 3), level, np.uint8)


def record(recorder: Recorder, sealer: Sealer, count: int) -> list[bytes]:
    written = []
    with recorder:
        for seq in range(count):
            sealed = sealer.seal(grey(10 * seq), seq, 1000 + seq)
            recorder.write(sealed)
            written.append(sealed.i420.tobytes())
            sealed.release()
    return written


def test_what_was_delivered_comes_back_byte_for_byte_with_its_frame(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 20)
    written = record(recorder, sealer, 5)
    assert [picture.tobytes() for picture in recorder.pictures()] == written
    assert [one.seq for one in recorder.recorded] == list(range(5))
    finished = [one.sealed_ns for one in recorder.recorded]
    assert finished == sorted(finished)


def test_the_standby_picture_is_not_recorded(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 20)
    with recorder:
        recorder.write(sealer.standby(StandbyReason.STARTING))
    assert recorder.recorded == []


def test_a_picture_shown_again_because_none_came_is_recorded_once(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 20)
    sealed = sealer.seal(grey(0), 0, 0)
    with recorder:
        recorder.write(sealed)
        recorder.write(sealed)
    sealed.release()
    assert len(recorder.recorded) == 1


def test_the_raw_file_is_gone_afterwards(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 20)
    recorder.discard()  # nothing there yet: no error
    record(recorder, sealer, 1)
    recorder.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_known_before_the_start() -> None:
    with pytest.raises(SinkError, match=r"/dev/full.*[Ss]pace"), Recorder(Path("/dev/full"), FORMAT, 1):
        pass


def test_more_pictures_than_there_is_room_for_are_left_out(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 3)
    written = record(recorder, sealer, 5)
    assert [picture.tobytes() for picture in recorder.pictures()] == written[:3]


def test_a_folder_that_cannot_be_written_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(SinkError) as e, Recorder(tmp_path / "none" / "raw", FORMAT, 1):
        pass
    assert "--out" in e.value.hint


def test_the_film_has_every_picture_at_its_own_time(tmp_path: Path, sealer: Sealer) -> None:
    recorder = Recorder(tmp_path / "raw", FORMAT, 20)
    record(recorder, sealer, 20)
    late = [0, 33, 66, 100, 200, *range(233, 733, 33)][:20]
    recorder.recorded = [Recorded(one.seq, 10**9 + ms * 10**6) for one, ms in zip(recorder.recorded, late, strict=True)]
    write_film(tmp_path / "film.mp4", recorder, FORMAT)
    with av.open(str(tmp_path / "film.mp4")) as container:
        frames = list(container.decode(video=0))
    assert [round(1000 * (frame.time or 0)) for frame in frames] == pytest.approx(late, abs=1)
    levels = [frame.to_ndarray()[300, 10] for frame in frames]
    assert levels == sorted(levels)
