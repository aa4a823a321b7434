"""Made sightings whose lag is known; the real line is measured in test_end_to_end."""

from __future__ import annotations

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.avatars import open_store
from avatard.bench import cue, motion_to_output
from avatard.bench.notebook import SMALL, Seen
from avatard.config import Config
from avatard.timing import NS_PER_S

START = 5 * NS_PER_S
PERIOD = NS_PER_S / 30
SECONDS = 20
UNTIL = START + SECONDS * NS_PER_S
MS = 1_000_000


def seen_with(age_ms: float, filter_frames: int = 0, noise: float = 1.0, moves: bool = True) -> Seen:
    """A reader to whom each frame's picture comes at that age, showing the mouth of some frames before."""
    rng = np.random.default_rng(1)
    count = SECONDS * 30
    gaps = np.tile(cue.mouth_gaps(), 5)
    shut, wide = rng.uniform(60, 180, (2, SMALL[1], SMALL[0]))
    level = np.roll(gaps[:count], filter_frames) / gaps.max() if moves else np.zeros(count)
    mouths = shut + level[:, None, None] * (wide - shut) + rng.normal(0, noise, (count, SMALL[1], SMALL[0]))
    captured = START + np.rint(np.arange(count) * PERIOD).astype(np.int64)
    rows = np.column_stack([np.arange(count), captured, captured + round(age_ms * MS)])
    return Seen(rows, mouths.clip(0, 255).astype(np.uint8))


def test_a_picture_without_lag_comes_at_its_age_after_the_next_frame() -> None:
    """The mouth is half open between two frames; the first that shows it is the next one."""
    motion = motion_to_output.measure(seen_with(20.0), START, UNTIL)
    assert motion is not None
    assert motion.found == motion.openings > 10
    first = next(cue.openings(START, UNTIL))
    wait_ms = PERIOD / MS - ((first.half_ns - START) % PERIOD) / MS
    assert motion.lag_ms.p50 == pytest.approx(20.0 + wait_ms, abs=0.1)


@pytest.mark.parametrize("frames", [1, 3])
def test_a_filter_s_lag_is_inside(frames: int) -> None:
    without, with_it = (motion_to_output.measure(seen_with(20.0, lag), START, UNTIL) for lag in (0, frames))
    assert without is not None
    assert with_it is not None
    assert with_it.lag_ms.p50 - without.lag_ms.p50 == pytest.approx(frames * PERIOD / MS, abs=0.1)


def test_a_mouth_that_does_not_move_is_no_motion() -> None:
    assert motion_to_output.measure(seen_with(20.0, moves=False), START, UNTIL) is None


def test_noise_as_large_as_the_movement_is_no_motion() -> None:
    assert motion_to_output.openness(seen_with(20.0, noise=1.0), START) is not None
    assert motion_to_output.openness(seen_with(20.0, noise=2000.0), START) is None


def test_some_pictures_that_show_another_mouth_do_not_spoil_the_rest() -> None:
    seen = seen_with(20.0)
    mouths = seen.mouths.copy()
    mouths[::17] = np.random.default_rng(2).integers(0, 255, mouths[::17].shape)
    motion = motion_to_output.measure(Seen(seen.sightings, mouths), START, UNTIL)
    assert motion is not None
    assert motion.found >= motion.openings - 3
    whole = motion_to_output.measure(seen, START, UNTIL)
    assert whole is not None
    assert motion.lag_ms.p50 == pytest.approx(whole.lag_ms.p50, abs=0.1)


def test_openings_that_the_reader_missed_are_counted_and_have_no_lag() -> None:
    seen = seen_with(20.0)
    taken_out = next(cue.openings(START + 1, UNTIL))
    gone = np.abs(seen.sightings[:, 1] - taken_out.half_ns) < 0.4 * NS_PER_S
    motion = motion_to_output.measure(Seen(seen.sightings[~gone], seen.mouths[~gone]), START, UNTIL)
    assert motion is not None
    assert motion.found == motion.openings - 1


def test_nothing_seen_is_no_motion() -> None:
    seen = seen_with(20.0)
    assert motion_to_output.measure(Seen(seen.sightings[:0], seen.mouths[:0]), START, UNTIL) is None


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return open_store().load(Config().reenact.avatar)


@pytest.mark.parametrize(("width", "height"), [(640, 360), (1280, 720), (480, 640)])
def test_the_mouth_s_place_is_inside_the_picture_and_even(avatar: Avatar, width: int, height: int) -> None:
    box = motion_to_output.mouth_box(avatar, width, height)
    assert all(value % 2 == 0 for value in box)
    assert box.x >= 0
    assert box.y > height // 4
    assert box.x + box.width <= width
    assert box.y + box.height <= height
    assert box.width > 0.05 * min(width, height)
