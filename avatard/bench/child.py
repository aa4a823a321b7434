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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

_READY = "ready"


class Child:
    """The parent's side: a context manager over `python -m MODULE ARGUMENTS`, entered once the child is ready."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if process.stdout.readline().strip() != _READY:
            process.communicate()
            raise RuntimeError(f"{' '.join(self._command)} ended with {process.returncode}; its reason is above")
        self._process = process
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def stop(self) -> Any:
        """Tell it to stop and wait for what it found."""
        assert self._process is not None, "entered first"
        found, _ = self._process.communicate(timeout=30)
        self._process = None
        return json.loads(found)


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


def tell(found: Any) -> None:
    """The child's side: the last thing it does."""
    json.dump(found, sys.stdout)
