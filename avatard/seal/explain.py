"""Draws what a search found: for `verify --explain`, and for anyone who doubts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from avatard.errors import SinkError
from avatard.seal.detector import INCONCLUSIVE, PRESENT, Finding, Verdict
from avatard.seal.residual import Luma

_COLOURS = {Verdict.PRESENT: "#1b7f4b", Verdict.INCONCLUSIVE: "#b26a00", Verdict.ABSENT: "#5a6472"}


def draw_finding(finding: Finding, frame: Luma, path: Path) -> None:
    """Write a PNG: the frame that was looked at, the correlation at each shift, and the best of each scale.

    Raises SinkError where it cannot be written.
    """
    figure = Figure(figsize=(13, 4.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    picture, shifts, scales = figure.subplots(1, 3, width_ratios=(1.25, 1, 1.35))
    figure.suptitle(_headline(finding), color=_COLOURS[finding.verdict], fontweight="bold")
    picture.imshow(frame, cmap="gray", vmin=0, vmax=255)
    picture.set_title("one of the frames, in grey")
    picture.set_axis_off()
    _draw_shifts(shifts, finding)
    _draw_scales(scales, finding)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise SinkError(f"cannot write {path}: {error.strerror}", "Choose another place for --explain.") from error


def _headline(finding: Finding) -> str:
    said = f"{finding.verdict.value}: z {finding.z:.1f}, scale {finding.scale:.3f}"
    if finding.mirrored:
        said += ", mirrored"
    if abs(finding.aspect - 1) > 0.02:
        said += f", aspect {finding.aspect:.2f}"
    if finding.payload is not None:
        said += f", instance {finding.payload.instance:08x}, hour {finding.payload.started:%Y-%m-%d %H}:00 UTC"
    return said


def _draw_shifts(axes: Any, finding: Finding) -> None:
    # The peak in the middle: where a tile begins says nothing, and at the rim it would be overlooked.
    side = len(finding.surface)
    row, column = np.unravel_index(int(finding.surface.argmax()), finding.surface.shape)
    centred = np.roll(finding.surface, (side // 2 - int(row), side // 2 - int(column)), axis=(0, 1))
    image = axes.imshow(centred, cmap="magma", vmin=-4, vmax=max(PRESENT, finding.z))
    axes.figure.colorbar(image, ax=axes, label="standard deviations")
    axes.set_title("match at each shift of the tile\n(a mark is one sharp point)")
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_scales(axes: Any, finding: Finding) -> None:
    scale, z = finding.searched.T
    axes.plot(scale, z, ".", markersize=2, color="#8a94a6", label="quick look")
    axes.plot([finding.scale], [finding.z], "o", color=_COLOURS[finding.verdict], label="best, looked at closely")
    axes.axhline(PRESENT, color=_COLOURS[Verdict.PRESENT], linewidth=1)
    axes.axhline(INCONCLUSIVE, color=_COLOURS[Verdict.INCONCLUSIVE], linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(0.22, 2.7)
    ticks = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("supposed scale")
    axes.set_ylabel("z")
    axes.set_title("best match at each scale")
    axes.legend(loc="best", fontsize="small")
