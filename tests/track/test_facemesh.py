import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.config import TrackConfig
from avatard.frame import Picture
from avatard.geometry import euler
from avatard.track import open_tracker
from avatard.track.facemesh import FaceMesh
from avatard.track.plausible import YAW
from tests.track.track_scenes import BLANK, frame, paste, read_clip


def test_it_finds_a_face_and_its_pose(astronaut: Picture) -> None:
    with FaceMesh(TrackConfig()) as tracker:
        face = tracker.track(frame(0, astronaut))
    assert face is not None
    assert face.landmarks.shape == (478, 3)
    assert face.landmarks.dtype == np.float32
    assert 50 < face.pose.scale < 65
    assert np.linalg.norm(face.landmarks[33] - face.landmarks[263]) == pytest.approx(face.pose.scale, rel=0.15)
    assert np.allclose(face.landmarks[[33, 263], :2].mean(0), [225, 103], atol=5)
    assert np.abs(euler(face.pose.rotation)).max() < 0.45
    assert (face.seq, face.captured_ns) == (0, frame(0).captured_ns)


def test_roll_has_the_sign_of_motion(astronaut: Picture) -> None:
    turned = cv2.warpAffine(astronaut, cv2.getRotationMatrix2D((225, 103), -20, 1), (512, 512))  # clockwise
    with FaceMesh(TrackConfig()) as tracker:
        straight, tilted = tracker.track(frame(0, astronaut)), None
        tracker.reset()
        tilted = tracker.track(frame(1, np.asarray(turned, np.uint8)))
    assert straight is not None
    assert tilted is not None
    assert np.degrees(euler(tilted.pose.rotation) - euler(straight.pose.rotation))[2] == pytest.approx(20, abs=4)


def test_no_face_is_none_and_a_reset_lets_go(astronaut: Picture) -> None:
    with FaceMesh(TrackConfig()) as tracker:
        assert tracker.track(frame(0)) is None
        assert tracker.track(frame(1, astronaut))
        tracker.reset()
        assert tracker.track(frame(2)) is None


@pytest.mark.parametrize("size", [(40, 40), (64, 2000), (1080, 1920)])
def test_pictures_of_any_shape(size: tuple[int, int]) -> None:
    with FaceMesh(TrackConfig()) as tracker:
        assert tracker.track(frame(0, np.zeros((*size, 3), np.uint8))) is None


