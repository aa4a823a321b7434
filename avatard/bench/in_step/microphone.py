"""A real microphone: when each moment of a clip comes out of the virtual one, against when its picture is seen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from avatard.audio import open_audio
from avatard.bench.child import Child
from avatard.bench.in_step.clip_sound import MICROPHONE, Begun, ClipMicrophone, load
from avatard.bench.in_step.readers import Readers
from avatard.bench.in_step.result import InStep, Late
from avatard.bench.in_step.server import sound_server
from avatard.bench.live import await_first_picture
from avatard.bench.machine import this_machine
from avatard.bench.notebook import Box
from avatard.bench.result import Load, engine_and_provider
from avatard.bench.sightings import first_sights
from avatard.bench.window import Window
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.bench.in_step.lips import Series
    from avatard.bench.in_step.readers import Findings
    from avatard.bench.in_step.typed import Plan
    from avatard.utterance import Pcm

#: The delay is found for pieces of this length.
_PIECE_S: Final = 0.5
#: Pieces that are softer say nothing (of 32767).
_SOFT: Final = 100.0
#: A piece in which the delay was changed by a cut is less like itself, and has no one delay.
_LIKE: Final = 0.7
#: The longest delay that is looked for.
_LONGEST_S: Final = 0.6
#: The line has this long to find its delay.
SETTLE_S: Final = 5.0
#: The pictures are not looked at, only their barcodes.
_NO_FACE: Final = Box(0, 0, 2, 2)


def run(plan: Plan, clip: Path, tell: Callable[[str], None]) -> InStep:
    """Have `clip` seen and heard by avatard, record both ends, and compare. As `typed.run`."""
    machine = this_machine()
    sound = load(clip)
    with tempfile.TemporaryDirectory(prefix="avatard-in-step-") as name, ExitStack() as stack:
        server = stack.enter_context(sound_server())
        readers = Readers(Path(name))
        config = readers.config(plan.config)
        config = replace(config, audio=replace(config.audio, microphone=MICROPHONE))
        parts = parts_of(config)
        source = Begun(parts.source())
        microphone = stack.enter_context(ClipMicrophone(sound, source))
        audio = stack.enter_context(open_audio(config.audio))
        pipeline = stack.enter_context(Pipeline(config, plan.avatar, replace(parts, source=lambda: source)))
        audio.keep_step(pipeline.age_s)
        await_first_picture(pipeline)
        beside = stack.enter_context(Child("avatard.bench.call")) if plan.load else None
        stack.enter_context(readers.open(_NO_FACE))
        tell("finding the delay")
        pipeline.wait(SETTLE_S)
        window = Window(pipeline.timers, pipeline.counters)
        tell("listening")
        pipeline.wait(plan.seconds)
        window.poll()
        drawn_by = str(pipeline.status()["engine"])
        delay = dict(cast("Mapping[str, Any]", audio.status()["microphone"]))
        findings = readers.close()
        load_found = Load(**beside.stop()) if beside else None
        if microphone.failure is not None:
            raise microphone.failure
    found = moments(sound, source.zero_ns, findings, window.start_ns, window.end_ns)
    engine, provider = engine_and_provider(drawn_by)
    return InStep(
        what="microphone",
        setup=plan.setup,
        engine=engine,
        provider=provider,
        machine=machine,
        seconds=window.seconds,
        pictures=len(found.ages_ms),
        late_ms=Late.of(found.late_ms),
        heard=findings.heard(server, found.alike),
        counters=window.counts(),
        picture_age_ms=float(np.median(found.ages_ms)) if len(found.ages_ms) else None,
        delay=delay,
        missed=found.missed,
        beside=load_found,
    )


@dataclass(frozen=True, slots=True)
class Moments:
    """Of pieces of the clip. late_ms: how much later than its picture each was heard. missed: how many were not found:
    cut, or torn, by a machine that is too busy. alike: how like the piece each found one is, the least of all.
    ages_ms: of every picture in that time."""

    late_ms: Series
    missed: int
    alike: float
    ages_ms: Series


def moments(sound: Pcm, zero_ns: int, findings: Findings, start_ns: int, end_ns: int) -> Moments:
    """Those that were spoken after `start_ns` and heard before `end_ns`. zero_ns: when the clip began."""
    first = first_sights(findings.sightings)
    first = first[(first[:, 1] >= start_ns) & (first[:, 1] < end_ns)]
    ages_ns = (first[:, 2] - first[:, 1]).astype(np.float64)
    late_ms, alike, missed = [], [], 0
    piece = round(_PIECE_S * RATE)
    for number in range(int((end_ns - zero_ns) / NS_PER_S / _PIECE_S)):
        spoken_ns = zero_ns + number * _PIECE_S * NS_PER_S
        said = sound[np.arange(number * piece, (number + 1) * piece) % len(sound)]
        shown = (first[:, 1] >= spoken_ns) & (first[:, 1] < spoken_ns + _PIECE_S * NS_PER_S)
        whole = start_ns <= spoken_ns < end_ns - (_PIECE_S + _LONGEST_S) * NS_PER_S
        if not whole or np.sqrt(np.mean(said.astype(np.float64) ** 2)) < _SOFT or not shown.any():
            continue
        found = findings.recorded.find(said, spoken_ns, spoken_ns + _LONGEST_S * NS_PER_S)
        if found is None or found.alike < _LIKE:
            missed += 1
            continue
        alike.append(found.alike)
        late_ms.append((found.heard_ns - spoken_ns - float(np.median(ages_ns[shown]))) / 1e6)
    return Moments(np.asarray(late_ms, np.float64), missed, min(alike, default=0.0), ages_ns / 1e6)
