"""Run one voice: `python -m avatard.speech.worker ENGINE VOICE…`, with `protocol.py` on standard input and output."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO, Final

from avatard.speech.worker.engine import Engine, EngineError, Stop, StoppedError
from avatard.speech.worker.protocol import Cancel, Failed, Message, ProtocolError, Reader, Ready, Say, encode

_READ: Final = 1 << 16


def main(arguments: list[str]) -> int:
    """Load the voice, say what comes in, end when the pipe does.

    ENGINE VOICE is one of: espeak NAME; piper MODEL.onnx CACHE; fake ORDERS; list, which tells espeak-ng's voices and
    ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the daemon's, which may still want to say something
    out = _own_pipe()
    try:
        engine, wants_list = open_engine(arguments, out)
        Worker(engine, out).answer(engine.listing() if wants_list else Ready(engine.name))
    except EngineError as e:
        Worker(None, out).answer(Failed(0, e.message, e.hint))
        return 1
    if not wants_list:
        Worker(engine, out).run()
    return 0


def open_engine(arguments: list[str], out: BinaryIO) -> tuple[Engine, bool]:
    """The engine that the command line names, and whether only its voices are wanted. Imports no other engine.

    out: where answers go, for a fake that spoils them.
    """
    name, voices = arguments[0], arguments[1:]
    if name in ("espeak", "list"):
        from avatard.speech.worker.espeak import Espeak

        return Espeak(*voices or ["en"]), name == "list"
    if name == "piper":
        from avatard.speech.worker.piper import Piper

        return Piper(*voices), False
    if name == "fake":
        from avatard.speech.worker.fake import Fake

        return Fake(voices[0], out), False
    raise EngineError(f"there is no engine {name}")


class Worker:
    """Says one clause after the other on the main thread; a second one reads, so that a stop is heard meanwhile."""

    def __init__(self, engine: Engine | None, out: BinaryIO) -> None:
        self._engine = engine
        self._out = out
        self._waiting: queue.SimpleQueue[Say] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._said_id = 0
        self._stop = Stop()
        self._cancelled_id = 0

    def answer(self, message: Message) -> None:
        """Send it."""
        self._out.write(encode(message))
        self._out.flush()

    def run(self) -> None:
        """Say what comes in; the process ends with the pipe."""
        threading.Thread(target=self._read, name="read", daemon=True).start()
        while True:
            self.answer(self._say(self._waiting.get()))

    def _say(self, clause: Say) -> Message:
        assert self._engine is not None
        stop = Stop()
        with self._lock:
            if clause.id <= self._cancelled_id:
                return Failed(clause.id, "stopped")
            self._said_id, self._stop = clause.id, stop
        try:
            return self._engine.say(clause, stop)
        except StoppedError:
            return Failed(clause.id, "stopped")
        except EngineError as e:
            return Failed(clause.id, e.message, e.hint)
        except Exception as e:  # its words may hold the text, which nobody but the listener is to learn
            return Failed(clause.id, f"the voice failed with {type(e).__name__}")

    def _read(self) -> None:
        """Until the pipe ends: then the daemon is gone, whatever is being said."""
        reader = Reader()
        try:
            while data := os.read(0, _READ):
                for message in reader.feed(data):
                    if isinstance(message, Say):
                        self._waiting.put(message)
                    elif isinstance(message, Cancel):
                        self._cancel(message.id)
        except (OSError, ProtocolError):
            os._exit(1)
        os._exit(0)

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled_id = max(self._cancelled_id, number)
            if self._said_id <= number:
                self._stop.ask()


def _own_pipe() -> BinaryIO:
    """Standard output for the protocol alone: what a library prints goes where errors go."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
