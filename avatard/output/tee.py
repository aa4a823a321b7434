"""Several sinks at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError
from avatard.output import readers_of
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.output import Sink
    from avatard.sealed import Sealed

#: Opening a device takes the output thread a millisecond or two.
RETRY_S = 2.0

log = logging.getLogger("avatard.output")


class Tee:
    """Writes each picture to all its sinks, in order.

    Opening is all or nothing: what was asked for at the start must be there. A sink that fails later is closed and
    set aside in `lost` with its error, and the others go on; `write` raises only when none is left. What may come
    back is opened again every 2 s, between two pictures.
    """

    def __init__(self, sinks: Sequence[Sink]) -> None:
        assert sinks
        self._sinks = tuple(sinks)
        self._open: list[Sink] = []
        self.lost: dict[Sink, SinkError] = {}
        self._retry_ns = 0

    @property
    def description(self) -> str:
        return " + ".join(
            f"{sink.description} (lost: {self.lost[sink].message})" if sink in self.lost else sink.description
            for sink in self._sinks
        )

    @property
    def readers(self) -> int | None:
        """Of all together; None as long as one of them cannot tell, as a recording is always wanted."""
        counts = [readers_of(sink) for sink in self._open]
        return None if None in counts else sum(count for count in counts if count is not None)

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for sink in self._sinks:
                opened.enter_context(sink)
            opened.pop_all()
        self._open = list(self._sinks)
        self.lost = {}
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        closing = ExitStack()  # closes each even if another's closing fails; last opened, first closed
        for sink in self._open:
            closing.push(sink)
        self._open = []
        closing.__exit__(kind, e, tb)

    def write(self, sealed: Sealed) -> None:
        for sink in tuple(self._open):
            try:
                sink.write(sealed)
            except SinkError as e:
                self._lose(sink, e)
                if not self._open:
                    raise
        if self.lost and time.monotonic_ns() >= self._retry_ns:
            self._retry()

    def _retry(self) -> None:
        """Open again the lost sinks whose errors say that they may come back."""
        self._put_off()
        for sink, error in tuple(self.lost.items()):
            if not error.retryable:
                continue
            try:
                sink.__enter__()
            except SinkError as e:
                # It was there and may come back, whatever its absence looks like: its first error stays.
                log.debug("%s is not back: %s", sink.description, e.message)
            else:
                del self.lost[sink]
                self._open.append(sink)
                log.info("%s is back", sink.description)

    def _lose(self, sink: Sink, error: SinkError) -> None:
        log.warning("%s: %s; going on without it", sink.description, error.message)
        self._open.remove(sink)
        self.lost[sink] = error
        self._put_off()
        try:
            sink.__exit__(SinkError, error, error.__traceback__)
        except SinkError as e:
            log.debug("closing it failed too: %s", e.message)

    def _put_off(self) -> None:
        self._retry_ns = time.monotonic_ns() + int(RETRY_S * NS_PER_S)
