import numpy as np

from avatard.config import TrackConfig
from avatard.track import open_tracker
from avatard.track.pose import unpose
from avatard.track.scripted import Scripted
from tests.track.track_scenes import frame, head


def test_it_plays_what_it_was_given_with_the_frame_s_stamp() -> None:
    with Scripted([head(100), None, head(200)]) as tracker:
        found = [tracker.track(frame(i)) for i in range(5)]
    assert found[1] is None
    assert [f.pose.translation[0] if f else None for f in found] == [100, None, 200, 200, 200]
    assert [f.seq for f in found if f] == [0, 2, 3, 4]
    assert found[4] is not None
    assert found[4].captured_ns == frame(4).captured_ns


def test_without_faces_it_talks_blinks_and_moves() -> None:
    with open_tracker(TrackConfig(backend="scripted")) as tracker:
        found = [tracker.track(frame(i)) for i in range(100)]
    local = [unpose(f.landmarks, f.pose) for f in found if f]
    assert len(local) == 100
    gaps = [points[14, 1] - points[13, 1] for points in local]
    lids = [points[145, 1] - points[159, 1] for points in local]
    assert np.ptp(gaps) > 0.1
    assert min(gaps) < 1e-4
    assert min(lids) < 0.2 * max(lids)
