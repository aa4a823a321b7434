"""A voice's worker, seen from the daemon: started, asked, and put away when it hangs."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO, Final

from avatard.errors import AudioError
from avatard.speech.worker.protocol import (
    Cancel,
    Failed,
    Listing,
    Message,
    ProtocolError,
    Reader,
    Ready,
    Said,
    Say,
    encode,
)

log = logging.getLogger("avatard.speech")

#: Seconds in which a voice must have loaded: 1.5 of a core for a natural one, and a busy machine gives it a twentieth.
LOAD_S: Final = 60.0
#: Seconds that a stopped worker has for saying that it did stop; then it is killed.
STOP_S: Final = 0.08
_MODULE: Final = "avatard.speech.worker"


class WorkerLostError(Exception):
    """The worker ended, hangs, or talks nonsense: another one may do better."""


class WorkerProcess:
    """One worker: a context manager, entered once it runs. It may still be loading then.

    command: ENGINE VOICE… of `avatard.speech.worker`. `cancel` is for any thread, the rest for one at a time.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._messages: SimpleQueue[Message | None] = SimpleQueue()
        self._sending = threading.Lock()
        self._cancelled_id = 0
        # stderr is not read: what a library writes there could hold typed text.
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self._process.stdout is not None
        self._loaded = False
        threading.Thread(target=self._read, args=(self._process.stdout,), name="voice", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's."""
        return self._process.pid

    def load(self) -> None:
        """Wait until the voice is loaded. Raises AudioError: it cannot be, WorkerLostError: it does not answer."""
        until = time.monotonic() + LOAD_S
        while not self._loaded:
            self._started(self._next(until))

    def listing(self) -> Listing:
        """What it lists, where that is all it was started for. Raises as `load`."""
        message = self._next(time.monotonic() + LOAD_S)
        if isinstance(message, Failed):
            raise AudioError(message.message, message.hint)
        if not isinstance(message, Listing):
            raise WorkerLostError("no list of voices came")
        return message

    def say(self, clause: Say, patience_s: float) -> Said | None:
        """The clause's sound; None when it was cancelled. Raises AudioError, and WorkerLostError also after
        `patience_s` seconds without it; loading may take `LOAD_S` before."""
        self._send(clause)
        until = time.monotonic() + (patience_s if self._loaded else LOAD_S)
        stopping = False
        while True:
            if clause.id <= self._cancelled_id and not stopping:
                if not self._loaded:
                    return None  # it says nothing yet, and will not say this
                stopping, until = True, time.monotonic() + STOP_S
            message = self._next(until)
            if isinstance(message, (Said, Failed)) and message.id == clause.id:
                if clause.id <= self._cancelled_id:
                    return None
                if isinstance(message, Said):
                    return message
                raise AudioError(message.message, message.hint)
            if not self._loaded:
                self._started(message)
                until = time.monotonic() + patience_s if self._loaded else until

    def cancel(self, number: int) -> None:
        """Have `say` of ids up to `number` return None soon. Never waits."""
        self._cancelled_id = max(self._cancelled_id, number)
        with suppress(WorkerLostError):
            self._send(Cancel(number))
        self._messages.put(Cancel(number))  # wakes `say`

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _started(self, message: Message) -> None:
        """Note that it has loaded, if that is what `message` says. Raises AudioError where it cannot."""
        if isinstance(message, Failed) and message.id == 0:
            raise AudioError(message.message, message.hint)
        if isinstance(message, Ready):
            self._loaded = True
            log.debug("voice %s: %s", " ".join(self._command), message.engine)

    def _next(self, until: float) -> Message:
        try:
            message = self._messages.get(timeout=max(until - time.monotonic(), 0.0))
        except Empty:
            raise WorkerLostError("the voice hangs") from None
        if message is None:
            self._messages.put(None)
            raise WorkerLostError("the voice's program ended")
        return message

    def _send(self, message: Message) -> None:
        assert self._process.stdin is not None
        try:
            with self._sending:
                self._process.stdin.write(encode(message))
        except (OSError, ValueError) as e:  # ValueError: closed
            raise WorkerLostError("the voice's program ended") from e

    def _read(self, pipe: IO[bytes]) -> None:
        reader = Reader()
        try:
            with pipe, suppress(OSError, ValueError):
                while data := pipe.read(1 << 16):
                    for message in reader.feed(data):
                        self._messages.put(message)
        except ProtocolError as e:
            log.warning("the voice's program sent %s", e)
        self._messages.put(None)
