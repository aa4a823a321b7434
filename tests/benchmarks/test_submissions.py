"""What users sent in is whole, and holds nothing that names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avatard.bench import submission

FOLDER = Path(__file__).parents[2] / "benchmarks" / "submissions"
WHOLE = {"machine", "hardware", "setup", "engine", "provider", "legs", "not_run", "verdicts"}


def problems(file: Path) -> list[str]:
    """Why a file cannot be taken."""
    told = json.loads(file.read_text(encoding="utf-8"))
    if (told.get("schema"), told.get("kind")) != (1, "end-to-end"):
        return ["it is not a file of avatard bench --submit-file"]
    found = [f"{key} is missing" for key in sorted(WHOLE - set(told))]
    if not told.get("hardware"):
        found.append("the hardware is not described")
    if submission.without_names(told, []) != told:
        found.append("there is a path in it")
    found += [f"{leg['route']}: out of order" for leg in told.get("legs", []) if leg["seen"]["reordered"]]
    return found


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_each_submission_can_be_taken(file: Path) -> None:
    assert not problems(file)


def test_a_path_in_a_submission_is_found(tmp_path: Path) -> None:
    told = {key: [{"x": 1}] for key in WHOLE} | {"schema": 1, "kind": "end-to-end", "legs": [], "not_run": []}
    (tmp_path / "good.json").write_text(json.dumps(told), encoding="utf-8")
    assert not problems(tmp_path / "good.json")
    told["not_run"] = [{"route": "v4l2loopback", "why": "cannot open /home/anna/x"}]
    (tmp_path / "bad.json").write_text(json.dumps(told), encoding="utf-8")
    assert problems(tmp_path / "bad.json") == ["there is a path in it"]
