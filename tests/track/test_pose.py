import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.canonical import neutral
from avatard.geometry import euler
from avatard.track.pose import repose, solve, unpose
from tests.track.track_scenes import head

angle = st.floats(-0.8, 0.8)


@given(st.floats(-500, 2000), st.floats(-500, 2000), st.floats(5, 900), angle, angle, angle)
def test_a_posed_head_gives_its_pose_back(
    x: float, y: float, scale: float, yaw: float, pitch: float, roll: float
) -> None:
    face = head(x, y, scale, yaw, pitch, roll)
    pose = solve(face.landmarks)
    assert np.allclose(euler(pose.rotation), [yaw, pitch, roll], atol=1e-3)
    assert pose.scale == pytest.approx(scale, rel=1e-3)
    assert np.allclose(pose.translation[:2], [x, y], atol=0.01 * scale)
    assert np.allclose(unpose(face.landmarks, pose), neutral(), atol=5e-3)


@given(angle, angle, angle)
def test_repose_inverts_unpose(yaw: float, pitch: float, roll: float) -> None:
    face = head(yaw=yaw, pitch=pitch, roll=roll, jawOpen=0.7)
    assert np.allclose(repose(unpose(face.landmarks, face.pose), face.pose), face.landmarks, atol=1e-2)


@pytest.mark.parametrize("unit", ["jawOpen", "mouthSmileLeft", "browInnerUp", "eyeBlinkLeft", "mouthPucker"])
def test_expression_hardly_turns_the_head(unit: str) -> None:
    turned = np.degrees(euler(solve(head(yaw=0.2, **{unit: 1.0}).landmarks).rotation))
    assert np.allclose(turned, np.degrees([0.2, 0, 0]), atol=2.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_no_face(bad: float) -> None:
    marks = head().landmarks.copy()
    marks[33] = bad
    with pytest.raises(ValueError, match="no face"):
        solve(marks)


def test_landmarks_in_one_place_are_no_face() -> None:
    with pytest.raises(ValueError, match="no face"):
        solve(np.full((478, 3), 50, np.float32))
