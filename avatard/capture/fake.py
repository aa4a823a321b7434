"""Cameras for tests: they give marked pictures, and fail as real ones do."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard.capture.ticks import Ticks
from avatard.errors import SourceError
from avatard.frame import Frame, Stamp

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.frame import Picture

#: BGR of a fake frame's two colours. No portrait, badge or standby picture has these, so one found at a sink leaked.
MARK_COLOURS = ((255, 0, 255), (0, 255, 0))
#: Side of a square, in pixels: survives the halving of chroma and a moderate warp.
SQUARE = 16


def marked_picture(width: int, height: int, seq: int) -> Picture:
    """A checkerboard of the mark colours that shifts by a square with each `seq`: HxWx3 uint8 BGR."""
    rows, columns = np.arange(height) // SQUARE, np.arange(width) // SQUARE
    board = (rows[:, None] + columns[None, :] + seq) % 2
    picture: Picture = np.asarray(MARK_COLOURS, np.uint8)[board]
    return picture


class FakeCamera:
    """Gives marked pictures at `fps`; each fault comes once, counted in frames since the first opening.

    fps: 0 for as fast as it is read: a storm.
    picture: what to give instead of the marked pictures, for tests that need a face.
    unplug_after: then `read` raises a retryable SourceError, and the next `absent` openings
        one that is not, as for a camera that was never there.
    freeze_after: then `read` gives nothing more until the camera is opened again.
    hang_after: then `read` blocks until `release` is called, whatever its timeout: a driver that hangs.
    """

    def __init__(
        self,
        fps: float = 30.0,
        width: int = 640,
        height: int = 480,
        *,
        picture: Picture | None = None,
        unplug_after: int | None = None,
        absent: int = 0,
        freeze_after: int | None = None,
        hang_after: int | None = None,
    ) -> None:
        self._fps = fps
        self._pictures = [picture] if picture is not None else [marked_picture(width, height, seq) for seq in (0, 1)]
        self._unplug_after = unplug_after
        self._absent = absent
        self._freeze_after = freeze_after
        self._hang_after = hang_after
        self._unplugged = self._frozen = False
        self._released = threading.Event()
        self._ticks = Ticks(fps or 1.0)
        self._seq = 0
        self.given = 0
        self.opened = 0

    @property
    def description(self) -> str:
        height, width = self._pictures[0].shape[:2]
        return f"fake camera: {width}x{height} at {self._fps:g} fps"

    @property
    def fps(self) -> float:
        return self._fps

    def __enter__(self) -> Self:
        if self._unplugged and self._absent > 0:
            self._absent -= 1
            raise SourceError("there is no such camera", "It is a fake.")
        self.opened += 1
        self._frozen = False
        self._seq = 0
        self._ticks = Ticks(self._fps or 1.0)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def release(self) -> None:
        """End the hang. Any thread."""
        self._released.set()

    def read(self, timeout_s: float) -> Frame | None:
        if self._hang_after == self.given:
            self._released.wait()
            self._hang_after = None
        if self._unplug_after == self.given:
            self._unplug_after = None
            self._unplugged = True
            raise self._gone()
        if self._freeze_after == self.given:
            self._freeze_after = None
            self._frozen = True
        if self._frozen:
            time.sleep(timeout_s)
            return None
        if self._fps:
            tick = self._ticks.wait(timeout_s)
            if tick is None:
                return None
            captured_ns, stamp = tick[0], Stamp.DUE
        else:
            captured_ns, stamp = time.monotonic_ns(), Stamp.READ
        frame = Frame(self._pictures[self.given % len(self._pictures)], self._seq, captured_ns, stamp)
        self._seq += 1
        self.given += 1
        return frame

    def _gone(self) -> SourceError:
        return SourceError("the camera is gone", "It is a fake.", retryable=True)
