"""A finished picture in the sinks' own format, badged and marked: the only thing a sink accepts."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TypeAlias, final

import numpy as np
import numpy.typing as npt

I420: TypeAlias = npt.NDArray[np.uint8]
"""(H*3/2)xW uint8, C-contiguous: H rows of luma, then the two quarter-size chroma planes; BT.601, limited range."""


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What sinks are opened with. Width and height are even (I420 and v4l2 clients need it)."""

    width: int = 1280
    height: int = 720
    fps: float = 30.0

    @property
    def i420_bytes(self) -> int:
        """Size of one I420 picture."""
        return self.width * self.height * 3 // 2


_KEY = object()


@final
class Sealed:
    """One badged picture, read-only, over a buffer of a `SealedPool`.

    Cannot be constructed: `avatard.seal` makes it, after it drew badge and mark on these very bytes. So an unbadged
    picture that reaches a sink neither type-checks nor runs. Whoever takes one calls `release` once, when done; who
    hands it to another thread while keeping it calls `share` before, and that thread releases it too.

    seq, captured_ns: of the newest frame that shaped the picture, or seq -1 where no camera did (idle, standby).
    standby: "" for the avatar, else why the standby picture is shown.
    """

    __slots__ = ("_hands", "_pool", "_shared", "captured_ns", "i420", "sealed_ns", "seq", "standby")

    def __init__(
        self,
        key: object,
        pool: SealedPool,
        i420: I420,
        seq: int,
        captured_ns: int,
        sealed_ns: int,
        standby: str,
        shared: bool = False,
    ) -> None:
        if key is not _KEY:
            raise TypeError("only avatard.seal makes a Sealed: a picture without a badge must not reach a sink")
        self._pool = pool
        self._shared = shared
        self._hands = 1
        self.i420 = i420
        self.seq = seq
        self.captured_ns = captured_ns
        self.sealed_ns = sealed_ns
        self.standby = standby

    @property
    def format(self) -> VideoFormat:
        """The format the picture was sealed for."""
        return self._pool.format

    def share(self) -> Sealed:
        """The same picture, for one more hand."""
        with self._pool.lock:
            self._hands += 1
        return self

    def release(self) -> None:
        """Out of this hand: `i420` must not be read afterwards. The last one gives the buffer back."""
        if self._shared:
            return
        with self._pool.lock:
            self._hands -= 1
            last = self._hands <= 0
        if last:
            self._pool.give_back(self.i420)


@final
class SealedPool:
    """Buffers for pictures in flight. Four are enough: one being drawn, one waiting, one being written, one kept
    to repeat. Where sinks that hang keep theirs, there are made more, up to `most` in all. `take` by the render thread,
    `give_back` by any."""

    def __init__(self, format: VideoFormat, buffers: int = 4, most: int = 0) -> None:  # noqa: A002 (the field's own name)
        self.format = format
        self.lock = threading.Lock()
        self._most = max(buffers, most)
        self._free = [self._made() for _ in range(buffers)]
        self._all = list(self._free)

    def take(self) -> I420:
        """A writable buffer. Raises IndexError when all are held: a missing `release` is a bug, not a wait."""
        with self.lock:
            if not self._free and len(self._all) < self._most:
                self._free.append(self._made())
                self._all.append(self._free[0])
            buffer = self._free.pop()
        buffer.flags.writeable = True
        return buffer

    def give_back(self, buffer: I420) -> None:
        """Return a buffer that `take` gave."""
        with self.lock:
            assert any(buffer is one for one in self._all), "not of this pool"
            assert all(buffer is not one for one in self._free), "released twice"
            self._free.append(buffer)

    def _made(self) -> I420:
        return np.zeros((self.format.height * 3 // 2, self.format.width), np.uint8)

    def _mint(
        self, i420: I420, seq: int, captured_ns: int, sealed_ns: int, standby: str = "", *, shared: bool = False
    ) -> Sealed:
        """For `avatard.seal` alone (a test greps for other callers). shared: the buffer is none of the pool's, never
        changes, and may be in many hands at once: a standby picture."""
        i420.flags.writeable = False
        return Sealed(_KEY, self, i420, seq, captured_ns, sealed_ns, standby, shared)
