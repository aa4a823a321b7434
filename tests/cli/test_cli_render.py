from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from avatard import avatars, canonical
from avatard.avatar import Avatar, Subject
from avatard.cli.group import cli
from avatard.errors import SourceError


class _Wall:
    """A store whose only avatar is a plain picture."""

    def load(self, name: str) -> Avatar:
        face = (canonical.neutral() * 120 + (256, 256, 0)).astype(np.float32)
        return Avatar(name, np.full((512, 512, 3), 120, np.uint8), face, Subject.STYLISED, "")


@pytest.fixture(autouse=True)
def _plain_avatar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(avatars, "open_store", _Wall)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 frames of grey, no face."""
    file = tmp_path_factory.mktemp("clip") / "grey.mp4"
    with av.open(file, "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for i in range(12):
            picture = Image.new("RGB", (160, 120), (i, 90, 90))
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), "rgb24")))
        out.mux(stream.encode(None))
    return file


def render(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["render", *arguments, "--engine", "still", "--size", "320x240"])


def test_every_frame_is_drawn_and_reported(clip: Path, tmp_path: Path) -> None:
    target, report = tmp_path / "out.mp4", tmp_path / "times.json"
    done = render(str(clip), str(target), "--report", str(report))
    assert done.exit_code == 0, done.output
    assert f"{target}: 12 frames in " in done.stderr
    assert done.stderr.rstrip().endswith("drawn by still")
    with av.open(target) as film:
        sizes = [(frame.width, frame.height) for frame in film.decode(video=0)]
    assert sizes == [(320, 240)] * 12
    told = json.loads(report.read_text())
    assert (told["schema"], told["frames"], told["no_face"]) == (1, 12, 12)
    assert (told["engine"], told["engine_fallbacks"]) == ("still", 0)
    assert len(told["per_frame_ms"]["seal"]) == 12


def test_quiet_is_quiet(clip: Path, tmp_path: Path) -> None:
    assert render(str(clip), str(tmp_path / "out.mp4"), "-q").output == ""


def test_the_input_is_not_overwritten(clip: Path) -> None:
    before = clip.read_bytes()
    assert render(str(clip), str(clip)).exit_code == 2
    assert clip.read_bytes() == before


@pytest.mark.parametrize(("target", "report"), [("missing/out.mp4", "times.json"), ("out.mp4", "missing/times.json")])
def test_a_place_that_cannot_be_written_is_an_error(clip: Path, tmp_path: Path, target: str, report: str) -> None:
    done = render(str(clip), str(tmp_path / target), "--report", str(tmp_path / report))
    assert done.exit_code == 12
    assert "cannot write" in done.stderr


def test_what_is_no_video_is_an_error(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no video")
    assert render(str(text), str(tmp_path / "out.mp4")).exit_code == SourceError.exit_code
    result = render(str(tmp_path / "none.mp4"), str(tmp_path / "out.mp4"))
    assert result.exit_code == SourceError.exit_code
    assert not (tmp_path / "out.mp4").exists()
