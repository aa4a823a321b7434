"""The shipped performer through the whole line, tracked again in the finished pictures: the avatar does the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from avatard.avatar import Avatar
from avatard.avatars import open_store
from avatard.capture.performer import CLIP, Performer
from avatard.config import Config, TrackConfig
from avatard.face import Face
from avatard.face_mesh import LEFT_EYE, RIGHT_EYE
from avatard.frame import Frame, Stamp
from avatard.geometry import euler
from avatard.line import line_of
from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from avatard.sealed import VideoFormat
from avatard.timing import STAGES, Counters, StageTimer
from avatard.track import open_tracker

pytestmark = pytest.mark.slow

FORMAT = VideoFormat(640, 480, 30.0)
PERIOD_NS = 33_333_333

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Performance:
    """Per frame: what the recipe says the performer does, and what was tracked in the finished pictures."""

    truth: dict[str, Curve]
    gap: Curve
    opening: Curve
    angles: Curve
    lost: int
    unbadged: int


def mouth_gap(face: Face) -> float:
    """Inner lips' distance over the mouth's width, as in the recipe's curve."""
    p = face.landmarks[:, :2]
    return float(np.linalg.norm(p[13] - p[14]) / np.linalg.norm(p[61] - p[291]))


def lid_opening(face: Face) -> float:
    """Mean distance of the lids over the eyes' width."""
    openings = []
    for ring in (RIGHT_EYE, LEFT_EYE):
        points = face.landmarks[list(ring), :2]
        openings.append(np.linalg.norm(points[4] - points[12]) / np.linalg.norm(points[0] - points[8]))
    return float(np.mean(openings))


@pytest.fixture(scope="module", params=["mira", "amara", "tomas"])
def performance(request: pytest.FixtureRequest) -> Performance:
    return perform(open_store().load(request.param))


def perform(avatar: Avatar) -> Performance:
    """Every frame of the clip, sealed, converted back as a reader would, and tracked without smoothing."""
    import cv2

    config = Config()
    timers = {name: StageTimer() for name in STAGES}
    badge = Badge(load_masks(config.seal.language), FORMAT)
    gap, opening, angles, lost, unbadged = [], [], [], 0, 0
    with (
        Performer(paced=False) as performer,
        line_of(config, FORMAT, avatar, timers, Counters()) as line,
        open_tracker(TrackConfig(smooth=False, lock_s=0.0)) as reader,
    ):
        while (frame := next_frame(performer)) is not None:
            stamped = replace(frame, captured_ns=(1 + frame.seq) * PERIOD_NS)
            sealed = line.show(stamped, line.look(stamped), stamped.captured_ns)
            unbadged += not badge.intact(sealed.i420)
            picture = np.asarray(cv2.cvtColor(sealed.i420, cv2.COLOR_YUV2BGR_I420), np.uint8)
            sealed.release()
            seen = reader.track(Frame(picture, frame.seq, stamped.captured_ns, Stamp.READ))
            lost += seen is None
            gap.append(mouth_gap(seen) if seen else np.nan)
            opening.append(lid_opening(seen) if seen else np.nan)
            angles.append(euler(seen.pose.rotation) if seen else np.full(3, np.nan))
    return Performance(truth(), np.array(gap), np.array(opening), np.array(angles), lost, unbadged)


def next_frame(performer: Performer) -> Frame | None:
    try:
        return performer.read(1.0)
    except EOFError:
        return None


def truth() -> dict[str, Curve]:
    curves = json.loads(CLIP.with_suffix(".json").read_text())["curves"]
    return {name: np.asarray(values, np.float64) for name, values in curves.items()}


def correlation(a: Curve, b: Curve, lag: int = 0) -> float:
    """Pearson's, with `b` up to `lag` frames late: filters may delay, and how much is the bench's business."""
    return max(
        float(np.corrcoef(a[: len(a) - k][seen], b[k:][seen])[0, 1])
        for k in range(lag + 1)
        for seen in [np.isfinite(b[k:])]
    )


def test_the_avatar_is_seen_and_badged_in_every_frame(performance: Performance) -> None:
    assert len(performance.gap) == len(performance.truth["blink"])
    assert performance.lost <= len(performance.gap) // 100
    assert performance.unbadged == 0


def test_the_mouth_opens_with_the_performers(performance: Performance) -> None:
    wanted = performance.truth["mouth_gap"]
    assert correlation(wanted, performance.gap, lag=2) > 0.9
    wide, shut = wanted > np.quantile(wanted, 0.95), wanted < np.quantile(wanted, 0.2)
    gain = (np.nanmean(performance.gap[wide]) - np.nanmean(performance.gap[shut])) / (
        wanted[wide].mean() - wanted[shut].mean()
    )
    assert 0.6 < gain < 1.6, gain


def test_it_blinks_when_the_performer_blinks(performance: Performance) -> None:
    blink = performance.truth["blink"]
    starts = np.flatnonzero((blink[1:] > 0.5) & (blink[:-1] <= 0.5)) + 1
    assert len(starts) >= 2
    open_eyes = np.nanmedian(performance.opening)
    for start in starts:
        assert np.nanmin(performance.opening[max(0, start - 1) : start + 7]) < 0.55 * open_eyes, (
            f"no blink at frame {start}"
        )


def test_the_head_turns_with_the_performers(performance: Performance) -> None:
    assert correlation(performance.truth["yaw"], performance.angles[:, 0], lag=4) > 0.9
    assert correlation(performance.truth["roll"], performance.angles[:, 2], lag=4) > 0.8
