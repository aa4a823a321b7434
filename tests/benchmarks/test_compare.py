from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "compare.py"


def result(cpu: str, p50: float, seal: float) -> str:
    return json.dumps(
        {
            "machine": {"cpu": cpu},
            "fps": 30.0,
            "age_ms": {"p50": p50},
            "stages_ms": {"seal": {"p50": seal}},
            "start_ms": None,
        }
    )


def compared(folder: Path, before: str, after: str) -> str:
    (folder / "a.json").write_text(before, encoding="utf-8")
    (folder / "b.json").write_text(after, encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(folder / "a.json"), str(folder / "b.json")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_each_figure_has_its_ratio_and_what_was_not_measured_is_left_out(tmp_path: Path) -> None:
    said = compared(tmp_path, result("A", 20.0, 1.0), result("A", 15.0, 1.5))
    assert "0.75x" in next(line for line in said.splitlines() if line.startswith("age_ms p50"))
    assert "1.50x" in next(line for line in said.splitlines() if line.startswith("stages_ms seal p50"))
    assert "start_ms" not in said
    assert "not the same machine" not in said


def test_two_machines_are_not_compared_in_silence(tmp_path: Path) -> None:
    assert "not the same machine: A, B" in compared(tmp_path, result("A", 1.0, 1.0), result("B", 1.0, 1.0))
