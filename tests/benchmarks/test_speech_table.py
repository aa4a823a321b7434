from __future__ import annotations

from typing import Any

from benchmarks.speech_table import speech_table

MS = {"n": 18, "p50": 104.4, "p95": 131.6, "p99": 140.0, "max": 150.0}


def results() -> dict[str, dict[str, Any]]:
    return {
        "speaking": {
            "voices": {
                "en-us": {
                    "first_sound_ms": MS,
                    "after_rest_ms": {**MS, "p50": 120.2},
                    "age_silent_ms": {**MS, "p99": 20.1},
                    "age_speaking_ms": {**MS, "p99": 20.4},
                }
            }
        },
        "voices": {"voices": {"en-us": {"engine": "espeak-ng", "cancel_ms": {**MS, "max": 15.2}}}},
        "closures": {"engines": {"mesh": {"closures": {"p b m": {"wanted": 10, "closed": 9}}}}},
        "voice-mouth": {"median": {"opening": 0.638, "energy": 0.551}, "hop": {"cpu_ms": 0.0985}},
    }


def test_each_figure_stands_beside_what_was_asked() -> None:
    table = speech_table(results())
    for row in (
        "| Enter to the call's first sound, `en-us`, p50 / p95 | ≤ 150 ms | 104 / 132 ms |",
        "| the same after ten seconds of silence, p50 / p95 | ≤ 150 ms | 120 / 132 ms |",
        "| age of the picture, p99, silent → while `en-us` speaks | no more | 20.1 → 20.4 ms |",
        "| stop: until the slowest voice is quiet, at most | ≤ 100 ms | 15 ms |",
        "| p, b, m seen closed in `mesh`'s sealed pictures | all | 9 of 10 |",
        "≥ 0.6 | 0.64 (loudness alone 0.55) |",
        "≤ 0.2 ms | 0.10 ms |",
    ):
        assert row in table


def test_what_was_not_measured_has_no_row() -> None:
    found = results()
    del found["closures"], found["speaking"]
    table = speech_table(found)
    assert "closed" not in table
    assert "Enter" not in table
