"""No camera pixel in what leaves, while the face is tracked and drives: when there is something to leak."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.capture.fake import marked_picture
from avatard.capture.performer import Performer
from avatard.config import Config, ReenactConfig
from avatard.line import line_of
from avatard.motion import UNIT, UNITS
from avatard.sealed import I420, VideoFormat
from avatard.spoken import Lips, Spoken
from avatard.timing import STAGES, Counters, StageTimer
from tests.e2e.leak import leaked_pixels
from tests.reenact.made_networks import write_networks

FORMAT = VideoFormat(640, 480, 30.0)
PERIOD_NS = 33_333_333
FRAMES = 90


DRAWN, OWN = ReenactConfig(engine="mesh"), ReenactConfig(engine="mesh", mouth="own")


class Speaking:
    """Lips that say one long vowel."""

    def at(self, now_ns: int, face: bool) -> Spoken:
        units = np.zeros(len(UNITS), np.float32)
        units[UNIT["jawOpen"]] = 0.4
        return Spoken(units, 1.0, np.zeros(3, np.float32))


def shown(avatar: Avatar, reenact: ReenactConfig, lips: Lips | None = None) -> tuple[list[I420], int]:
    """The sealed pictures, and in how many frames a face was found.

    The face is found in the performer's own frames; what is handed on with it is the camera's mark, all over.
    """
    config = replace(Config(), reenact=reenact)
    counters = Counters()
    timers = {name: StageTimer() for name in STAGES}
    pictures = []
    with (
        Performer(paced=False) as performer,
        line_of(config, FORMAT, avatar, timers, counters, lips) as line,
    ):
        for _ in range(FRAMES):
            frame = performer.read(1.0)
            assert frame is not None
            frame = replace(frame, captured_ns=(1 + frame.seq) * PERIOD_NS)
            face = line.look(frame)
            height, width = frame.pixels.shape[:2]
            marked = replace(frame, pixels=marked_picture(width, height, frame.seq))
            sealed = line.show(marked, face, frame.captured_ns)
            pictures.append(sealed.i420.copy())
            sealed.release()
    return pictures, FRAMES - counters["no_face"]


def test_a_tracked_face_leaves_no_pixel(avatar: Avatar) -> None:
    pictures, tracked = shown(avatar, DRAWN)
    assert tracked == FRAMES, "a face must drive, or nothing is tested"
    assert [leaked_pixels(picture) for picture in pictures] == [0] * FRAMES


def test_a_network_leaves_no_pixel(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random weights: whatever a network is given, it can show."""
    folder = write_networks(tmp_path / "engines")
    monkeypatch.setattr("avatard.runtime.engine_folder.engines_folder", lambda: folder)
    pictures, tracked = shown(avatar, replace(DRAWN, engine="meshnet"))
    assert tracked == FRAMES
    assert (pictures[-1] != shown(avatar, DRAWN)[0][-1]).any(), "the network draws"
    assert [leaked_pixels(picture) for picture in pictures] == [0] * FRAMES


def test_the_opt_in_lets_the_inner_mouth_through_and_nothing_else(avatar: Avatar) -> None:
    """Also the proof that pixels handed on with a frame do show where they are let through."""
    own, drawn = (np.array(shown(avatar, config)[0]) for config in (OWN, DRAWN))
    luma = abs(own[:, : FORMAT.height].astype(np.int16) - drawn[:, : FORMAT.height])
    frames, rows, columns = np.nonzero(luma > 40)
    assert len(set(frames)) > 5
    assert np.ptp(rows) < 0.2 * FORMAT.height
    assert np.ptp(columns) < 0.25 * FORMAT.width


def test_a_mouth_that_speaks_shows_none_of_the_driver_s_own(avatar: Avatar) -> None:
    """Also with the opt-in: the driver's mouth says something else, or nothing."""
    own, drawn = (np.array(shown(avatar, config, Speaking())[0]) for config in (OWN, DRAWN))
    luma = abs(own[:, : FORMAT.height].astype(np.int16) - drawn[:, : FORMAT.height])
    assert luma.max() <= 40
