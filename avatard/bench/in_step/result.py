"""What a measurement of sound against picture found, in the words and the shape of its JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from avatard.bench.result import Verdict

if TYPE_CHECKING:
    from avatard.bench.in_step.lips import Series
    from avatard.bench.machine import Machine
    from avatard.bench.result import Load, Setup

SCHEMA: Final = 1
KIND: Final = "in-step"
#: What nobody notices: sound that is early is noticed from 45 ms on (ITU-R BT.1359), and light comes before sound in
#: nature. The aim leaves the call's own path its share.
EARLIEST_MS: Final = 0.0
LATEST_MS: Final = 40.0
WITHIN: Final = 0.95
WORST_MS: Final = 45.0
#: A microphone's sound is as late as its delay line says it is, this exactly.
STEP_MS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Late:
    """How much later the sound is than the picture, in ms; below 0 it is early. n moments; all 0 for none.

    within: share of them between `EARLIEST_MS` and `LATEST_MS`. each: all of them, in order of time.
    """

    n: int
    min: float
    p5: float
    p50: float
    p95: float
    max: float
    within: float
    each: tuple[float, ...]

    @classmethod
    def of(cls, late_ms: Series) -> Late:
        """The distribution of what was measured."""
        if not len(late_ms):
            return cls(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ())
        low, p5, p50, p95, high = (float(value) for value in np.percentile(late_ms, (0, 5, 50, 95, 100)))
        within = float(((late_ms >= EARLIEST_MS) & (late_ms <= LATEST_MS)).mean())
        return cls(len(late_ms), low, p5, p50, p95, high, within, tuple(np.round(late_ms, 2).tolist()))

    @property
    def worst(self) -> float:
        """The furthest from in step, to either side."""
        return max(-self.min, self.max)


@dataclass(frozen=True, slots=True)
class Closures:
    """Of p, b, m and f, v. wanted: how many were said while pictures came. closed: in how many the lips were seen to
    meet. timed: of how many the time can be told: the mouth was open before and after."""

    wanted: int
    closed: int
    timed: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The recording. server: what the sound server calls itself. seconds: of the recording. xruns: sound that was lost
    on the way to the reader. alike: how like the sound in it is to what was meant (the least of all pieces, 1 is the
    same). behind_ms: median from when a sample passed the device to when the reader had it."""

    server: str
    seconds: float
    xruns: int
    alike: float
    behind_ms: float


@dataclass(frozen=True, slots=True)
class InStep:
    """One run. what: "typed speech" or "microphone". voice: of typed speech, else "". faces: share of the pictures in
    which the avatar's face was found. delay: of the microphone's line, as `avatard status` has it, at the end.
    missed: pieces of the microphone's sound that were not found again, torn by a busy machine."""

    what: str
    setup: Setup
    engine: str
    provider: str
    machine: Machine
    seconds: float
    pictures: int
    late_ms: Late
    heard: Heard
    counters: dict[str, int]
    voice: str = ""
    faces: float | None = None
    closures: Closures | None = None
    picture_age_ms: float | None = None
    delay: dict[str, Any] | None = None
    missed: int | None = None
    beside: Load | None = None

    def verdicts(self) -> list[Verdict]:
        """One for each promise."""
        verdicts = [Verdict("moments measured", float(self.late_ms.n), 1.0, "moments", least=True)]
        if self.delay is None:
            within = f"sound {EARLIEST_MS:.0f} to {LATEST_MS:.0f} ms late"
            verdicts.append(Verdict(within, self.late_ms.within, WITHIN, "", least=True))
        else:  # it aims at its picture's own age, not at some milliseconds more
            off_ms = abs(self.late_ms.p50 - float(self.delay["later_than_picture_ms"]))
            verdicts.append(Verdict("off what the delay line says, median", off_ms, STEP_MS, "ms"))
        verdicts.append(Verdict("off its picture, worst", self.late_ms.worst, WORST_MS, "ms"))
        if self.closures is not None:
            missed = self.closures.wanted - self.closures.closed
            verdicts.append(Verdict("closures not seen closed", float(missed), 0.0, "closures"))
        return verdicts

    def as_json(self) -> dict[str, Any]:
        """The contract of the command line, as plain values."""
        verdicts = self.verdicts()
        return {
            "schema": SCHEMA,
            "kind": KIND,
            **asdict(self),
            "verdicts": [{**asdict(verdict), "ok": verdict.ok} for verdict in verdicts],
            "passed": all(verdict.ok for verdict in verdicts),
        }
