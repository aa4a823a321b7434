import numpy as np
import pytest

from avatard.canonical import basis, neutral
from avatard.drive.neutral import Neutral
from avatard.drive.regions import AT, Local, measure, rest
from avatard.motion import UNIT
from tests.drive.drive_faces import face

DT = 0.04


def look(**units: float) -> Local:
    out: Local = neutral().copy()
    for name, value in units.items():
        out += np.float32(value) * basis()[UNIT[name]]
    return out


def watch(person: Neutral, seconds: float, **units: float) -> None:
    local = look(**units)
    for _ in range(int(seconds / DT)):
        person.observe(local, measure(local), DT)


def test_a_face_at_rest_is_its_own_rest_from_the_first_frame() -> None:
    person = Neutral()
    watch(person, DT)
    assert np.abs(person.shape - neutral()).max() < 0.03
    assert np.allclose(person.measures, rest(), atol=0.03)


@pytest.mark.parametrize(
    ("units", "landmark", "axis"),
    [
        ({"jawOpen": 0.6}, 14, 1),
        ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, 386, 1),
        ({"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9}, 291, 1),
    ],
)
def test_a_strong_expression_in_the_first_frame_is_expression(
    units: dict[str, float], landmark: int, axis: int
) -> None:
    person = Neutral()
    watch(person, DT, **units)
    change = look(**units)[landmark, axis] - neutral()[landmark, axis]
    learnt = person.shape[landmark, axis] - neutral()[landmark, axis]
    assert abs(learnt) < 0.55 * abs(change)


def test_a_talking_first_second_is_forgotten() -> None:
    person = Neutral()
    watch(person, 1, jawOpen=0.4)
    watch(person, 15)
    assert abs(person.measures[AT["gap"]]) < 0.01
    assert np.abs(person.shape - neutral())[[14, 13, 152, 61, 291]].max() < 0.03


@pytest.mark.parametrize(
    "units",
    [
        {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5},
        {"jawOpen": 0.5},
        {"browDownLeft": 0.8, "browDownRight": 0.8},
        {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5},
    ],
    ids=lambda u: next(iter(u)),
)
def test_an_expression_held_for_a_minute_stays_expression(units: dict[str, float]) -> None:
    person = Neutral()
    watch(person, 60)
    before = look(**units) - person.shape
    watch(person, 60, **units)
    after = look(**units) - person.shape
    assert np.linalg.norm(after) > 0.75 * np.linalg.norm(before)


def test_a_person_s_own_shape_is_learnt() -> None:
    person = Neutral()
    local = neutral() * np.array([1.05, 0.96, 1.1], np.float32)
    local[:, 1] += 0.02 * np.sin(local[:, 0] * 5)
    for _ in range(100):
        person.observe(local, measure(local), DT)
    assert np.abs(person.shape - local).max() < 0.03


def test_reset_forgets_the_person() -> None:
    person = Neutral()
    watch(person, 10, browDownLeft=1.0)
    person.reset()
    watch(person, DT)
    assert np.abs(person.shape - neutral()).max() < 0.03


def test_a_driver_s_face_is_unposed_before_it_gets_here() -> None:
    """The helper of these tests makes heads that a pose carries back to the canonical head."""
    seen = face(yaw=0.3, x=100)
    local = ((seen.landmarks - seen.pose.translation) / seen.pose.scale) @ seen.pose.rotation
    assert np.allclose(local, neutral(), atol=1e-3)