def test_it_loads_little_and_says_nothing() -> None:
    program = (
        "import sys, os; from avatard.config import TrackConfig; from avatard.track.facemesh import FaceMesh;"
        "import numpy as np; from avatard.frame import Frame, Stamp\n"
        "with FaceMesh(TrackConfig()) as t: t.track(Frame(np.zeros((99, 99, 3), np.uint8), 0, 0, Stamp.READ));"
        " os.write(2, b'W0000 a real error\\n')\n"
        "print([m for m in ('matplotlib', 'sounddevice', 'jax', 'mediapipe.tasks') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"
    assert done.stderr.splitlines() == ["W0000 a real error"]


def over_face(picture: Picture, size: float) -> Picture:
    """A hand's width of flat skin over the astronaut's face."""
    out = picture.copy()
    cv2.ellipse(out, (224, 130), (int(70 * size), int(85 * size)), 10, 0, 360, (110, 140, 190), cv2.FILLED)
    return np.asarray(out, np.uint8)


def test_a_hand_over_the_face_gives_no_garbage(astronaut: Picture) -> None:
    with open_tracker(TrackConfig()) as tracker:
        before = [tracker.track(frame(i, astronaut)) for i in range(6)][-1]
        covered = [tracker.track(frame(6 + i, over_face(astronaut, 0.25 * (i + 1)))) for i in range(6)]
        after = [tracker.track(frame(12 + i, astronaut)) for i in range(6)]
    assert before is not None
    assert covered[-1] is None
    for face in covered:
        if face is not None:
            assert np.linalg.norm(face.pose.translation[:2] - before.pose.translation[:2]) < before.pose.scale
            assert abs(np.log(face.pose.scale / before.pose.scale)) < 0.4
    assert after[-1] is not None


def test_of_two_faces_ours_is_kept_when_it_is_hidden(astronaut: Picture) -> None:
    """The second face is a picture on the wall, somewhat smaller, always there."""
    portrait = astronaut[0:256, 96:352]
    alone = paste(BLANK, portrait, 20, 100, 300)
    hidden = paste(BLANK, portrait, 390, 60, 230)
    both = paste(hidden, portrait, 20, 100, 300)
    with FaceMesh(TrackConfig()) as raw:
        assert raw.track(frame(0, hidden)), "the picture on the wall must be a temptation"
    with open_tracker(TrackConfig()) as tracker:
        ours = [tracker.track(frame(i, alone)) for i in range(5)]
        assert ours[-1] is not None
        assert all(tracker.track(frame(5 + i, both)) for i in range(5))
        assert not any(tracker.track(frame(10 + i, hidden)) for i in range(20))
        back = [tracker.track(frame(30 + i, both)) for i in range(4)]
        assert back[-1] is not None
        assert np.allclose(back[-1].pose.translation[:2], ours[-1].pose.translation[:2], atol=8)
        gone = [tracker.track(frame(34 + i, hidden)) for i in range(40)]
    assert gone[20] is None
    assert gone[-1] is not None  # ours left for good: the other may have the avatar


def test_a_turn_to_profile_is_no_garbage(astronaut: Picture) -> None:
    """Squeezed sideways the face looks like one that turns away; whatever is found must be a possible face."""
    with open_tracker(TrackConfig()) as tracker:
        for i, squeeze in enumerate(np.linspace(1.0, 0.15, 15)):
            thin = np.asarray(cv2.resize(astronaut, None, fx=squeeze, fy=1.0), np.uint8)
            face = tracker.track(frame(i, paste_wide(thin)))
            if face is not None:
                assert np.isfinite(face.landmarks).all()
                assert abs(euler(face.pose.rotation)[0]) <= YAW + 0.1


def paste_wide(picture: Picture) -> Picture:
    out = np.full((512, 640, 3), 90, np.uint8)
    out[:, : picture.shape[1]] = picture
    return out


def test_blank_frames_cost_nothing_but_a_none() -> None:
    with open_tracker(TrackConfig()) as tracker:
        assert [tracker.track(frame(i, BLANK)) for i in range(3)] == [None] * 3


@pytest.mark.shared
def test_the_face_is_kept_in_all_clips(shared: Path) -> None:
    clips = sorted((shared / "clips").glob("*.mpg"))
    assert len(clips) == 10
    found = []
    with open_tracker(TrackConfig()) as tracker:
        for clip in clips:
            tracker.reset()
            found += [tracker.track(frame(i, picture)) is not None for i, picture in enumerate(read_clip(clip))]
    assert np.mean(found) >= 0.99


@pytest.mark.shared
def test_beside_a_poster_the_speaker_is_kept(shared: Path) -> None:
    """A portrait hangs beside a speaker whom something hides for half a second, twice."""
    poster = np.asarray(cv2.imread(str(shared / "portraits" / "synthetic-03.jpg")), np.uint8)
    wall = paste(np.full((576, 1280, 3), 90, np.uint8), poster, 760, 60, 420)
    with open_tracker(TrackConfig()) as tracker:
        for i, picture in enumerate(read_clip(sorted((shared / "clips").glob("*.mpg"))[2])):
            scene, hidden = wall.copy(), i % 40 >= 28
            if not hidden:
                scene[:, :720] = cv2.resize(picture, (720, 576))
            face = tracker.track(frame(i, scene))
            if face is not None:
                assert face.pose.translation[0] < 720, f"frame {i} drives from the poster"
            assert (face is None) == hidden or i % 40 in (0, 1, 2)
