from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatard import canonical
from avatard.config import DriveConfig
from avatard.drive import Driver
from avatard.face_mesh import INNER_LIPS
from avatard.motion import UNIT, UNITS, Motion
from avatard.motion import Driver as Who
from avatard.spoken import MOUTH, Spoken
from tests.drive.drive_faces import FRAME_NS, START_NS, face, settled, show, vector

UPPER, LOWER = np.array(INNER_LIPS[1:10]), np.array(INNER_LIPS[:10:-1])


def said(mouth: float = 1.0, turn: tuple[float, float, float] = (0, 0, 0), **named: float) -> Spoken:
    units = np.zeros(len(UNITS), np.float32)
    for name, value in named.items():
        units[UNIT[name]] = value
    return Spoken(units, mouth, np.array(turn, np.float32))


CLOSED = said(mouthClose=0.15, mouthPressLeft=0.3, mouthPressRight=0.3)


class Scripted:
    """Lips that do what they are told, and remember what they were asked."""

    def __init__(self, script: Callable[[int], Spoken | None]) -> None:
        self.script = script
        self.asked: list[tuple[int, bool]] = []

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        self.asked.append((now_ns, face))
        return self.script(now_ns)


def saying(spoken: Spoken | None) -> Scripted:
    return Scripted(lambda now_ns: spoken)


def gaps(motion: Motion) -> np.ndarray:
    moved = canonical.neutral() + canonical.displacement(motion)
    return np.asarray(moved[LOWER, 1] - moved[UPPER, 1])


def driven(lips: Scripted | None, **looks: float) -> Motion:
    """Somebody who settled before the camera and now looks so, while `lips` speak."""
    driver, i = settled()
    driver._lips = lips
    return show(driver, face(i, **looks), i)  # type: ignore[arg-type]


def test_spoken_lips_close_whatever_the_driver_s_do() -> None:
    for looks in ({"jawOpen": 0.5}, {"mouthFunnel": 0.8, "mouthSmileLeft": 0.7}, {"mouthUpperUpLeft": 1.0}):
        motion = driven(saying(CLOSED), **looks)
        assert gaps(motion).max() <= 0
        assert gaps(driven(None, **looks)).max() > 0.02


def test_a_spoken_vowel_is_not_held_shut_by_closed_lips() -> None:
    motion = driven(saying(said(jawOpen=0.4)))
    wanted = 0.4 * np.diff(canonical.basis()[UNIT["jawOpen"], [13, 14], 1])[0]
    assert gaps(motion)[4] == pytest.approx(wanted, rel=0.01)
    assert gaps(driven(None)).max() < 0.01


def test_the_rest_of_the_face_is_the_driver_s_and_speech_adds_to_it() -> None:
    looks = {"browInnerUp": 0.6, "yaw": 0.2, "eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
    plain = driven(None, **looks)
    motion = driven(saying(said(1.0, (0.01, 0.03, 0), jawOpen=0.3, browOuterUpLeft=0.2)), **looks)
    assert motion.rotation == pytest.approx(np.add(plain.rotation, [0.01, 0.03, 0]), abs=1e-6)
    assert motion["eyeBlinkLeft"] == 1
    change = motion.units[~MOUTH] - plain.units[~MOUTH]
    expected = np.zeros(len(UNITS))
    expected[UNIT["browOuterUpLeft"]] = 0.2
    assert change == pytest.approx(expected[~MOUTH], abs=1e-6)
    upper = canonical.neutral()[:, 1] < 0.3
    assert motion.residual is not None
    assert plain.residual is not None
    assert motion.residual[upper] == pytest.approx(plain.residual[upper])


def test_a_share_of_the_mouth_is_a_share() -> None:
    own, whole = driven(None, jawOpen=0.5), driven(saying(said(jawOpen=0.1)), jawOpen=0.5)
    half = driven(saying(said(0.5, jawOpen=0.1)), jawOpen=0.5)
    assert gaps(half) == pytest.approx((gaps(own) + gaps(whole)) / 2, abs=1e-3)
    none = driven(saying(said(0.0, jawOpen=0.1)), jawOpen=0.5)
    assert vector(none) == pytest.approx(vector(own))


def test_provenance_and_source_name_who_speaks() -> None:
    spoken = said(jawOpen=0.2)
    driver, i = settled()
    for lips, who in (
        (saying(spoken), Who.SPEECH),
        (saying(replace(spoken, driver=Who.VOICE)), Who.VOICE),
        (saying(replace(spoken, mouth=0.0)), Who.CAMERA),  # a pose, no speech
        (saying(None), Who.CAMERA),
    ):
        driver._lips = lips
        motion = show(driver, face(i), i)
        assert motion.mouth.driver is driver.source is who
        assert motion.head.driver is motion.face.driver is Who.CAMERA


def test_lips_are_asked_for_when_the_picture_is_seen_and_told_of_a_face() -> None:
    lips = saying(None)
    driver = Driver(DriveConfig(), lips=lips)
    driver.motion(START_NS, 8_000_000)
    driver.observe(face(0), START_NS)
    driver.motion(START_NS + FRAME_NS, 5_000_000)
    assert lips.asked == [(START_NS + 8_000_000, False), (START_NS + FRAME_NS + 5_000_000, True)]


def test_with_no_camera_idle_goes_on_around_the_speaking_mouth() -> None:
    driver = Driver(DriveConfig(), lips=saying(said(jawOpen=0.3)))
    quiet = Driver(DriveConfig())
    for k in range(300):
        motion, idle = driver.motion(k * FRAME_NS), quiet.motion(k * FRAME_NS)
        assert motion["jawOpen"] == pytest.approx(0.3)
        assert motion.units[~MOUTH] == pytest.approx(idle.units[~MOUTH])
        assert motion.rotation == pytest.approx(idle.rotation)


def test_speech_in_a_mirror_is_mirrored() -> None:
    driver = Driver(DriveConfig(mirror=True, idle=False), lips=saying(said(1.0, (0.1, 0, 0), mouthSmileLeft=0.5)))
    motion = driver.motion(START_NS)
    assert motion["mouthSmileRight"] == pytest.approx(0.5)
    assert motion.rotation[0] == pytest.approx(-0.1)


def test_what_is_asked_for_too_strongly_stays_a_motion() -> None:
    lips = saying(said(1.0, (3.0, -3.0, 3.0), jawOpen=5.0, mouthPucker=-2.0, gazeLeftX=-7.0, browInnerUp=9.0))
    motion = Driver(DriveConfig(), lips=lips).motion(START_NS)
    assert motion.units.max() <= 1
    assert motion["mouthPucker"] == 0
    assert motion["gazeLeftX"] == -1
    assert np.abs(motion.rotation).max() < 0.6


def test_a_picture_of_speech_changes_no_other_picture() -> None:
    """What is blended is a copy: the face on camera is held between frames."""
    driver, i = settled()
    before = show(driver, face(i, jawOpen=0.4, yaw=0.2), i)
    driver._lips = saying(replace(CLOSED, rotation=np.full(3, 0.1, np.float32)))
    now_ns = START_NS + i * FRAME_NS + 1_000_000
    assert not np.allclose(vector(driver.motion(now_ns)), vector(before))
    driver._lips = None
    assert vector(driver.motion(now_ns)) == pytest.approx(vector(before))
