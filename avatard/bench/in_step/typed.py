"""Typed speech: the closures of the avatar's lips against those in the sound of the virtual microphone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatard.audio import open_audio
from avatard.bench.child import Child
from avatard.bench.in_step import closings, lips
from avatard.bench.in_step.closings import Closing
from avatard.bench.in_step.readers import Readers
from avatard.bench.in_step.result import Closures, InStep, Late
from avatard.bench.in_step.server import sound_server
from avatard.bench.in_step.text import SENTENCES
from avatard.bench.live import SETTLE_S, await_first_picture
from avatard.bench.machine import this_machine
from avatard.bench.result import Load, Setup, engine_and_provider
from avatard.bench.window import Window
from avatard.errors import AudioError
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.speech.lips.closures import closures
from avatard.speech.lips.visemes import Viseme
from avatard.speech.saying import Mode, Saying, Stage, Wish
from avatard.speech.speaker import Speaker
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.in_step.closings import Seen
    from avatard.bench.in_step.readers import Findings
    from avatard.config import Config
    from avatard.utterance import Clause

#: Lips whose gap is no more than this above a closed mouth's (shares of its width) have met: half a pixel at 720p.
CLOSED: Final = 0.03
#: What is given to the device is heard within this time; a sentence comes again much later.
_QUEUED_S: Final = 5.0
#: A saying that takes longer is stuck.
_PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. config: its sink is not used. load: "" or "call". seconds: how long is spoken, at least."""

    config: Config
    avatar: Avatar
    seconds: float
    load: str = ""

    @property
    def setup(self) -> Setup:
        """As the result tells it."""
        output = self.config.output
        return Setup(
            source=self.config.capture.source.partition(":")[0],
            sink="y4m-ring",
            format=f"{output.width}x{output.height}@{output.fps:g}",
            avatar=self.avatar.name,
            load=self.load,
        )


class _Heeded(Speaker):
    """The speaker, whose clauses are kept as they go to the device, and when."""

    clauses: list[tuple[int, Clause]]

    def deliver(self, saying: Saying, clause: Clause) -> bool:
        self.clauses.append((time.monotonic_ns(), clause))
        return super().deliver(saying, clause)


def run(plan: Plan, tell: Callable[[str], None]) -> InStep:
    """Speak into the call, record both ends, and compare. tell: hears what is being done.

    Raises AudioError where there is no sound server, and what ends the pipeline.
    """
    machine = this_machine()
    with tempfile.TemporaryDirectory(prefix="avatard-in-step-") as name, ExitStack() as stack:
        server = stack.enter_context(sound_server())
        readers = Readers(Path(name))
        config = readers.config(plan.config)
        box = lips.face_box(plan.avatar, config.output.width, config.output.height)
        audio = stack.enter_context(open_audio(config.audio))
        speaker = stack.enter_context(_Heeded(config.speech, audio))
        speaker.clauses = []
        pipeline = stack.enter_context(Pipeline(config, plan.avatar, parts_of(config), lips=speaker))
        await_first_picture(pipeline)
        load = stack.enter_context(Child("avatard.bench.call")) if plan.load else None
        if audio.call.missing:
            raise AudioError(f"there is no virtual microphone: {audio.call.missing}", "See: avatard doctor")
        stack.enter_context(readers.open(box))
        pipeline.wait(SETTLE_S)
        window = Window(pipeline.timers, pipeline.counters)
        tell("speaking")
        _speak(speaker, plan.seconds)
        window.poll()
        drawn_by = str(pipeline.status()["engine"])
        findings = readers.close()
        beside = Load(**load.stop()) if load else None
        tell("tracking the lips")
        seen_lips = lips.track(findings.pictures, box, findings.sightings)
        closes, alike = heard_closings([(at, clause) for at, clause in speaker.clauses], findings)
    seen = list(closings.find(seen_lips, closes))
    engine, provider = engine_and_provider(drawn_by)
    return InStep(
        what="typed speech",
        setup=plan.setup,
        engine=engine,
        provider=provider,
        machine=machine,
        seconds=window.seconds,
        pictures=len(seen_lips.gap),
        late_ms=Late.of(closings.lates(seen)),
        heard=findings.heard(server, alike),
        counters=window.counts(),
        voice=config.speech.voice,
        faces=seen_lips.found,
        picture_age_ms=findings.picture_age_ms,
        closures=count(seen, closings.closed_gap(seen_lips) if seen else 0.0),
        beside=beside,
    )


def heard_closings(said: Sequence[tuple[int, Clause]], findings: Findings) -> tuple[list[Closing], float]:
    """Where in the recording lips must be closed, in order; and how like the recorded clauses are to what was said, the
    least of them. Raises AudioError where one is not there."""
    found: list[Closing] = []
    least = 1.0
    for at_ns, clause in said:
        if not clause.pcm.any():
            continue
        place = findings.recorded.find(clause.pcm, at_ns, at_ns + _QUEUED_S * NS_PER_S)
        if place is None:
            raise AudioError("what was said is not in the recording of the virtual microphone", "See: avatard doctor")
        least = min(least, place.alike)
        for closure in closures(clause):
            middle_s = (closure.start_s + closure.end_s) / 2
            found.append(Closing(place.heard_ns + middle_s * NS_PER_S, closure.viseme is Viseme.PP))
    return sorted(found, key=lambda closing: closing.heard_ns), least


def count(seen: Sequence[Seen], closed_gap: float) -> Closures:
    """How many of the closings were seen to be closed. closed_gap: that of a closed mouth in these pictures."""
    closed = sum(each.gap <= closed_gap + CLOSED for each in seen)
    return Closures(len(seen), closed, len(closings.lates(seen)))


def _speak(speaker: Speaker, seconds: float) -> None:
    """Say sentence after sentence, each when the one before is over."""
    speaker.go(Mode.LIVE)
    end = time.monotonic() + seconds
    for sentence in cycle(SENTENCES):
        if time.monotonic() > end:
            return
        saying = speaker.say(Wish(sentence))
        late = time.monotonic() + _PATIENCE_S
        while not (stage := Stage(speaker.progress(saying)["stage"])).over:
            if time.monotonic() > late:
                raise AudioError("the voice does not come to an end", "See: avatard voice test")
            time.sleep(0.02)
        if stage is Stage.FAILED:
            assert saying.failure is not None
            raise saying.failure
