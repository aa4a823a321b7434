"""What a reader of a sink writes down: which frame, taken when, first seen when, and how the mouth looked then.

The reader's side is `Notebook`, in a process of its own; the bench's side is `Seen`. Between them goes JSON.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from avatard.bench.sightings import Sightings
from avatard.seal.barcode import decode

#: Mouths are kept this small, width and height: an hour of them is 80 MB, and a gap of one pixel at 720p still shows.
SMALL = (32, 24)


class Box(NamedTuple):
    """A part of the picture, in pixels, all even."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def parse(cls, words: str) -> Box | None:
        """What `str` makes of a box, such as "560,430,160,120"; None for ""."""
        return cls(*map(int, words.split(","))) if words else None

    def __str__(self) -> str:
        return ",".join(map(str, self))


class Notebook:
    """Keeps what was seen. One thread. mouth: where it is in the picture; None to keep no mouths."""

    def __init__(self, mouth: Box | None = None) -> None:
        self._box = mouth
        self._sightings: list[tuple[int, int, int]] = []
        self._mouths: list[bytes] = []

    def __len__(self) -> int:
        """How many pictures are written down."""
        return len(self._sightings)

    def saw(self, luma: npt.NDArray[np.uint8], seen_ns: int) -> bool:
        """Write down a whole picture, HxW; whether it had a barcode. seen_ns: monotonic."""
        found = decode(luma)
        if found is not None:
            self.note(*found, seen_ns)
            self.note_mouth(luma)
        return found is not None

    def note(self, seq: int, captured_ns: int, seen_ns: int) -> None:
        """Write down a picture without its mouth; then `note_mouth` must follow before the next."""
        self._sightings.append((seq, captured_ns, seen_ns))

    def note_mouth(self, luma: npt.NDArray[np.uint8]) -> None:
        """Write down the mouth of the picture noted last."""
        if self._box is not None:
            x, y, width, height = self._box
            small = cv2.resize(luma[y : y + height, x : x + width], SMALL, interpolation=cv2.INTER_AREA)
            self._mouths.append(small.tobytes())

    def as_json(self) -> dict[str, Any]:
        """For `child.tell`."""
        return {"sightings": self._sightings, "mouths": base64.b64encode(b"".join(self._mouths)).decode("ascii")}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader told. mouths: one for each row of `sightings`, NxHxW uint8, or none at all (0xHxW).

    clock_ms: what comparing the reader's clock with ours may be wrong by; 0 where they are one.
    facts: what the reader said of itself: a browser's name and version.
    """

    sightings: Sightings
    mouths: npt.NDArray[np.uint8]
    clock_ms: float = 0.0
    facts: str = ""

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Seen:
        """What `Notebook.as_json` made, here or in a reader of its own kind."""
        width, height = SMALL
        mouths = np.frombuffer(base64.b64decode(told.get("mouths", "")), np.uint8).reshape(-1, height, width)
        sightings = np.asarray(told["sightings"], np.int64).reshape(-1, 3)
        if len(mouths) not in (0, len(sightings)):
            raise ValueError(f"a reader told {len(sightings)} pictures and {len(mouths)} mouths")
        return cls(sightings, mouths, told.get("clock_ms", 0.0), told.get("facts", ""))

    def between(self, start_ns: int, end_ns: int) -> Seen:
        """Only what was seen in `start_ns` <= seen < `end_ns`."""
        seen = self.sightings[:, 2]
        kept = (seen >= start_ns) & (seen < end_ns)
        mouths = self.mouths[kept] if len(self.mouths) else self.mouths
        return Seen(self.sightings[kept], mouths, self.clock_ms, self.facts)
