"""How far apart the lips are seen where they must meet, and where they must not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from avatard.speech.lips.articulation import HOLD_S
from avatard.speech.lips.closures import Closure, closures
from avatard.speech.lips.performance import Performance
from avatard.speech.lips.visemes import Viseme, visemes
from benchmarks.lips.stage import FORMAT, Engine, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from avatard.avatar import Avatar
    from avatard.utterance import Clause

#: Lips that are less far apart are closed, eye distances: where `drive/lips.py` leaves a driver's gap as it is. 1.8 mm.
CLOSED: Final = 0.02
#: Pictures that are seen before one that counts: engines, and FaceMesh, go from one to the next.
BEFORE: Final = 2
#: Open vowels that are long and stressed enough to be seen open, when no closure is near.
OPEN: Final = (Viseme.AA, Viseme.E, Viseme.OH)
LONG_S, CLEAR_S = 0.1, 0.08
#: Seconds between two sentences: the face comes to rest.
PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One closure. viseme: PP or FF. gaps: in each of its pictures, eye distances over those at rest. where: which."""

    viseme: Viseme
    gaps: tuple[float, ...]
    where: str = ""

    @property
    def closed(self) -> bool:
        """Whether two pictures in a row show it."""
        shut = [gap < CLOSED for gap in self.gaps]
        return any(a and b for a, b in pairwise(shut))


@dataclass(frozen=True, slots=True)
class Found:
    """What was seen of an avatar that said some sentences. vowels, spoken: gaps in the middle of open vowels, and in
    every picture of the first sentence. missing: pictures without a face."""

    engine: str
    closures: tuple[Seen, ...]
    vowels: tuple[float, ...]
    spoken: tuple[float, ...]
    missing: int


def look(engine: Engine, avatar: Avatar, texts: Sequence[Sequence[Clause]], seed: int) -> Found:
    """Have `avatar` say `texts`, each of one or more clauses, and look at the sealed pictures around the closures."""
    phases = np.random.default_rng(seed).random(len(texts)) / FORMAT.fps
    seen: list[Seen] = []
    vowels: list[float] = []
    spoken: list[float] = []
    missing = 0
    with Stage(engine, avatar) as stage:
        t_s = PAUSE_S
        for index, (clauses, phase) in enumerate(zip(texts, phases.tolist(), strict=True)):
            said = _Said(clauses, t_s + phase, seed + index)
            stage.play(said.performance)
            gaps = _gaps(stage, said, whole=not index)
            missing += sum(gap is None for gap in gaps.values())
            known = {frame: gap for frame, gap in gaps.items() if gap is not None}
            for closure, frames in said.closures:
                where = f"{avatar.name}, sentence {index}, {closure.start_s:.2f} s"
                seen.append(Seen(closure.viseme, tuple(known[frame] for frame in frames if frame in known), where))
            vowels += [known[frame] for frame in said.vowels if frame in known]
            spoken += [] if index else known.values()
            t_s = said.end_s + PAUSE_S
        return Found(stage.engine, tuple(seen), tuple(vowels), tuple(spoken), missing)


class _Said:
    """A text on the pictures' clock, and the pictures that show its closures and its open vowels."""

    def __init__(self, clauses: Sequence[Clause], start_s: float, seed: int) -> None:
        self.performance = Performance(seed)
        self.start_s = start_s
        self.closures: list[tuple[Closure, list[int]]] = []
        self.vowels: list[int] = []
        for clause in clauses:
            self.performance.add(start_s, clause)
            found = closures(clause)
            self.closures += [(closure, _frames(start_s, closure)) for closure in found]
            middles = [(closure.start_s + closure.end_s) / 2 for closure in found]
            for phoneme in clause.phonemes:
                middle = (phoneme.start_s + phoneme.end_s) / 2
                near = min((abs(middle - other) for other in middles), default=np.inf)
                long = phoneme.stressed and phoneme.end_s - phoneme.start_s >= LONG_S
                if long and near >= CLEAR_S and visemes(phoneme.symbol)[:1] in [(viseme,) for viseme in OPEN]:
                    self.vowels.append(round((start_s + middle) * FORMAT.fps))
            start_s += clause.seconds
        self.end_s = start_s


def _frames(start_s: float, closure: Closure) -> list[int]:
    """The pictures, counted at the rate of the output, within the time that a closure is held."""
    first, last = start_s + closure.start_s, start_s + closure.end_s
    more = max(HOLD_S - (last - first), 0) / 2
    return list(range(int(np.ceil((first - more) * FORMAT.fps)), int((last + more) * FORMAT.fps) + 1))


def _gaps(stage: Stage, said: _Said, whole: bool) -> dict[int, float | None]:
    """Of each picture that is looked at; `whole`: of all."""
    wanted = {*said.vowels, *(frame for _, frames in said.closures for frame in frames)}
    if whole:
        wanted |= set(range(int(said.start_s * FORMAT.fps), int(said.end_s * FORMAT.fps) + 1))
    seen = {frame - back for frame in wanted for back in range(BEFORE + 1)}
    gaps = {frame: stage.gap(frame / FORMAT.fps) for frame in sorted(seen)}
    return {frame: gap for frame, gap in gaps.items() if frame in wanted}


def summary(found: Iterable[Found]) -> dict[str, Any]:
    """For the result file: shares as numbers of all."""
    found = list(found)
    kinds = {"p b m": Viseme.PP, "f v": Viseme.FF}
    vowels = [gap for one in found for gap in one.vowels]
    return {
        "engine": found[0].engine,
        "closures": {name: _counted([s for one in found for s in one.closures if s.viseme is kind])
                     for name, kind in kinds.items()},
        "open_vowels": {"looked_at": len(vowels), "seen_open": sum(gap > CLOSED for gap in vowels)},
        "gap_while_speaking": percentiles([gap for one in found for gap in one.spoken]),
        "pictures_without_face": sum(one.missing for one in found),
    }  # fmt: skip


def _counted(seen: list[Seen]) -> dict[str, Any]:
    least = sorted(max(sorted(one.gaps)[:2]) if len(one.gaps) > 1 else float("inf") for one in seen)
    return {
        "wanted": len(seen),
        "closed": sum(one.closed for one in seen),
        "missed": {one.where: [round(gap, 4) for gap in one.gaps] for one in seen if not one.closed},
        "gap": percentiles([gap for gap in least if np.isfinite(gap)]),
    }


def percentiles(gaps: Sequence[float]) -> dict[str, float]:
    """In eye distances."""
    if not gaps:
        return {}
    return {f"p{p}": round(float(np.percentile(gaps, p)), 4) for p in (5, 25, 50, 75, 90, 95, 99, 100)}
