from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.reenactment import cross, own, summary
from benchmarks.reenactment.expression import NAMES
from benchmarks.reenactment.likeness import Likeness
from benchmarks.reenactment.picture import psnr
from benchmarks.reenactment.regions import GROUPS, REGIONS, Mask


def scored(error: int, course: list[float], identity: list[float] | None = None) -> own.Score:
    """A clip drawn `error` grey levels too bright; `course`: the output's expressions; the driver's are 0, 1, …"""
    likeness = Likeness()
    black = np.zeros((12, 12, 3), np.uint8)
    everywhere: dict[str, Mask] = dict.fromkeys(REGIONS, np.ones((12, 12), np.bool_))
    likeness.add(black, black + error, everywhere)
    driver = np.repeat(np.arange(len(course), dtype=np.float64)[:, None], len(NAMES), 1)
    return own.Score(
        called="mesh",
        likeness=likeness,
        distance={group: [1.0, 3.0] for group in GROUPS},
        sharpness={"face": [0.5, 0.9, 1.0], "mouth": [float("nan")], "eyes": []},
        sharpness_portrait={"face": [0.6, 0.7, 1.0], "mouth": [1.5], "eyes": []},
        driver=driver,
        output=np.repeat(np.array(course)[:, None], len(NAMES), 1),
        flicker={"face": 0.5, "mouth": float("nan")},
        identity=identity or [],
        lost=0.25,
    )


def test_one_clip() -> None:
    found = summary.clip(scored(10, [0, 1, 2], [0.9, 0.99, 0.98]))
    assert found["psnr_db"]["mouth"] == pytest.approx(psnr(100))
    assert found["akd_percent"]["lips"] == 2
    assert found["correlation"]["lids"] == pytest.approx(1)
    assert found["sharpness"] == {"face": 0.9, "mouth": None, "eyes": None}
    assert found["sharpness_portrait"] == {"face": 0.7, "mouth": 1.5, "eyes": None}
    assert found["flicker"] == {"face": 0.5, "mouth": None}
    assert found["identity_cosine"] == 0.98
    assert found["lost"] == 0.25


def test_all_clips_count_the_same_in_db_and_correlate_together() -> None:
    scores = [scored(10, [0, 1, 2]), scored(20, [0, -1, -2])]
    found = summary.clips(scores)
    assert found["psnr_db"]["face"] == pytest.approx((psnr(100) + psnr(400)) / 2)
    assert found["psnr_frames_db"]["face"]["n"] == 2
    assert found["psnr_frames_db"]["face"]["p50"] == pytest.approx((psnr(100) + psnr(400)) / 2)
    assert found["akd_frames_percent"]["iris"] == {"n": 4, "p5": 1, "p50": 2, "p95": 3}
    assert found["correlation"]["gaze_x"] == pytest.approx(0)
    assert found["correlation_clips"]["gaze_x"]["p50"] == pytest.approx(0)
    assert found["identity_cosine"] is None


def test_what_was_not_measured_is_null_in_the_json() -> None:
    text = json.dumps(summary.clips([scored(0, [1, 1, 1])]), allow_nan=False)
    assert json.loads(text)["correlation"]["lids"] is None


def test_portraits_have_a_mean_and_a_worst() -> None:
    rising = np.repeat(np.arange(4.0)[:, None], len(NAMES), 1)
    bent = rising.copy()
    bent[3] = 0
    scores = [
        cross.Score([(rising, rising)], {"face": [0.8, 0.9]}, [0.99], 0.0),
        cross.Score([(rising, bent)], {"face": [1.0]}, [0.97], 0.5),
    ]
    found = summary.portraits(scores)
    worst = float(np.corrcoef(rising[:, 0], bent[:, 0])[0, 1])
    assert found["correlation"]["lids"] == pytest.approx((1 + worst) / 2)
    assert found["correlation_worst"]["lids"] == pytest.approx(worst)
    assert found["sharpness"]["face"] == pytest.approx((0.85 + 1.0) / 2)
    assert found["identity_cosine"] == pytest.approx(0.98)
    assert found["lost"] == 0.25
    assert summary.portrait(scores[0])["correlation"]["lids"] == pytest.approx(1)
