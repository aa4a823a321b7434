from dataclasses import replace

import numpy as np

from avatard.face import Face
from avatard.geometry import euler
from avatard.track.pose import solve, unpose
from avatard.track.smooth import Smoother
from tests.track.track_scenes import FRAME_NS, START_NS, head


def seen(face: Face, index: int, noise: float = 0.0, seed: int = 0) -> Face:
    rng = np.random.default_rng(seed * 10_000 + index)
    marks = (face.landmarks + rng.normal(0, noise, (478, 3))).astype(np.float32)
    return replace(face, landmarks=marks, pose=solve(marks), captured_ns=START_NS + index * FRAME_NS)


def gap(face: Face) -> float:
    local = unpose(face.landmarks, face.pose)
    return float(local[14, 1] - local[13, 1])


def test_a_still_face_becomes_stiller() -> None:
    smooth = Smoother()
    raw = [seen(head(yaw=0.1), i, noise=0.12) for i in range(60)]
    out = [smooth(face) for face in raw]
    before, after = (np.std([f.landmarks for f in faces[15:]], axis=0).mean() for faces in (raw, out))
    assert after < 0.6 * before
    turns = [np.std([euler(f.pose.rotation)[0] for f in faces[15:]]) for faces in (raw, out)]
    assert turns[1] < 0.6 * turns[0]


def test_it_is_the_same_filter_near_and_far() -> None:
    near, far = Smoother(), Smoother()
    for i in range(20):
        a = near(seen(head(320 + i, 220, 100, jawOpen=0.02 * i), i))
        b = far(seen(head(32 + i / 10, 22, 10, jawOpen=0.02 * i), i))
        assert np.allclose(a.landmarks, b.landmarks * 10, atol=0.05)


def test_a_closure_of_two_frames_is_neither_flattened_nor_late() -> None:
    smooth, gaps = Smoother(), []
    jaw = [0.3] * 8 + [0.15, 0.0, 0.0, 0.15] + [0.3] * 8
    for i, value in enumerate(jaw):
        gaps.append(gap(smooth(seen(head(jawOpen=value), i))))
    assert min(gaps) < 0.05 * gaps[7]
    assert int(np.argmin(gaps)) in (9, 10)


def test_a_blink_keeps_its_depth() -> None:
    smooth = Smoother()
    lids = []
    for i, blink in enumerate([0.0] * 6 + [0.5, 1.0, 1.0, 0.5] + [0.0] * 6):
        local = unpose((face := smooth(seen(head(eyeBlinkRight=blink), i))).landmarks, face.pose)
        lids.append(local[145, 1] - local[159, 1])
    assert min(lids) < 0.06 * lids[0]


def test_a_moving_head_does_not_leave_its_lips_behind() -> None:
    smooth = Smoother()
    for i in range(25):
        face = smooth(seen(head(200 + 8 * i, jawOpen=0.2), i))
    assert gap(face) == np.float32(gap(face))
    local = unpose(face.landmarks, face.pose)
    assert np.abs(local - unpose(head(jawOpen=0.2).landmarks, head().pose)).max() < 0.03


def test_after_a_gap_in_time_it_starts_anew() -> None:
    smooth = Smoother()
    smooth(seen(head(100, 100), 0))
    later = seen(head(500, 300, roll=0.5), 50)
    assert np.allclose(smooth(later).landmarks, later.landmarks, atol=1e-2)


def test_the_smoothed_rotation_is_a_rotation() -> None:
    smooth = Smoother()
    for i in range(20):
        out = smooth(seen(head(yaw=0.04 * i, roll=-0.03 * i), i))
        assert np.allclose(out.pose.rotation @ out.pose.rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(out.pose.rotation) > 0


def test_what_was_seen_in_the_frame_stays_beside_the_smoothed() -> None:
    smooth = Smoother()
    for index in range(3):
        raw = seen(head(yaw=0.1 * index), index)
        assert smooth(raw).measured is raw.landmarks
