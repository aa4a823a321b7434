"""Sinks for tests: one that keeps what it is given, one that vanishes and comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import I420, Sealed


@dataclass(frozen=True, slots=True)
class Written:
    """A copy of one `Sealed` and when it came."""

    i420: I420
    seq: int
    captured_ns: int
    sealed_ns: int
    standby: str
    written_ns: int


class Collector:
    """Keeps copies of the last `keep` pictures (0: of none) and counts all. A reader may look from another thread."""

    def __init__(self, keep: int = 1000) -> None:
        self._keep = keep
        self.pictures: list[Written] = []
        self.written = 0
        self.opened = 0

    @property
    def description(self) -> str:
        return "collector"

    def __enter__(self) -> Self:
        self.opened += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def write(self, sealed: Sealed) -> None:
        self.written += 1
        if not self._keep:
            return
        self.pictures.append(
            Written(
                sealed.i420.copy(),
                sealed.seq,
                sealed.captured_ns,
                sealed.sealed_ns,
                sealed.standby,
                time.monotonic_ns(),
            )
        )
        del self.pictures[: -self._keep]


class Vanishing(Collector):
    """Like `Collector`, but fails after `after` pictures, once: a device that is pulled out.

    The next `absent` attempts to open it fail as for a device that was never there: not retryable. Then it is back for
    good. `returns` False: the failed write is not retryable either.
    """

    def __init__(self, after: int, absent: int = 0, *, returns: bool = True, keep: int = 1000) -> None:
        super().__init__(keep)
        self._left = after
        self._absent = absent
        self._returns = returns
        self._gone = False

    @property
    def description(self) -> str:
        return "vanishing sink"

    def __enter__(self) -> Self:
        if self._gone and self._absent > 0:
            self._absent -= 1
            raise SinkError("there is no such sink", "It is a fake.")
        return super().__enter__()

    def write(self, sealed: Sealed) -> None:
        if self._left == 0 and not self._gone:
            self._gone = True
            raise self._error()
        self._left = max(0, self._left - 1)
        super().write(sealed)

    def _error(self) -> SinkError:
        return SinkError("the sink has vanished", "It is a fake.", retryable=self._returns)


class Counting(Collector):
    """Like `Collector`, but knows how many read it: as many as `readers` says, which a test changes at will."""

    def __init__(self, readers: int | None = 0, keep: int = 1000) -> None:
        super().__init__(keep)
        self.readers = readers
