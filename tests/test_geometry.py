import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.canonical import neutral
from avatard.face_mesh import LEFT_EYE
from avatard.geometry import euler, ring_opening, rotation_matrix, similarity

angle = st.floats(-1.2, 1.2)


@given(angle, angle, angle)
def test_euler_inverts_rotation_matrix(yaw: float, pitch: float, roll: float) -> None:
    rotation = rotation_matrix(yaw, pitch, roll)
    assert np.allclose(rotation @ rotation.T, np.eye(3))
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    assert np.allclose(euler(rotation), [yaw, pitch, roll], atol=1e-7)


def test_the_signs_are_those_of_motion() -> None:
    nose = np.array([0.0, 0.0, -1.0])  # towards the viewer
    assert (rotation_matrix(0.3, 0, 0) @ nose)[0] > 0  # to the picture's right
    assert (rotation_matrix(0, 0.3, 0) @ nose)[1] > 0  # nods down
    top = np.array([0.0, -1.0, 0.0])
    assert (rotation_matrix(0, 0, 0.3) @ top)[0] > 0  # clockwise


@given(angle, angle, angle, st.floats(0.1, 500), st.integers(0, 2**32 - 1))
def test_similarity_finds_what_was_applied(yaw: float, pitch: float, roll: float, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, rotation, shift = rng.normal(size=(12, 3)), rotation_matrix(yaw, pitch, roll), rng.normal(size=3) * 100
    s, r, t = similarity(a, scale * a @ rotation.T + shift, rng.uniform(0.1, 1, 12))
    assert s == pytest.approx(scale)
    assert np.allclose(r, rotation, atol=1e-6)
    assert np.allclose(t, shift, atol=1e-6 * max(scale, 100))


def test_similarity_never_mirrors() -> None:
    a = np.random.default_rng(0).normal(size=(12, 3))
    assert np.linalg.det(similarity(a, a * [-1, 1, 1])[1]) == pytest.approx(1.0)


def test_similarity_weights_decide_which_points_are_met() -> None:
    a = np.random.default_rng(0).normal(size=(8, 3))
    b = a.copy()
    b[0] += 10
    weights = np.ones(8)
    weights[0] = 0
    s, r, t = similarity(a, b, weights)
    assert s == pytest.approx(1.0)
    assert np.allclose(r, np.eye(3))
    assert np.allclose(t, 0)


def test_points_in_one_place_have_no_similarity() -> None:
    with pytest.raises(ValueError, match="coincide"):
        similarity(np.zeros((5, 3)), np.ones((5, 3)))


def test_ring_opening_is_a_ratio() -> None:
    eye = neutral()
    assert 0.2 < ring_opening(eye, LEFT_EYE) < 0.35
    assert ring_opening(eye * 7, LEFT_EYE) == pytest.approx(ring_opening(eye, LEFT_EYE))
    shut = eye.copy()
    shut[:, 1] = 0
    assert ring_opening(shut, LEFT_EYE) == 0
    assert np.isfinite(ring_opening(np.zeros((478, 3)), LEFT_EYE))
