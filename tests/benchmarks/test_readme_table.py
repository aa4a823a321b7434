"""The README's table is generated: run as the build runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.reenactment.test_table import RESULT as QUALITY

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "readme_table.py"
README = "# x\n\nbefore\n<!-- latency:begin -->\nold\n<!-- latency:end -->\nafter\n"
TIMES = {"n": 1800, "p50": 14.04, "p95": 22.0, "p99": 31.0, "max": 44.0}
RESULT = {
    "machine": {"cpu": "AMD EPYC", "cores": 2, "system": "Linux", "python": "3.11.7", "versions": {"avatard": "0.1.0"}},
    "setup": {"format": "1280x720@30"},
    "engine": "mesh",
    "seconds": 60.0,
    "counters": {"rendered": 200, "rendered_light": 0},
    "fps": 30.0,
    "age_ms": TIMES,
    "stages_ms": dict.fromkeys(("capture", "track", "drive", "reenact", "seal", "output"), TIMES),
    "core_ms": {"track": 6.5},
    "cpu_ms_per_frame": 19.0,
    "rss_mb": 301.0,
    "start_ms": 2111.0,
    "dropped": 0.001,
    "plain": {"age_ms": TIMES, "cpu_ms_per_frame": 3.0},
    "soak": {"growth_mb": 0.4, "age_drift_ms": -0.1},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    results = tmp_path / "results"
    results.mkdir()
    for name in ("null", "y4m-ring", "call"):
        (results / f"{name}.json").write_text(json.dumps(RESULT), encoding="utf-8")
    (results / "soak.json").write_text(json.dumps({**RESULT, "seconds": 1800.0}), encoding="utf-8")
    (results / "render.json").write_text(json.dumps({"fps": 71.6}), encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--readme", str(folder / "README.md"), "--results", str(folder / "results")]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def test_it_writes_the_figures_between_the_markers_and_nothing_else(folder: Path) -> None:
    assert run(folder).returncode == 0
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# x\n\nbefore\n<!-- latency:begin -->\n")
    assert text.endswith("<!-- latency:end -->\nafter\n")
    assert "old" not in text
    for said in (
        "AMD EPYC, 2 cores",
        "| age at an independent reader of the sink | 14.0 | 22.0 | 31.0 | 44.0 | 30.0 | 19.0 |",
        "| track | 14.0 | 22.0 | 31.0 | 44.0 | 6.5 |",
        "first avatar picture: 2.1 s",
        "Soak of 30 minutes (`mesh`): memory +0.4 MB",
        "`avatard render`: 72 frames a second",
    ):
        assert said in text


def test_check_fails_until_the_table_is_written_and_changes_nothing(folder: Path) -> None:
    stale = run(folder, "--check")
    assert stale.returncode == 1
    assert "out of date" in stale.stderr
    assert (folder / "README.md").read_text(encoding="utf-8") == README
    run(folder)
    assert run(folder, "--check").returncode == 0


def test_scenarios_without_a_result_are_left_out(folder: Path) -> None:
    for name in ("call", "soak", "render"):
        (folder / "results" / f"{name}.json").unlink()
    assert run(folder).returncode == 0
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "call" not in text
    assert "render" not in text


def test_a_readme_without_markers_is_refused(folder: Path) -> None:
    (folder / "README.md").write_text("# x\n", encoding="utf-8")
    refused = run(folder)
    assert refused.returncode == 1
    assert "latency:begin" in refused.stderr


def test_the_table_of_quality_stands_between_its_own_markers(folder: Path) -> None:
    readme = folder / "README.md"
    readme.write_text(README + "<!-- quality:begin -->\n<!-- quality:end -->\nend\n", encoding="utf-8")
    assert run(folder).returncode == 0
    assert "No results yet: `python benchmarks/quality.py` makes them." in readme.read_text(encoding="utf-8")
    (folder / "results" / "quality.json").write_text(json.dumps(QUALITY), encoding="utf-8")
    assert run(folder, "--check").returncode == 1
    assert run(folder).returncode == 0
    text = readme.read_text(encoding="utf-8")
    assert text.index("| track |") < text.index("| mouth, PSNR dB |")
    assert text.endswith("<!-- quality:end -->\nend\n")


def test_a_result_of_quality_needs_its_markers(folder: Path) -> None:
    (folder / "results" / "quality.json").write_text(json.dumps(QUALITY), encoding="utf-8")
    refused = run(folder)
    assert refused.returncode == 1
    assert "quality:begin" in refused.stderr


def test_a_run_time_has_figures_only_where_it_ran(folder: Path) -> None:
    ran = {"provider": "cpu", "what": "", "why_not": "", "wall_ms": TIMES, "core_ms": 11.26}
    not_run = {"provider": "tensorrt", "what": "", "why_not": "no GPU", "wall_ms": {"p50": 0.0}, "core_ms": 0.0}
    result = {"machine": RESULT["machine"], "engine": "meshnet", "runs": 300, "fps": 30.0, "costs": [not_run, ran]}
    (folder / "results" / "network.json").write_text(json.dumps(result), encoding="utf-8")
    assert run(folder).returncode == 1  # the README has no place for it yet
    readme = folder / "README.md"
    readme.write_text(f"{README}<!-- network:begin -->\n<!-- network:end -->\n", encoding="utf-8")
    assert run(folder).returncode == 0
    text = readme.read_text(encoding="utf-8")
    assert "| ONNX Runtime, CPU | run on AMD EPYC, 2 cores | 14.0 | 31.0 | 11.3 |" in text
    assert "| TensorRT | written, not run: no such GPU yet | | | |" in text


def test_pictures_without_the_network_are_told(folder: Path) -> None:
    light = {**RESULT, "counters": {"rendered": 200, "rendered_light": 12}}
    (folder / "results" / "meshnet.json").write_text(json.dumps(light), encoding="utf-8")
    assert run(folder).returncode == 0
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "| the same with the engine `meshnet`, 6% of its pictures without the network" in text
    assert text.count("without the network") == 1
