from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import sheets  # type: ignore[import-not-found]  # noqa: E402

from avatard.motion import UNIT, UNITS, Driver, Motion, Part  # noqa: E402


def instant(seq: int, yaw: float = 0.0, **units: float) -> sheets.Instant:
    vector = np.zeros(len(UNITS), np.float32)
    for name, value in units.items():
        vector[UNIT[name]] = value
    part = Part(Driver.CAMERA, seq)
    motion = Motion(np.array([yaw, 0, 0], np.float32), np.zeros(3, np.float32), vector, None, part, part, part)
    return sheets.Instant(np.full((90, 160, 3), seq, np.uint8), motion, None)


def test_the_instants_that_show_faults_are_chosen() -> None:
    talk = [instant(i, jawOpen=0.2) for i in range(sheets.LEARNING)]
    talk += [
        instant(100, jawOpen=0.2, yaw=0.3),
        instant(101, jawOpen=0.2, eyeBlinkLeft=1.0, eyeBlinkRight=1.0),
        instant(102, jawOpen=0.9),
        instant(103, jawOpen=0.2, yaw=-0.3),
        instant(104),
    ]
    assert [i.motion.head.observed_ns for i in sheets.choose(talk)] == [104, 102, 101, 103, 100]


def test_a_sheet_has_a_row_for_the_driver_and_one_for_each_portrait() -> None:
    driver = [instant(i) for i in range(len(sheets.COLUMNS))]
    pictures = [np.full((90, 160, 3), 50, np.uint8)] * len(sheets.COLUMNS)
    drawn = sheets.sheet(driver, [("a", pictures), ("b", pictures)], 60)
    assert drawn.shape == (3 * 60, len(sheets.COLUMNS) * 60, 3)


@pytest.mark.shared
def test_a_clip_drives_the_astronaut() -> None:
    clip = sheets.DATA / "clips" / "bbaf2n.mpg"
    if not clip.exists():
        pytest.skip(f"{clip} is absent")
    chosen = sheets.choose(sheets.drive(clip))
    avatar = sheets.load("astronaut")
    assert avatar is not None
    (pictures,) = sheets.rows(avatar, [chosen], False, (640, 480))
    assert len({p.tobytes() for p in pictures}) > 1
