"""The whole run on the shipped performer, as a person would start it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import pytest

from benchmarks.reenactment.closeups import CELL, INSTANTS
from tests.reenact.made_networks import write_networks

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "quality.py"
ASSETS = Path(str(files("avatard.assets")))
PERFORMER = ASSETS / "performer" / "performer.mp4"


def quality(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    places = ["--json", str(folder / "quality.json"), "--out", str(folder / "sheets")]
    command = [sys.executable, str(SCRIPT), "--clip", str(PERFORMER), *places, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After a run of 20 frames with a network of random weights, which cannot reach what is asked of it."""
    folder = tmp_path_factory.mktemp("quality")
    made = f"made={write_networks(folder / 'engines')}"
    portrait = str(ASSETS / "avatars" / "mira.jpg")
    run = quality(folder, "--frames", "20", "--portrait", portrait, "--model", made, "--judge", "--jobs", "1")
    assert run.returncode == 3, run.stderr
    assert "MISSED made:" in run.stdout
    return folder


@pytest.fixture(scope="module")
def result(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.timeout(600)  # the run itself falls into the first test: 15 s, but on a busy machine minutes
@pytest.mark.slow
def test_it_says_what_ran(result: dict[str, Any]) -> None:
    assert result["schema"] == 1
    assert list(result["engines"]) == ["copy", "mesh", "made"]
    assert result["engines"]["made"].startswith("meshnet (")
    assert (result["setup"]["clips"], result["setup"]["portraits"], result["setup"]["frames"]) == (1, 1, 20)
    assert result["machine"]["cores"] >= 1
    assert list(result["clips"]) == ["performer"]
    assert list(result["portraits"]) == ["mira"]


@pytest.mark.slow
def test_geometry_beats_the_still_and_a_still_neither_moves_nor_flickers(result: dict[str, Any]) -> None:
    copy, mesh = result["own"]["copy"], result["own"]["mesh"]
    for region in ("face", "mouth", "eyes"):
        assert mesh["psnr_db"][region] > copy["psnr_db"][region] + 2
        assert mesh["ssim"][region] > copy["ssim"][region]
    assert mesh["akd_percent"]["lips"] < 0.7 * copy["akd_percent"]["lips"]
    assert mesh["correlation"]["mouth_open"] > 0.9 > copy["correlation"]["mouth_open"]
    assert result["cross"]["mesh"]["correlation"]["mouth_open"] > 0.9
    assert set(copy["flicker"].values()) == {0}
    assert mesh["flicker"]["mouth"] > 0
    assert mesh["lost"] == 0


@pytest.mark.slow
def test_a_network_of_random_weights_draws_something_else_and_does_not_pass(result: dict[str, Any]) -> None:
    made, mesh = result["own"]["made"], result["own"]["mesh"]
    assert made["psnr_db"]["mouth"] != mesh["psnr_db"]["mouth"]
    assert made["psnr_db"]["face"] < mesh["psnr_db"]["face"] + 1
    assert result["passed"] is False
    missed = {verdict["what"] for verdict in result["verdicts"] if not verdict["ok"]}
    assert "made: mouth PSNR over mesh" in missed


@pytest.mark.slow
def test_the_sheets_are_there_to_look_at(folder: Path) -> None:
    for name in ("own-performer", "cross-mira"):
        sheet = cv2.imread(str(folder / "sheets" / f"{name}.png"))
        assert sheet is not None
        assert sheet.shape[0] == CELL * len(INSTANTS)
        assert sheet.std() > 20


@pytest.mark.parametrize(
    ("option", "name", "code", "said"),
    [("--clip", "no.mp4", 11, "no.mp4 is not there"), ("--portrait", "test_quality.py", 14, "test_quality.py")],
)
def test_a_file_that_cannot_be_used_is_told_before_anything_runs(
    tmp_path: Path, option: str, name: str, code: int, said: str
) -> None:
    run = quality(tmp_path, "--engine", "mesh", "--frames", "6", option, str(Path(__file__).parent / name))
    assert run.returncode == code
    assert said in run.stderr
    assert "clip performer" not in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "quality.json").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--judge", "--engine", "mesh", "--no-cross"), 10, "nothing to judge"),
        (("--model", "mesh=engines"), 2, "name of its own"),
        (("--frames", "5"), 2, "--frames 6 or more"),
        (("--jobs", "0"), 2, "--jobs is 1 or more"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, options: tuple[str, ...], code: int, said: str) -> None:
    run = quality(tmp_path, *options)
    assert run.returncode == code
    assert said in run.stderr
