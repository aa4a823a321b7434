"""A voice that is none, for tests of what goes wrong: tones instead of words, and faults on order."""

from __future__ import annotations

import array
import math
import os
import time
from pathlib import Path
from typing import BinaryIO, Final

from avatard.speech.worker.engine import Stop, StoppedError
from avatard.speech.worker.protocol import Listing, Said, Say

SAMPLE_RATE: Final = 16_000
#: Seconds of tone for each character.
LETTER_S: Final = 0.05
FAULTS: Final = ("die", "hang", "deaf", "print", "garbage", "fail")


class Fake:
    """orders: a folder. A file in it with a fault's name is taken away and obeyed once; with "always" in it, it stays.

    die: the process ends. hang: it never answers, but hears a stop. deaf: nor does it hear. print: as a chatty library
    does, and then as usual. garbage: on the protocol's own pipe. fail: an exception with the text in it.
    """

    name = "fake"

    def __init__(self, orders: str, out: BinaryIO) -> None:
        self._orders = Path(orders)
        self._out = out
        (self._orders / "pid").write_text(str(os.getpid()))

    def say(self, clause: Say, stop: Stop) -> Said:
        for fault in FAULTS:
            self._obey(fault, clause, stop)
        samples = round(SAMPLE_RATE * LETTER_S * len(clause.text) / clause.rate)
        step = 2 * math.pi * 440 * clause.pitch / SAMPLE_RATE
        tone = array.array("h", (round(8000 * math.sin(step * i)) for i in range(samples)))
        seconds = LETTER_S / clause.rate
        return Said(
            id=clause.id,
            sample_rate=SAMPLE_RATE,
            phonemes=tuple((c, i * seconds, (i + 1) * seconds) for i, c in enumerate(clause.text)),
            words=tuple((i, i + 1, i * seconds) for i in range(len(clause.text))),
            language=clause.language or "fake",
            sound=tone.tobytes(),
        )

    def listing(self) -> Listing:
        return Listing((("fake", "Fake", "fake"),))

    def _obey(self, fault: str, clause: Say, stop: Stop) -> None:
        order = self._orders / fault
        if not order.exists():
            return
        if order.read_text() != "always":
            order.unlink()
        match fault:
            case "die":
                os._exit(9)
            case "hang":
                while not stop.asked:
                    time.sleep(0.005)
                raise StoppedError
            case "deaf":
                time.sleep(600)
            case "print":
                os.write(1, b"a library says hello\n")
                print("and so does Python", flush=True)  # noqa: T201 (that is the fault)
            case "garbage":
                self._out.write(b"Segmentation fault (core dumped)")
                self._out.flush()
            case "fail":
                raise ValueError(f"cannot say {clause.text}")
