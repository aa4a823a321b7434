"""What a voice's engine is, inside the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from avatard.speech.worker.protocol import Listing, Said, Say


class EngineError(Exception):
    """The engine cannot do it. message, hint: for people, and never any of the text that was to be said."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class StoppedError(Exception):
    """Saying was stopped from outside."""


class Stop:
    """Asks one `say` to stop. `ask` is called on another thread than the rest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._act: Callable[[], None] | None = None
        self.asked = False

    def ask(self) -> None:
        """From now on `asked`; what was given to `then` is done at once."""
        with self._lock:
            self.asked = True
            if self._act is not None:
                self._act()

    def then(self, act: Callable[[], None] | None) -> None:
        """Have `act` done when it is asked for, at once if it has been; None forgets it."""
        with self._lock:
            self._act = act
            if self.asked and act is not None:
                act()


class Engine(Protocol):
    """One loaded voice."""

    #: Name and version, for people.
    name: str

    def say(self, clause: Say, stop: Stop) -> Said:
        """Synthesise one clause. Raises EngineError, and StoppedError soon after `stop` was asked."""

    def listing(self) -> Listing:
        """The engine's voices."""
