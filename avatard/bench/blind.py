"""No tracker: the plain path's, which does no face work."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.face import Face
    from avatard.frame import Frame


class Blind:
    """Sees no face in any frame, at once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        return

    def track(self, frame: Frame) -> Face | None:
        """No face."""
        return None

    def reset(self) -> None:
        """Nothing to forget."""
