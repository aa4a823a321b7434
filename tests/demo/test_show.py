"""The demo, through the command that users type."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
from click.testing import CliRunner

from avatard.cli.group import cli


def test_a_short_demo_leaves_a_film_and_a_sheet_and_prints_the_times(tmp_path: Path) -> None:
    out = tmp_path / "new" / "demo"
    arguments = ["demo", "--seconds", "1", "--out", str(out), "--engine", "mesh"]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == ["demo.mp4", "demo.png"]
    with av.open(str(out / "demo.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (1280, 720)
        assert sum(1 for _ in container.decode(stream)) >= 5
    assert cv2.imread(str(out / "demo.png")) is not None
    assert "reenact" in done.output
    assert "age" in done.output
    assert "drawn by mesh" in done.output


def test_a_folder_that_cannot_be_made_is_the_users_to_mend(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = CliRunner().invoke(cli, ["demo", "--out", str(tmp_path / "file" / "demo")])
    assert done.exit_code == 12
    assert "--out" in done.output
