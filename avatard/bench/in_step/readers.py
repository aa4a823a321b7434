"""The two independent readers, of the virtual microphone and of the sealed pictures, and what they found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from avatard.audio.pulse_server import SOURCE
from avatard.bench.child import Child
from avatard.bench.in_step.recorded import Recorded
from avatard.bench.in_step.result import Heard
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.bench.notebook import Box
    from avatard.bench.sightings import Sightings
    from avatard.config import Config

#: How long either may take until it hears or sees something for the first time.
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What both found. pictures: the file in which the faces are, see `picture_reader`."""

    recorded: Recorded
    sightings: Sightings
    pictures: Path
    told: dict[str, Any]

    @property
    def picture_age_ms(self) -> float | None:
        """How old the pictures typically were when they were seen: since the camera had them, or without a camera since
        they were begun."""
        ages_ns = self.sightings[:, 2] - self.sightings[:, 1]
        return float(np.median(ages_ns)) / 1e6 if len(ages_ns) else None

    def heard(self, server: str, alike: float) -> Heard:
        """As the result tells it."""
        late_ns = self.told["late_ns"]
        behind_ms = float(np.median(late_ns)) / 1e6 if late_ns else 0.0
        return Heard(server, len(self.recorded.pcm) / RATE, self.told["xruns"], alike, behind_ms)


class Readers:
    """Both readers, and the files between them and us in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._ring = folder / "ring.y4m"
        self._sound = folder / "sound.s16"
        self._pictures = folder / "faces.grey"
        self._children: tuple[Child, Child] | None = None

    def config(self, config: Config) -> Config:
        """`config` such that these readers see and hear it, and nobody else hears anything."""
        return replace(
            config,
            output=replace(config.output, sinks=(f"y4m-ring:{self._ring}",)),
            seal=replace(config.seal, barcode=True),
            audio=replace(config.audio, output="auto", monitor="none"),
        )

    @contextmanager
    def open(self, box: Box) -> Iterator[None]:
        """Both read while entered; once pictures and sound come. Raises ChildError when they do not."""
        with ExitStack() as stack:
            eyes = stack.enter_context(
                Child("avatard.bench.in_step.picture_reader", str(self._ring), str(box), str(self._pictures))
            )
            ears = stack.enter_context(Child("avatard.bench.in_step.sound_reader", SOURCE, str(self._sound)))
            self._children = eyes, ears
            for child in self._children:
                child.await_watching(_PATIENCE_S)
            yield

    def close(self) -> Findings:
        """End them: what they found."""
        assert self._children is not None, "open first"
        eyes, ears = self._children
        told = ears.stop()
        seen: Sightings = np.asarray(eyes.stop(), np.int64).reshape(-1, 3)
        pcm = np.fromfile(self._sound, np.int16)
        blocks = np.asarray(told["blocks"], np.int64).reshape(-1, 2)
        return Findings(Recorded(pcm, blocks), seen, self._pictures, told)
