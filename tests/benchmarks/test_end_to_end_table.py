from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.end_to_end_table import end_to_end_table
from benchmarks.readme_table import load_results, updated

TIMES = {"n": 1800, "p50": 19.04, "p95": 24.0, "p99": 31.0, "max": 44.0}
MACHINE = {"cpu": "AMD EPYC", "cores": 2, "system": "Linux", "kernel": "6.1", "load_average": [0.1, 0.2, 0.3]}
HARDWARE = {
    "distribution": "Debian GNU/Linux 12",
    "virtual_machine": False,
    "cameras": [{"name": "C920", "driver": "uvcvideo", "formats": ["MJPG"]}],
    "gpus": [{"name": "RTX 4070", "driver": "nvidia 570"}],
}


def leg(route: str, load: str = "", **changed: Any) -> dict[str, Any]:
    return {
        "route": route,
        "load": load,
        "includes": f"frame due, until {route} has it",
        "reader_is": "",
        "clock_ms": 0.0,
        "age_ms": TIMES,
        "motion": {"lag_ms": {**TIMES, "p50": 47.2}, "openings": 50, "found": 50},
        "seen": {"pictures": 1790, "repeats": 9, "dropped": 10, "reordered": 0},
        "repeated": 0.005,
        **changed,
    }


def result(*legs: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "machine": MACHINE,
        "hardware": None,
        "setup": {"source": "performer", "format": "1280x720@30"},
        "engine": "mesh",
        "provider": "cpu",
        "legs": list(legs),
        "not_run": [],
        "verdicts": [
            {"what": "y4m-ring p50", "value": 19.04, "limit": 25.0, "unit": "ms", "ok": True},
            {"what": "y4m-ring repeated", "value": 0.02, "limit": 0.01, "unit": "", "ok": False},
        ],
        **changed,
    }


def test_a_row_a_leg_alone_before_those_beside_a_call() -> None:
    table = end_to_end_table(result(leg("y4m-ring"), leg("y4m-ring", "call"), leg("pipewire")), {}, {})
    rows = [line for line in table.splitlines() if "| 19.0 |" in line]
    assert rows == [
        "| y4m ring | alone | 19.0 | 24.0 | 31.0 | 44.0 | 47 / 24 | 0.5% | 10 of 1800 | 0 |",
        "| PipeWire camera | alone | 19.0 | 24.0 | 31.0 | 44.0 | 47 / 24 | 0.5% | 10 of 1800 | 0 |",
        "| y4m ring | a call | 19.0 | 24.0 | 31.0 | 44.0 | 47 / 24 | 0.5% | 10 of 1800 | 0 |",
    ]


def test_what_each_age_includes_is_said_once() -> None:
    browser = leg("chromium", reader_is="Chromium 156", clock_ms=0.61)
    table = end_to_end_table(result(leg("y4m-ring"), leg("y4m-ring", "call"), browser), {}, {})
    assert table.count("until y4m-ring has it") == 1
    assert "(Chromium 156, clocks compared to 0.6 ms): frame due, until chromium has it" in table


def test_what_failed_is_told_with_its_reason() -> None:
    failed = [{"route": "pipewire", "why": "PipeWire has gone"}]
    table = end_to_end_table(result(leg("y4m-ring"), leg("pipewire"), not_run=failed), {}, {})
    assert "Not run here: PipeWire camera (PipeWire has gone)." in table


def test_promises_are_held_against_what_was_measured_sleep_included() -> None:
    sleep = {
        "rounds": 10,
        "asleep": {"fresh": {"cpu_percent": 0.5, "rss_mb": 224.0}, "again": {"cpu_percent": 2.4, "rss_mb": 301.0}},
        "wake": {"first_picture_ms": {"max": 591.7}},
    }
    table = end_to_end_table(result(leg("y4m-ring")), {"sleep": sleep}, {})
    for row in (
        "| y4m-ring p50 | 25.0 ms | 19.0 ms | yes |",
        "| y4m-ring repeated | 1.0% | 2.0% | **no** |",
        "| wake, slowest of 10 | 1000 ms | 592 ms | yes |",
        "| asleep, share of one core | 2.0% | 2.4% | **no** |",
        "| asleep, memory | 300 MB | 301 MB | **no** |",
    ):
        assert row in table


def test_a_peer_that_was_not_run_has_no_figures() -> None:
    peers = {
        "ages": [
            {"name": "ffmpeg", "not_run": "", "age_ms": TIMES, "seen": {"pictures": 99, "repeats": 1}},
            {"name": "pyvirtualcam", "not_run": "not installed", "age_ms": None, "seen": None},
        ],
        "costs": [
            {"name": "avatard", "parameters": None, "wall_ms": None, "core_ms": 15.4},
            {"name": "LivePortrait", "parameters": 129_059_194, "wall_ms": TIMES, "core_ms": 15944.2},
        ],
    }
    table = end_to_end_table(result(leg("y4m-ring")), {"peers": peers}, {})
    assert "| ffmpeg | 19.0 | 24.0 | 31.0 | 44.0 | 1.0% |" in table
    assert "| pyvirtualcam: not run | | | | | |" in table
    assert "| LivePortrait | 129.1 M | 19 | 15944 |" in table


def test_what_nobody_has_run_is_what_no_result_shows() -> None:
    alone = end_to_end_table(result(leg("y4m-ring"), leg("pipewire")), {}, {})
    unrun = next(line for line in alone.splitlines() if line.startswith("Not run on yet"))
    assert "PipeWire" not in unrun
    for what in ("a real webcam", "v4l2loopback", "Chromium", "not virtual", "NVIDIA GPU", "Windows", "macOS"):
        assert what in unrun
    theirs = result(
        leg("v4l2loopback"),
        hardware=HARDWARE,
        provider="cuda",
        setup={"source": "camera", "format": "1280x720@30"},
    )
    both = end_to_end_table(result(leg("y4m-ring"), leg("pipewire")), {}, {"rtx": theirs})
    unrun = next(line for line in both.splitlines() if line.startswith("Not run on yet"))
    assert unrun.startswith("Not run on yet: Chromium; Windows; macOS.")
    assert "[AMD EPYC, 2 cores](benchmarks/submissions/rtx.json), RTX 4070; Debian GNU/Linux 12 | C920 |" in both


def test_a_result_without_legs_proves_nothing() -> None:
    empty = result(machine={**MACHINE, "system": "Windows"}, hardware=HARDWARE)
    assert "Windows" in end_to_end_table(result(leg("y4m-ring")), {}, {"empty": empty}).splitlines()[-1]


def test_it_stands_between_its_own_markers(tmp_path: Path) -> None:
    (tmp_path / "end-to-end.json").write_text(json.dumps(result(leg("y4m-ring"))), encoding="utf-8")
    results = load_results(tmp_path)
    latency = "<!-- latency:begin -->\n<!-- latency:end -->\n"
    with pytest.raises(ValueError, match="end-to-end:begin"):
        updated(latency, results, {})
    text = updated(f"{latency}<!-- end-to-end:begin -->\n<!-- end-to-end:end -->\n", results, {})
    assert "| y4m ring | alone |" in text
