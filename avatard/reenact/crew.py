"""A second thread for one picture: what does not depend on each other is drawn side by side.

OpenCV's own pool would split each small call in two and wait for both halves. Here whole jobs are handed on, and a
caller whose helper has not come to one (its core has other work) does it itself: nobody waits for a thread to wake.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Self

T = TypeVar("T")


class Crew:
    """The caller's thread and, once entered, a helper's. Serves one caller."""

    def __init__(self) -> None:
        self._helper: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        self._helper = ThreadPoolExecutor(1, "avatard-crew")
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.shutdown()

    def later(self, job: Callable[[], T]) -> Callable[[], T]:
        """Hand `job` on. To be called once: gives what the job returned, or does it here if nobody has begun it.
        Raises what the job raises."""
        if self._helper is None:
            return job
        there = self._helper.submit(job)
        return lambda: job() if there.cancel() else there.result()
