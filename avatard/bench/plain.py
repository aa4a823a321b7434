"""The plain path: capture → seal → null, with no face work. What the machine itself costs, at this hour."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from avatard.bench.blind import Blind
from avatard.bench.result import Plain
from avatard.bench.whole import Whole, measure
from avatard.parts import parts_of, ready_engine
from avatard.timing import Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config
    from avatard.parts import Parts


def plain_path(config: Config, avatar: Avatar, parts: Parts, seconds: float) -> Whole:
    """The same threads, source and size; nobody looks for a face, and the portrait stands still."""
    config = replace(
        config,
        reenact=replace(config.reenact, engine="still"),
        output=replace(config.output, sinks=("null",)),
    )
    parts = replace(
        parts,
        tracker=Blind,
        engine=lambda avatar: ready_engine(config, parts.format, avatar),
        sink=parts_of(config).sink,
    )
    return measure(config, avatar, parts, seconds, lambda moment: None)


def compare(whole: Whole, before: Whole, after: Whole) -> Plain:
    """The whole line against the plain path before and after it, pooled."""
    age = Percentiles.of_ns(np.concatenate([before.ages_ns, after.ages_ns]))
    pictures = before.pictures + after.pictures
    cpu_ms = 1e3 * (before.window.cpu_s + after.window.cpu_s) / max(1, pictures)
    return Plain(
        frames=pictures,
        age_ms=age,
        cpu_ms_per_frame=cpu_ms,
        before_core_ms=before.cpu_ms,
        after_core_ms=after.cpu_ms,
        core_ratio=whole.cpu_ms / max(cpu_ms, 1e-3),
        age_ratio=whole.age.p50 / max(age.p50, 1e-3),
    )
