from __future__ import annotations

import numpy as np

from avatard.motion import rest
from benchmarks.reenactment.closeups import CELL, CROPS, INSTANTS, View, choose, sheet
from benchmarks.reenactment.driven import Driven
from tests.benchmarks.reenactment.conftest import SHAPE, Make


def test_the_instants_that_tell_are_chosen(face: Make) -> None:
    faces = [
        face(jawOpen=0.1),
        face(jawOpen=0.1),
        face(jawOpen=0.8),
        face(jawOpen=0.4),
        face(),
        face(jawOpen=0.1, eyeBlinkLeft=1, eyeBlinkRight=1),
        face(jawOpen=0.1, gazeLeftX=0.9, gazeRightX=0.9),
        face(0.4, jawOpen=0.1),
        None,
    ]
    picks = choose(Driven("", 25.0, faces, [rest(0)] * len(faces)))
    assert dict(zip(INSTANTS, picks, strict=True)) == {
        "lips shut": 4,
        "half open": 3,
        "widest mouth": 2,
        "lids shut": 5,
        "gaze": 6,
        "furthest turn": 7,
    }


def test_a_clip_without_a_face_shows_its_first_frame() -> None:
    assert choose(Driven("", 25.0, [None, None], [rest(0)] * 2)) == [0] * len(INSTANTS)


def test_a_row_for_each_instant_and_a_close_up_for_each_column(face: Make) -> None:
    grey = np.full((*SHAPE, 3), 90, np.uint8)
    views = [View(grey, face().landmarks)] * len(INSTANTS)
    blind = [View(grey, None)] * len(INSTANTS)
    drawn = sheet({"driver": views, "mesh": views, "lost": blind})
    width = sum(3 * round(CELL * aspect) for _, _, aspect in CROPS.values())
    assert drawn.shape == (len(INSTANTS) * CELL, width, 3)
    assert (drawn[CELL // 2, CELL // 2] == 90).all()
    assert (drawn[CELL // 2, 2 * CELL + CELL // 2] == 0).all(), "no face, no close-up"


def test_a_close_up_has_its_region_in_the_middle(face: Make) -> None:
    landmarks = face().landmarks
    dot = np.zeros((*SHAPE, 3), np.uint8)
    x, y = landmarks[[13, 14], :2].mean(0).round().astype(int)
    dot[y - 2 : y + 3, x - 2 : x + 3] = 255
    drawn = sheet({"driver": [View(dot, landmarks)] * len(INSTANTS)})
    mouth = drawn[:CELL, CELL : CELL + round(CELL * CROPS["mouth"][2])]
    _, xs = np.nonzero(mouth[: CELL - 20, :, 0] > 128)
    assert abs(xs.mean() - mouth.shape[1] / 2) < 8
