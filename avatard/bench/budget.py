"""What a machine of a kind is allowed: deadlines, CPU time and memory, for each stage and the whole.

One TOML file a profile, in `benchmarks/budgets/` (in the wheel: beside this module). A limit that a file leaves
out is not judged, so `ci.toml` can gate CPU time alone.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cattrs

from avatard.errors import ConfigError
from avatard.timing import STAGES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SHIPPED = Path(__file__).parent / "budgets"
_CHECKOUT = Path(__file__).parents[2] / "benchmarks" / "budgets"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the whole line. `None` is not judged.

    deadline_ms, over: the age a picture may have at the sink, and the share of pictures (0..1) allowed above it.
    p50_ms, p95_ms: percentiles of the age.
    core_ms: CPU time of the whole process, all threads, in milliseconds a delivered picture.
    rss_mb: most resident memory, MB of 10^6 bytes.
    fps: least pictures a second at the sink. dropped: share of captured frames never shown.
    start_ms: most milliseconds from a fresh process to its first avatar picture.
    """

    deadline_ms: float | None = None
    over: float = 0.0
    p50_ms: float | None = None
    p95_ms: float | None = None
    core_ms: float | None = None
    rss_mb: float | None = None
    fps: float | None = None
    dropped: float | None = None
    start_ms: float | None = None


@dataclass(frozen=True, slots=True)
class StageLimits:
    """Limits of one stage: wall time against the deadline, CPU milliseconds a picture."""

    deadline_ms: float | None = None
    over: float = 0.0
    core_ms: float | None = None


@dataclass(frozen=True, slots=True)
class PlainLimits:
    """Limits relative to the plain path (capture, seal, null), measured in the same call."""

    core_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class SoakLimits:
    """Growth over a soak without its first fifth, fitted by least squares."""

    growth_mb: float | None = None
    age_drift_ms: float | None = None


@dataclass(frozen=True, slots=True)
class EndToEndLimits:
    """Limits of one route of `avatard bench --end-to-end`, run alone.

    p50_ms, p99_ms: percentiles of the age at the reader. repeated: share of its periods in which nothing new came.
    reordered: most pictures older than one seen before.
    """

    p50_ms: float | None = None
    p99_ms: float | None = None
    repeated: float | None = None
    reordered: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """One profile."""

    profile: str
    description: str = ""
    whole: Limits = field(default_factory=Limits)
    stages: dict[str, StageLimits] = field(default_factory=dict)
    load: dict[str, Limits] = field(default_factory=dict)
    plain: PlainLimits = field(default_factory=PlainLimits)
    soak: SoakLimits = field(default_factory=SoakLimits)
    end_to_end: dict[str, EndToEndLimits] = field(default_factory=dict)

    def limits(self, load: str = "") -> Limits:
        """Limits of the whole, alone or beside `load` (a profile without that table judges nothing there)."""
        return self.load.get(load, Limits()) if load else self.whole

    def deadlines_ms(self, load: str = "") -> dict[str, float]:
        """For the pipeline's timers: each stage that has one, and "age" for the whole."""
        deadlines = {name: limits.deadline_ms for name, limits in self.stages.items()}
        deadlines["age"] = self.limits(load).deadline_ms
        return {name: deadline for name, deadline in deadlines.items() if deadline is not None}


def _folder() -> Path:
    """In a wheel the budgets lie beside this module, in a checkout where people look for them."""
    return _SHIPPED if _SHIPPED.is_dir() else _CHECKOUT


def profiles() -> list[str]:
    """Names of the shipped profiles."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def default_profile(engine: str) -> str:
    """The shipped profile for this machine's number of cores and for the engine, as the config names it."""
    cores = "cpu-2core" if (os.cpu_count() or 1) <= 2 else "laptop"
    return cores if engine == "meshnet" else f"{cores}-mesh"


def load_budget(profile: str) -> Budget:
    """A shipped profile by name, or the user's own by its path (ending in .toml). Raises ConfigError."""
    path = Path(profile) if profile.endswith(".toml") else _folder() / f"{profile}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as e:
        raise ConfigError(
            f"no budget is called {profile!r}", f"Use {', '.join(profiles())}, or the path of a .toml file."
        ) from e
    return parse_budget(path.stem, text)


def parse_budget(profile: str, text: str) -> Budget:
    """The budget that TOML `text` describes. Raises ConfigError: not TOML, unknown key or stage, wrong type."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
        budget = cattrs.Converter(forbid_extra_keys=True).structure({"profile": profile, **tables}, Budget)
    except tomllib.TOMLDecodeError as e:
        raise ConfigError(f"budget {profile}: {e}") from e
    except (cattrs.BaseValidationError, ValueError, TypeError) as e:
        reasons = "; ".join(cattrs.transform_error(e))
        raise ConfigError(f"budget {profile}: {reasons}", "benchmarks/budgets/cpu-2core.toml has every key.") from e
    if unknown := sorted(set(budget.stages) - set(STAGES)):
        raise ConfigError(f"budget {profile}: no stage is called {unknown[0]!r}", f"Stages: {', '.join(STAGES)}.")
    return budget
