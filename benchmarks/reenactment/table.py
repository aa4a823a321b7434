"""README.md's table of quality, from a result's JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from benchmarks.reenactment import targets
from benchmarks.reenactment.stage import MESH

#: Row → measure, its part, digits. First of self-reenactment, then of cross-driving.
OWN: Final = {
    "mouth, PSNR dB": ("psnr_db", "mouth", 1),
    "eyes, PSNR dB": ("psnr_db", "eyes", 1),
    "face, PSNR dB": ("psnr_db", "face", 1),
    "mouth, SSIM": ("ssim", "mouth", 2),
    "eyes, SSIM": ("ssim", "eyes", 2),
    "lips, distance in % of the eyes'": ("akd_percent", "lips", 1),
    "lids, distance in % of the eyes'": ("akd_percent", "lids", 1),
    "iris, distance in % of the eyes'": ("akd_percent", "iris", 1),
    "mouth opening, correlation": ("correlation", "mouth_open", 2),
    "mouth width, correlation": ("correlation", "mouth_width", 2),
    "lids, correlation": ("correlation", "lids", 2),
    "gaze, correlation": ("correlation", "gaze_x", 2),
    "mouth, flicker in grey levels": ("flicker", "mouth", 2),
    "eyes, flicker in grey levels": ("flicker", "eyes", 2),
    "face, sharpness": ("sharpness", "face", 2),
    "the same beside the portrait": ("sharpness_portrait", "face", 2),
}
CROSS: Final = {
    "mouth opening, correlation": ("correlation", "mouth_open", 2),
    "mouth width, correlation": ("correlation", "mouth_width", 2),
    "lids, correlation": ("correlation", "lids", 2),
    "gaze, correlation": ("correlation", "gaze_x", 2),
    "face, sharpness": ("sharpness", "face", 2),
    "same person, cosine": ("identity_cosine", None, 3),
}


def quality_table(result: dict[str, Any]) -> str:
    """Markdown: a column an engine, what the engines must reach beside it. What was not measured is left out."""
    engines, setup = list(result["engines"]), result["setup"]
    head = [f"| | {' | '.join(f'`{name}`' for name in engines)} | wanted |", f"|---|{'--:|' * len(engines)}--:|"]
    own = list(_rows(OWN, result["own"], engines, "own"))
    cross = list(_rows(CROSS, result["cross"], engines, "cross"))
    drawn = ", ".join(f"`{called}`" for called in result["engines"].values())
    said = [f"{setup['clips']} clips, {setup['frames']} pictures of {setup['format']}; engines {drawn}.", "", *head]
    said += [_title(f"a clip drives its own first picture ({setup['clips']} clips)", engines), *own]
    if cross:
        said += [_title(f"the clips drive {setup['portraits']} portraits of others", engines), *cross]
    return "\n".join(said)


def _rows(rows: dict[str, Any], totals: dict[str, Any], engines: list[str], where: str) -> Iterator[str]:
    for title, (measure, part, digits) in rows.items():
        cells = []
        for engine in engines:
            found = totals.get(engine, {}).get(measure)
            value = found if part is None or found is None else found[part]
            cells.append("" if value is None else f"{value:.{digits}f}")
        if any(cells):
            yield f"| {title} | {' | '.join(cells)} | {_wanted(measure, part, where)} |"


def _title(text: str, engines: list[str]) -> str:
    return f"| **{text}** |{' |' * (len(engines) + 1)}"


def _wanted(measure: str, part: str | None, where: str) -> str:
    """The target, in the table's words; empty where there is none."""
    if measure == "psnr_db" and where == "own" and part in targets.GAIN_DB:
        return f"`{MESH.name}` {targets.GAIN_DB[part]:+g}"
    if measure == "correlation" and part in targets.CORRELATION:
        return f"{targets.CORRELATION[part]:g}"
    if measure == "flicker":
        return f"{targets.FLICKER:g} x `{MESH.name}`"
    return f"{targets.SHARPNESS:g}" if measure.startswith("sharpness") else ""
