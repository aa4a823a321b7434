from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from avatard.bench import cue
from avatard.capture.file import VideoFile
from avatard.timing import NS_PER_S

START = 5 * NS_PER_S
PERIOD = NS_PER_S / 30


def test_an_opening_is_half_open_where_the_clip_is() -> None:
    gaps = cue.mouth_gaps()
    half = (gaps.min() + gaps.max()) / 2
    found = list(cue.openings(START, START + round((len(gaps) + 1) * PERIOD)))
    assert len(found) == len(cue.SHUT)
    for opening in found:
        at = (opening.half_ns - START) / PERIOD
        before, after = gaps[int(at)], gaps[int(at) + 1]
        assert before < half < after
        assert gaps[round((opening.closing_ns - START) / PERIOD)] == gaps.max()
        assert gaps[round((opening.closing_ns - START) / PERIOD) + 1] < gaps.max()


def test_openings_go_on_over_the_clip_s_end() -> None:
    length = len(cue.order())
    first, ninth = (next(islice(cue.openings(START, START * 100), index, None)) for index in (0, len(cue.SHUT)))
    assert abs(ninth.half_ns - first.half_ns - length * PERIOD) < 1000


def test_an_opening_that_is_not_over_is_not_given() -> None:
    first = next(cue.openings(START, START * 100))
    assert not list(cue.openings(START, first.closing_ns - 1))


def test_frames_are_known_by_when_they_were_taken() -> None:
    length = len(cue.order())
    index = np.array([0, 1, 40, length - 1, length, 3 * length + 7])
    taken = START + np.rint(index * PERIOD).astype(np.int64)
    assert cue.phase(taken, START).tolist() == [0, 1, 40, length - 1, 0, 7]


def test_settled_frames_are_shut_or_wide_as_five_before_them() -> None:
    gaps = cue.mouth_gaps()
    for wide, level in ((False, gaps[0]), (True, gaps.max())):
        for index in np.flatnonzero(cue.settled(wide)):
            assert (gaps[max(0, index - 5) : index + 1] == level).all()
        assert cue.settled(wide).any()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cue") / "cue.mp4"
    cue.write_clip(path)
    return path


def test_the_clip_is_the_performer_s_frames_in_that_order(clip: Path) -> None:
    frames: list[np.ndarray] = []
    with VideoFile(str(clip), paced=False) as source:
        assert source.fps == cue.FPS
        while True:
            try:
                frame = source.read(1.0)
            except EOFError:
                break
            assert frame is not None
            frames.append(frame.pixels[::4, ::4].astype(np.int16))
    order = cue.order()
    assert len(frames) == len(order)
    shut, wide = frames[0], frames[order.index(cue.OPENING[-1])]
    assert np.abs(shut - wide).max() > 60
    for number, picture in zip(order, frames, strict=True):
        if number == cue.OPENING[0]:
            assert np.abs(picture - shut).mean() < 1.0
        if number == cue.OPENING[-1]:
            assert np.abs(picture - wide).mean() < 1.0


def test_it_says_when_its_first_frame_was_due(clip: Path) -> None:
    with cue.CuedPerformer(clip) as performer:
        first = performer.read(1.0)
        assert first is not None
        assert performer.started_ns == first.captured_ns
        performer.read(1.0)
        assert performer.started_ns == first.captured_ns
