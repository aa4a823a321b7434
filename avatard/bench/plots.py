"""The report's two pictures, as SVG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from avatard.timing import Percentiles

_INK, _LINE, _LIMIT = "#1f2933", "#2a6fb0", "#c2410c"


def age_over_time(ages_ms: npt.NDArray[np.float64], seconds: float, deadline_ms: float | None) -> Figure:
    """Each picture's age against the time it was shown: stalls and drift are visible, a mean hides both."""
    figure, axes = _axes("seconds", "age, ms")
    at = np.linspace(0, seconds, len(ages_ms))
    axes.plot(at, ages_ms, color=_LINE, linewidth=0.7)
    _deadline(axes.axhline, deadline_ms)
    axes.set_xlim(0, max(seconds, 1e-3))
    axes.set_ylim(0, 1.1 * max(float(ages_ms.max(initial=1.0)), deadline_ms or 0.0))
    return figure


def age_histogram(ages_ms: npt.NDArray[np.float64], age: Percentiles, deadline_ms: float | None) -> Figure:
    """How many pictures had which age; logarithmic, so that one late picture in a thousand can be seen."""
    figure, axes = _axes("age, ms", "pictures")
    longest = max(float(ages_ms.max(initial=1.0)), deadline_ms or 0.0)
    bins: list[float] = np.arange(0, longest + 2, max(0.5, longest / 120)).tolist()
    axes.hist(ages_ms, bins=bins, color=_LINE, log=bool(ages_ms.size))
    for name, value in (("p50", age.p50), ("p95", age.p95), ("p99", age.p99)):
        axes.axvline(value, color=_INK, linewidth=0.8, linestyle=":")
        above = axes.get_xaxis_transform()  # data across, the axes' own height up
        axes.text(value, 1.01, name, transform=above, rotation=90, va="bottom", ha="center", fontsize=8, color=_INK)
    _deadline(axes.axvline, deadline_ms)
    axes.set_xlim(0, 1.05 * longest)
    return figure


def as_svg(figure: Figure) -> str:
    """The figure as an `<svg>` element, to stand in a page."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]


def _axes(x: str, y: str) -> tuple[Figure, Axes]:
    # The object interface: pyplot would pick a window system and keep every figure alive.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 2.8), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x, color=_INK)
    axes.set_ylabel(y, color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    return figure, axes


def _deadline(draw: Any, deadline_ms: float | None) -> None:
    if deadline_ms is not None:
        draw(deadline_ms, color=_LIMIT, linewidth=1.2, linestyle="--")
