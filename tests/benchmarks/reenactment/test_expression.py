from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.reenactment.expression import NAMES, Series, correlations, expressions, landmark_distance
from tests.benchmarks.reenactment.conftest import EYES, Make


def series(values: list[float]) -> Series:
    """The same course for every expression."""
    return np.repeat(np.array(values, np.float64)[:, None], len(NAMES), 1)


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("mouth_open", {"jawOpen": 0.5}),
        ("mouth_width", {"mouthStretchLeft": 0.8, "mouthStretchRight": 0.8}),
        ("lids", {"eyeWideLeft": 0.8, "eyeWideRight": 0.8}),
        ("gaze_x", {"gazeLeftX": 0.6, "gazeRightX": 0.6}),
    ],
)
def test_each_expression_grows_with_its_units_at_any_pose(face: Make, name: str, units: dict[str, float]) -> None:
    measured = expressions([face(), face(**units), face(0.3), face(0.3, **units)])[:, NAMES.index(name)]
    assert measured[1] > measured[0] + 0.005
    assert measured[3] - measured[2] == pytest.approx(measured[1] - measured[0], rel=0.05)


def test_what_was_measured_counts_not_what_was_smoothed(face: Make) -> None:
    late = replace(face(), measured=face(jawOpen=0.5).landmarks)
    assert expressions([late])[0] == pytest.approx(expressions([face(jawOpen=0.5)])[0], nan_ok=True)


def test_no_face_has_no_expression_and_a_shut_eye_no_gaze(face: Make) -> None:
    measured = expressions([face(), None, face(eyeBlinkLeft=1, eyeBlinkRight=1), face(), face()])
    assert np.isnan(measured[1]).all()
    assert np.isnan(measured[2]).tolist() == [name == "gaze_x" for name in NAMES]
    assert np.isfinite(measured[[0, 3, 4]]).all()


def test_a_correlation_is_pearsons() -> None:
    random = np.random.default_rng(1)
    a = random.normal(size=(40, len(NAMES)))
    b = 0.5 * a + random.normal(size=a.shape)
    found = correlations([(a, b)])
    for i, name in enumerate(NAMES):
        assert found[name] == pytest.approx(np.corrcoef(a[:, i], b[:, i])[0, 1])


def test_size_and_rest_do_not_matter_and_the_sense_does() -> None:
    rising = series([0, 1, 2, 3])
    assert list(correlations([(rising, 5 + 0.1 * rising)]).values()) == pytest.approx([1] * len(NAMES))
    assert list(correlations([(rising, -rising)]).values()) == pytest.approx([-1] * len(NAMES))


def test_clips_are_taken_about_their_own_means_and_a_still_one_adds_nothing() -> None:
    moving, still = series([0, 1, 0, 1]), series([7, 7, 7, 7])
    high = moving + 100
    assert correlations([(moving, high), (high, moving)])["lids"] == pytest.approx(1)
    assert correlations([(moving, high), (still, series([0, 1, 0, -1]))])["lids"] == pytest.approx(
        correlations([(moving, high)])["lids"] / np.sqrt(3), rel=1e-6
    )


def test_pictures_without_a_face_are_left_out() -> None:
    driver, output = series([0, 1, 2, 50, 4]), series([0, 1, 2, 3, 4])
    driver[3] = np.nan
    assert correlations([(driver, output)])["gaze_x"] == pytest.approx(1)


def test_where_nothing_moves_there_is_no_correlation() -> None:
    still = series([1, 1, 1, 1])
    assert all(np.isnan(r) for r in correlations([(still, series([0, 1, 2, 3]))]).values())
    assert all(np.isnan(r) for r in correlations([]).values())
    assert all(np.isnan(r) for r in correlations([(np.full((4, len(NAMES)), np.nan), still)]).values())


def test_the_landmark_distance_is_in_percent_of_the_eyes_distance(face: Make) -> None:
    here = face()
    landmarks = here.landmarks.copy()
    landmarks[:, 0] += 0.03 * EYES
    landmarks[468:, 0] += 0.02 * EYES
    apart = landmark_distance(here, replace(here, landmarks=landmarks))
    assert apart["lips"] == pytest.approx(3, rel=0.02)
    assert apart["outline"] == pytest.approx(3, rel=0.02)
    assert apart["iris"] == pytest.approx(5, rel=0.02)
