from __future__ import annotations

from typing import Any

from benchmarks.reenactment.table import quality_table


def total(db: float) -> dict[str, Any]:
    return {
        "psnr_db": {"mouth": db, "eyes": 22.0, "face": 25.04},
        "ssim": {"mouth": 0.614, "eyes": None},
        "akd_percent": {"lips": 2.84, "lids": 1.7, "iris": 1.8},
        "correlation": {"mouth_open": 0.976, "mouth_width": 0.86, "lids": 0.95, "gaze_x": 0.74},
        "flicker": {"mouth": 1.06, "eyes": 0.9},
        "sharpness": {"face": 0.97},
        "identity_cosine": None,
    }


RESULT: dict[str, Any] = {
    "engines": {"copy": "still", "mesh": "mesh", "meshnet": "meshnet (cpu)"},
    "setup": {"format": "1280x720", "clips": 10, "portraits": 22, "frames": 750},
    "own": {"copy": total(21.73), "mesh": total(20.92), "meshnet": total(23.0)},
    "cross": {"mesh": total(0), "meshnet": total(0)},
}


def test_a_column_for_each_engine_and_the_target_beside_it() -> None:
    lines = quality_table(RESULT).splitlines()
    assert "`meshnet (cpu)`" in lines[0]
    assert "| | `copy` | `mesh` | `meshnet` | wanted |" in lines
    assert "| mouth, PSNR dB | 21.7 | 20.9 | 23.0 | `mesh` +2 |" in lines
    assert "| mouth opening, correlation | 0.98 | 0.98 | 0.98 | 0.95 |" in lines
    assert "| mouth opening, correlation |  | 0.98 | 0.98 | 0.95 |" in lines, "nothing drives a copy across"


def test_every_row_has_every_column() -> None:
    rows = [line for line in quality_table(RESULT).splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}


def test_what_was_not_measured_has_no_row() -> None:
    said = quality_table(RESULT)
    assert "eyes, SSIM" not in said
    assert "same person" not in said
    alone = quality_table({**RESULT, "cross": {}, "setup": {**RESULT["setup"], "portraits": 0}})
    assert "portraits of others" not in alone
