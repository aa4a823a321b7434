from pathlib import Path

import pytest

from avatard.config import TrackConfig
from avatard.errors import EngineError
from avatard.frame import Picture
from avatard.motion import ARKIT
from avatard.track import open_tracker
from avatard.track.landmarker import Landmarker, read_bundle
from tests.track.track_scenes import frame, read_clip


@pytest.mark.parametrize("bundle", [b"", b"not a bundle"])
def test_another_file_is_refused(bundle: bytes, tmp_path: Path) -> None:
    path = tmp_path / "face_landmarker.task"
    path.write_bytes(bundle)
    with pytest.raises(EngineError, match="SHA-256") as failure:
        read_bundle(str(path))
    assert "avatard engine import" in failure.value.hint


def test_no_file_and_no_setting_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        read_bundle(str(tmp_path / "none.task"))
    with pytest.raises(EngineError, match=r"track\.model is empty"), Landmarker(TrackConfig(backend="landmarker")):
        pass


@pytest.mark.shared
def test_it_measures_expression_by_name(shared: Path, astronaut: Picture) -> None:
    config = TrackConfig(backend="landmarker", model=str(shared / "models" / "face_landmarker.task"))
    with open_tracker(config) as tracker:
        face = tracker.track(frame(0, astronaut))
        assert face is not None
        assert set(face.expression) <= set(ARKIT)
        assert len(face.expression) == 51
        assert all(0 <= value <= 1 for value in face.expression.values())
        assert face.expression["mouthSmileLeft"] > 0.4  # she smiles
        tracker.reset()
        clip = read_clip(sorted((shared / "clips").glob("*.mpg"))[0])
        found = [tracker.track(frame(1 + i, picture)) for i, picture in enumerate(clip)]
    assert sum(f is not None for f in found) >= 74
    assert max(f.expression["jawOpen"] for f in found if f) > 0.1
