"""A process of the bench's own that runs until it is told to stop, then says in JSON what it found.

Not `multiprocessing`: what is measured must not share this process's memory, imports or interpreter. The pipe is the
lifeline: a child whose parent dies reads the end of its standard input and ends too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from avatard.errors import SinkError

if TYPE_CHECKING:
    from typing_extensions import Self

_READY, _WATCHING, _NOT_YET, _CANNOT = "ready", "watching", "not yet: ", "cannot: "


class ChildError(SinkError):
    """A child ended before its time, or cannot do what it is there for; nearly all of them read a sink."""


class Child:
    """The parent's side: a context manager over `python -m MODULE ARGUMENTS`, entered once the child is ready."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[str] | None = None
        self._why_not_yet = ""

    def __enter__(self) -> Self:
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._process = process
        self._await(_READY)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def await_watching(self, timeout_s: float) -> None:
        """Wait until it says that what it is there for has begun. Raises ChildError when it cannot, or takes longer."""
        assert self._process is not None, "entered first"
        process, late = self._process, threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout_s, give_up)
        timer.start()
        try:
            self._await(_WATCHING)
        except ChildError as e:
            if late.is_set():
                why = f": {self._why_not_yet}" if self._why_not_yet else ""
                raise ChildError(f"nothing was seen within {timeout_s:.0f} s{why}") from e
            raise
        finally:
            timer.cancel()

    def _await(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while (said := self._process.stdout.readline().strip()).startswith(_NOT_YET):
            self._why_not_yet = said.removeprefix(_NOT_YET)
        if said == word:
            return
        process, self._process = self._process, None
        process.kill()
        process.communicate()
        raise self._failure(said, process.returncode)

    def stop(self) -> Any:
        """Tell it to stop and wait for what it found. Raises ChildError when it had ended before."""
        assert self._process is not None, "entered first"
        process, self._process = self._process, None
        found, _ = process.communicate(timeout=60)
        last = ["", *found.splitlines()][-1]  # before it may stand words that nobody waited for
        if process.returncode:
            raise self._failure(last, process.returncode)
        return json.loads(last)

    def _failure(self, said: str, status: int) -> ChildError:
        if said.startswith(_CANNOT):
            return ChildError(said.removeprefix(_CANNOT))
        return ChildError(f"{' '.join(self._command[2:])} ended with {status}; its reason is above")


def ready() -> threading.Event:
    """The child's side: tell the parent, and return the event that is set when it says stop."""
    stop = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=listen, name="lifeline", daemon=True).start()
    sys.stdout.write(_READY + "\n")
    sys.stdout.flush()
    return stop


def watching() -> None:
    """The child's side: what it is there for has begun, such as the first picture seen."""
    sys.stdout.write(_WATCHING + "\n")
    sys.stdout.flush()


def not_yet(why: str) -> None:
    """The child's side: why it does not watch yet, for the parent that waits in vain; one line, when it changes."""
    sys.stdout.write(f"{_NOT_YET}{why}\n")
    sys.stdout.flush()


def cannot(why: str) -> NoReturn:
    """The child's side: end, because what it is there for cannot be had. why: one line."""
    sys.stdout.write(f"{_CANNOT}{why}\n")
    sys.stdout.flush()
    sys.exit(1)


def tell(found: Any) -> None:
    """The child's side: the last thing it does."""
    json.dump(found, sys.stdout)
