"""How soon a voice begins: `python benchmarks/voices.py [--voice NAME …] [--json FILE]`, two minutes.

The part between Enter and the first sound that is the voice's own, seen from the daemon:

- first: from the text to its first clause of sound in the daemon, at 48 kHz, of a voice that is loaded. The device's
  buffer (60 to 100 ms) and the daemon's own queue come on top.
- again: the same for what was said before.
- cold: from nothing to the same: a new worker, the voice loaded, the first clause. Files are in the page cache.
- cancel: from `cancel()`, at a random moment of a long text, to its clauses' end. replaced: workers killed for it.
- speed: CPU time of the worker over seconds of sound. memory_mb: the worker's, resident, at its most.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.speech.voices.voice import Manner, Voice, open_voice
from avatard.timing import Percentiles

VOICES: Final = ("en-us", "joe")
#: What people who type say in a call: from a word to what they had prepared.
SENTENCES: Final = (
    "Yes.",
    "No, thank you.",
    "Wait a moment.",
    "Hello everyone.",
    "Can you repeat that?",
    "I agree with Maria.",
    "Sorry, I was still typing.",
    "Good morning, how are you today?",
    "I would like to say something about that.",
    "Could we come back to the second point later?",
    "The numbers look better than they did last month.",
    "Please give me a minute, I am composing an answer.",
    "Hello everyone, I am happy to join this meeting today.",
    "My suggestion: we try it for two weeks, and then decide.",
    "I think that the budget should also cover the travel costs of the volunteers.",
    "Before we go on I want to thank all of you for waiting until I had written this.",
    "If nobody minds, then I will send the minutes to everybody by tomorrow at 10:30.",
    "It costs $1,250 a year. That is less than we paid before, and it does more for us.",
)
LONG: Final = "and then we went on and on without a single mark in the text until somebody at last said stop " * 300
#: A voice that is a little faster says the same anew: nothing comes from the cache.
RATES: Final = (1.0, 1.01, 1.02, 1.03, 1.04)
CANCELS: Final = 20
COLD: Final = 5
MS: Final = 1_000_000


def main() -> None:
    """Measure, print, and write the result down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", action="append", help=f"by default {' and '.join(VOICES)}")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    machine = this_machine()
    found = {name: measure(name) for name in wanted.voice or VOICES}
    print(json.dumps(found, indent=1))
    if wanted.json:
        write_json({"schema": 1, "machine": asdict(machine), "voices": found}, wanted.json)


def measure(name: str, cold: int = COLD, rates: tuple[float, ...] = RATES, cancels: int = CANCELS) -> dict[str, Any]:
    """All figures of one voice."""
    colds = np.array([start_ns(name) for _ in range(cold)])
    with open_voice(name) as voice:
        first, seconds, cpu = spoken(voice, rates)
        again = np.array([first_ns(voice, sentence, Manner(rate=rates[-1])) for sentence in SENTENCES])
        memory = psutil.Process(voice.worker_pid).memory_info().rss
        stops, replaced = cancelled(voice, cancels)
        return {
            "engine": voice.entry.engine,
            "first_ms": asdict(Percentiles.of_ns(first)),
            "again_ms": asdict(Percentiles.of_ns(again)),
            "cold_ms": asdict(Percentiles.of_ns(colds)),
            "cancel_ms": asdict(Percentiles.of_ns(stops)),
            "replaced": replaced,
            "speed": cpu / seconds,
            "memory_mb": memory / 1e6,
        }


def start_ns(name: str) -> int:
    """Nanoseconds from nothing to the first clause."""
    started = time.monotonic_ns()
    with open_voice(name) as voice:
        next(voice.speak(SENTENCES[3]))
        return time.monotonic_ns() - started


def first_ns(voice: Voice, text: str, manner: Manner) -> int:
    """Nanoseconds from a text to its first clause."""
    started = time.monotonic_ns()
    next(voice.speak(text, manner))
    return time.monotonic_ns() - started


def spoken(voice: Voice, rates: tuple[float, ...]) -> tuple[Any, float, float]:
    """Say all sentences at all rates: nanoseconds to each first clause; seconds of sound, and of the worker's CPU."""
    worker = psutil.Process(voice.worker_pid)
    before = sum(worker.cpu_times()[:2])
    first, seconds = [], 0.0
    for rate in rates:
        for sentence in SENTENCES:
            started = time.monotonic_ns()
            for i, clause in enumerate(voice.speak(sentence, replace(Manner(), rate=rate))):
                if i == 0:
                    first.append(time.monotonic_ns() - started)
                seconds += clause.seconds
    return np.array(first), seconds, sum(worker.cpu_times()[:2]) - before


def cancelled(voice: Voice, times: int) -> tuple[Any, int]:
    """Nanoseconds from a cancel to the end of the clauses, and how many workers had to be replaced."""
    moments = random.Random(5)
    stops, replaced = [], 0
    for i in range(times):
        pid = voice.worker_pid
        asked: list[int] = []

        def cancel(asked: list[int] = asked) -> None:
            asked.append(time.monotonic_ns())
            voice.cancel()

        clauses = voice.speak(LONG, Manner(rate=1.1 + i / 1000))
        timer = threading.Timer(moments.uniform(0.01, 0.6), cancel)
        timer.start()
        while next(clauses, None) is not None:
            pass
        ended = time.monotonic_ns()
        timer.cancel()
        if asked:  # else all had been said before
            stops.append(ended - asked[0])
        replaced += voice.worker_pid != pid
    return np.array(stops, np.int64), replaced


if __name__ == "__main__":
    main()
