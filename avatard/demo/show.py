"""Run the demo: ten seconds live, then the film, the contact sheet and the times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from avatard.bench.live import SETTLE_S, await_first_picture
from avatard.bench.window import Window
from avatard.demo.film import write_film
from avatard.demo.recorder import Recorder
from avatard.demo.sheet import Pair, contact_sheet, spread
from avatard.demo.witness import Witness
from avatard.errors import SinkError
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.timing import STAGES, Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the files are, and how long each stage took once it ran. fps: pictures delivered a second.
    engine: what really drew, with its provider. counts: what each counter gained."""

    film: Path
    sheet: Path
    engine: str
    fps: float
    counts: dict[str, int]
    age_ms: Percentiles
    stages_ms: dict[str, Percentiles]


def show(config: Config, avatar: Avatar, seconds: float, folder: Path, tell: Callable[[str], None]) -> Shown:
    """Run `config`, whose source is the performer, for `seconds`; write demo.mp4 and demo.png into `folder`.

    Raises SinkError when the folder cannot be written, and what a stage raises that cannot be opened or fails.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise SinkError(f"cannot make {folder}: {e.strerror}", "Choose another folder: --out DIR") from e
    parts = parts_of(config)
    recorder = Recorder(folder / ".demo.i420", parts.format, round(seconds * parts.format.fps))
    witness = Witness(parts.source())
    try:
        tell(f"live for {seconds:g} s: performer → {avatar.name}")
        with Pipeline(config, avatar, replace(parts, source=lambda: witness, sink=lambda: recorder)) as pipeline:
            window = _run(pipeline, seconds)
            engine = str(pipeline.status()["engine"])
        tell("writing the film and the contact sheet")
        film, sheet = folder / "demo.mp4", folder / "demo.png"
        write_film(film, recorder, parts.format)
        if not cv2.imwrite(str(sheet), contact_sheet(_pairs(recorder, witness))):
            raise SinkError(f"cannot write {sheet}", "Is the disk full? Another folder: --out DIR")
    finally:
        recorder.discard()
    return Shown(
        film=film,
        sheet=sheet,
        engine=engine,
        fps=window.counts()["delivered"] / window.seconds,
        counts=window.counts(),
        age_ms=window.percentiles("age"),
        stages_ms={name: window.percentiles(name) for name in STAGES},
    )


def _run(pipeline: Pipeline, seconds: float) -> Window:
    """Let it run for `seconds` from its first picture on, and measure all but the first of them: that is start-up."""
    await_first_picture(pipeline)
    settle_s = min(SETTLE_S, seconds / 2)
    pipeline.wait(settle_s)
    window = Window(pipeline.timers, pipeline.counters)
    pipeline.wait(seconds - settle_s)
    window.poll()
    if pipeline.error is not None:
        raise pipeline.error
    return window


def _pairs(recorder: Recorder, witness: Witness) -> list[Pair]:
    """Twelve remembered frames with the very pictures they shaped."""
    place = {one.seq: index for index, one in reversed(list(enumerate(recorder.recorded)))}
    chosen = spread(sorted(witness.seen.keys() & place.keys()))
    wanted = {place[seq]: seq for seq in chosen}
    pairs = []
    for index, picture in enumerate(recorder.pictures()):
        if index in wanted:
            avatar = np.asarray(cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420), np.uint8)
            pairs.append(Pair(witness.seen[wanted[index]], avatar))
    return pairs
