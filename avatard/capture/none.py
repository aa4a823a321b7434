"""No source at all: idle movement and speech alone move the avatar."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.frame import Frame


class NoSource:
    """Never gives a frame; `read` waits as a silent camera would, so that nobody spins on it."""

    description = "no source"
    fps = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def read(self, timeout_s: float) -> Frame | None:
        time.sleep(timeout_s)
        return None
