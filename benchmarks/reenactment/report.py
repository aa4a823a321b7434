"""The result of a run: its JSON (schema 1), and what of it is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from avatard.bench.machine import Machine
from benchmarks.reenactment import identity, summary, targets
from benchmarks.reenactment.cross import Cross
from benchmarks.reenactment.held import NOISE, SEED
from benchmarks.reenactment.jobs import Plan, Played
from benchmarks.reenactment.own import EVERY
from benchmarks.reenactment.stage import COPY, FORMAT

SCHEMA: Final = 1


def result(
    plan: Plan, played: Sequence[Played], crossed: Sequence[Cross], machine: Machine, seconds: float
) -> dict[str, Any]:
    """Totals, single clips and portraits, and the verdicts on every engine beside `copy` and `mesh`. Keys are added,
    never renamed, without a new schema number; null is what was not measured."""
    names = [contender.name for contender in plan.contenders]
    own = {name: summary.clips([clip.scores[name] for clip in played]) for name in names}
    cross = {
        name: summary.portraits([one.scores[name] for one in crossed])
        for name in names
        if crossed and name != COPY.name
    }
    verdicts = [v for name in targets.challengers(names) for v in targets.judge(name, own, cross)]
    return {
        "schema": SCHEMA,
        "machine": asdict(machine),
        "engines": {name: played[0].scores[name].called for name in names},
        "setup": {
            "format": f"{FORMAT.width}x{FORMAT.height}",
            "clips": len(played),
            "portraits": len(crossed),
            "frames": sum(len(clip.driven.motions) for clip in played),
            "every": EVERY,
            "noise": NOISE,
            "seed": SEED,
        },
        "seconds": seconds,
        "identity": {
            "recogniser": identity.NAME if identity.available() else identity.MISSING,
            "strangers_cosine": summary.number(identity.strangers([one.who for one in crossed])),
        },
        "own": own,
        "cross": cross,
        "clips": {c.driven.name: {name: summary.clip(score) for name, score in c.scores.items()} for c in played},
        "portraits": {c.name: {name: summary.portrait(score) for name, score in c.scores.items()} for c in crossed},
        "verdicts": [{**asdict(verdict), "ok": verdict.ok} for verdict in verdicts],
        "passed": all(verdict.ok for verdict in verdicts) if verdicts else None,
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The totals, engines below each other measure by measure, then the verdicts."""
    for where in ("own", "cross"):
        totals = found[where]
        for measure in next(iter(totals.values()), {}):
            for engine, total in totals.items():
                values = total[measure]
                if not isinstance(values, dict):
                    yield f"{where:6}{measure:18}{engine:9}{_figure(values)}"
                elif not any(isinstance(value, dict) for value in values.values()):
                    said = "  ".join(f"{name} {_figure(value)}" for name, value in values.items())
                    yield f"{where:6}{measure:18}{engine:9}{said}"
    for verdict in found["verdicts"]:
        how = "at least" if verdict["least"] else "at most"
        value = f"{verdict['value']:.3f}, {how} {verdict['limit']:g} {verdict['unit']}".rstrip()
        yield f"{'ok    ' if verdict['ok'] else 'MISSED'} {verdict['what']}: {value}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
