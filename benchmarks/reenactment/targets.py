"""What a learned engine must reach against `mesh` in the same run, judged as `avatard bench` judges its budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from avatard.bench.result import Verdict
from benchmarks.reenactment.stage import COPY, MESH

#: Least gain in dB over the baseline's PSNR.
GAIN_DB: Final = {"mouth": 2.0, "eyes": 1.0, "face": 0.0}
#: Least correlation with the driver.
CORRELATION: Final = {"mouth_open": 0.95, "lids": 0.85, "gaze_x": 0.8}
#: Most flicker, as a ratio to the baseline's.
FLICKER: Final = 1.1
#: Least sharpness, as a ratio to the clip's own picture and to the portrait. The first is more than the portrait can
#: give where a closed mouth has to open: `copy`, which blurs nothing, is at 0.65 there.
SHARPNESS: Final = 0.9


def challengers(names: Sequence[str]) -> list[str]:
    """The contenders that are judged."""
    return [name for name in names if name not in (COPY.name, MESH.name)]


def judge(name: str, own: dict[str, Any], cross: dict[str, Any]) -> list[Verdict]:
    """The verdicts on one contender. own, cross: totals by name, `cross` empty where nothing was cross-driven.

    What was not measured is not judged.
    """
    rows = [*_own(own[name], own[MESH.name])]
    if cross:
        rows += _asked("cross", cross[name])
    return [
        Verdict(f"{name}: {what}", value, limit, unit, least)
        for what, value, limit, unit, least in rows
        if value is not None
    ]


_Row: TypeAlias = "tuple[str, float | None, float, str, bool]"
"""What, measured, limit, unit, whether the limit is the least."""


def _own(own: dict[str, Any], mesh: dict[str, Any]) -> Iterator[_Row]:
    for region, gain in GAIN_DB.items():
        mine, base = own["psnr_db"][region], mesh["psnr_db"][region]
        yield f"{region} PSNR over {MESH.name}", None if None in (mine, base) else mine - base, gain, "dB", True
    for region in ("face", "mouth", "eyes"):
        mine, base = own["flicker"][region], mesh["flicker"][region]
        yield (
            f"{region} flicker over {MESH.name}",
            mine / base if mine is not None and base else None,
            FLICKER,
            "x",
            False,
        )
    yield from _asked("own", own)
    for region, value in own["sharpness_portrait"].items():
        yield f"{region} sharpness beside the portrait, own", value, SHARPNESS, "x", True


def _asked(where: str, total: dict[str, Any]) -> Iterator[_Row]:
    for expression, least in CORRELATION.items():
        yield f"{expression} correlation, {where}", total["correlation"][expression], least, "", True
    for region, value in total["sharpness"].items():
        yield f"{region} sharpness, {where}", value, SHARPNESS, "x", True
