"""What was found, as plain numbers for JSON: by clip or portrait, and in total. nan becomes None: not measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.reenactment import cross, own
from benchmarks.reenactment.expression import correlations

Numbers = dict[str, Any]


def clip(score: own.Score) -> Numbers:
    """One engine on one clip."""
    return {
        "psnr_db": _each(score.likeness.total_psnr()),
        "ssim": {name: _mean(values) for name, values in score.likeness.ssim.items()},
        "akd_percent": {name: _mean(values) for name, values in score.distance.items()},
        "correlation": _each(correlations([(score.driver, score.output)])),
        "sharpness": {name: _median(values) for name, values in score.sharpness.items()},
        "sharpness_portrait": {name: _median(values) for name, values in score.sharpness_portrait.items()},
        "flicker": _each(score.flicker),
        "identity_cosine": _median(score.identity),
        "lost": score.lost,
    }


def clips(scores: Sequence[own.Score]) -> Numbers:
    """One engine over all clips: dB, SSIM and flicker are means over clips, each clip counting the same; percentiles
    are over the pictures of all clips; correlations are of all clips together (`expression.correlations`)."""
    each = [clip(score) for score in scores]
    return {
        "psnr_db": _means(one["psnr_db"] for one in each),
        "psnr_frames_db": _percentiles([score.likeness.psnr for score in scores]),
        "ssim": _means(one["ssim"] for one in each),
        "akd_percent": _means(one["akd_percent"] for one in each),
        "akd_frames_percent": _percentiles([score.distance for score in scores]),
        "correlation": _each(correlations([(score.driver, score.output) for score in scores])),
        "correlation_clips": _percentiles([{k: [_nan(v)] for k, v in one["correlation"].items()} for one in each]),
        "sharpness": {name: _median(values) for name, values in _joined([s.sharpness for s in scores]).items()},
        "sharpness_portrait": {
            name: _median(values) for name, values in _joined([s.sharpness_portrait for s in scores]).items()
        },
        "flicker": _means(one["flicker"] for one in each),
        "identity_cosine": _mean([_nan(one["identity_cosine"]) for one in each]),
        "lost": _mean([score.lost for score in scores]),
    }


def portrait(score: cross.Score) -> Numbers:
    """One engine on one portrait, under all clips."""
    return {
        "correlation": _each(correlations(score.pairs)),
        "sharpness": {name: _median(values) for name, values in score.sharpness.items()},
        "identity_cosine": _median(score.identity),
        "lost": score.lost,
    }


def portraits(scores: Sequence[cross.Score]) -> Numbers:
    """One engine over all portraits: means over portraits, each counting the same, and the worst of them."""
    each = [portrait(score) for score in scores]
    return {
        "correlation": _means(one["correlation"] for one in each),
        "correlation_worst": {
            name: min((one["correlation"][name] for one in each if one["correlation"][name] is not None), default=None)
            for name in each[0]["correlation"]
        },
        "sharpness": _means(one["sharpness"] for one in each),
        "identity_cosine": _mean([_nan(one["identity_cosine"]) for one in each]),
        "lost": _mean([score.lost for score in scores]),
    }


def _joined(parts: Iterable[Mapping[str, Sequence[float]]]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {}
    for part in parts:
        for name, values in part.items():
            out.setdefault(name, []).extend(values)
    return out


def _percentiles(parts: Sequence[Mapping[str, Sequence[float]]]) -> Numbers:
    found: Numbers = {}
    for name, values in _joined(parts).items():
        real = np.array([value for value in values if np.isfinite(value)])
        points = np.percentile(real, (5, 50, 95)) if real.size else [None] * 3
        found[name] = {"n": int(real.size), **dict(zip(("p5", "p50", "p95"), map(number, points), strict=True))}
    return found


def _means(parts: Iterable[Numbers]) -> Numbers:
    joined: dict[str, list[float]] = {}
    for part in parts:
        for name, value in part.items():
            joined.setdefault(name, []).append(_nan(value))
    return {name: _mean(values) for name, values in joined.items()}


def _mean(values: Sequence[float]) -> float | None:
    real = [value for value in values if np.isfinite(value)]
    return float(np.mean(real)) if real else None


def _median(values: Sequence[float]) -> float | None:
    real = [value for value in values if np.isfinite(value)]
    return float(np.median(real)) if real else None


def _each(values: Mapping[str, float]) -> Numbers:
    return {name: number(value) for name, value in values.items()}


def number(value: float | None) -> float | None:
    """`value`, or None where it is none or nan: JSON knows no nan."""
    return float(value) if value is not None and np.isfinite(value) else None


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
