"""Run the demo: ten seconds live, then the film, the contact sheet and the times."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from avatard.demo.film import write_film
from avatard.demo.recorder import Recorder
from avatard.demo.sheet import Pair, contact_sheet, spread
from avatard.demo.witness import Witness
from avatard.errors import EngineError, SinkError
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.timing import NS_PER_S, STAGES, Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config

#: Ten times what a start should take.
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the files are, and how long each stage took. fps: pictures delivered in a second."""

    film: Path
    sheet: Path
    pictures: int
    fps: float
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
            took_s = _run(pipeline, seconds)
        tell("writing the film and the contact sheet")
        film, sheet = folder / "demo.mp4", folder / "demo.png"
        write_film(film, recorder.pictures(), parts.format)
        cv2.imwrite(str(sheet), contact_sheet(_pairs(recorder, witness)))
    finally:
        recorder.discard()
    pictures = len(recorder.recorded)
    return Shown(
        film=film,
        sheet=sheet,
        pictures=pictures,
        fps=pipeline.timers["age"].count / took_s,
        age_ms=pipeline.timers["age"].percentiles(),
        stages_ms={name: pipeline.timers[name].percentiles() for name in STAGES},
    )


def _run(pipeline: Pipeline, seconds: float) -> float:
    """Let it run for `seconds` from its first picture on; how many they really were."""
    started_ns = time.monotonic_ns()
    while not pipeline.first_picture_ns:
        if pipeline.wait(0.02) or time.monotonic_ns() - started_ns > _PATIENCE_S * NS_PER_S:
            raise pipeline.error or EngineError("no picture of the avatar came out", "See: avatard doctor")
    pipeline.wait(seconds)
    if pipeline.error is not None:
        raise pipeline.error
    return (time.monotonic_ns() - pipeline.first_picture_ns) / NS_PER_S


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
