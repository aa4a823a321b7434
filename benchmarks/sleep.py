"""On demand, measured: `python benchmarks/sleep.py [--engine NAME] [--json FILE]`, a minute and a half.

`avatard up --awake on-demand` in a process of its own writes a y4m ring; this program is its reader. Each round it
opens the ring and waits for the first picture of the avatar, then for the first one that a frame of the source shaped
(its barcode says so), closes the ring and waits for sleep. What the figures include:

- wake: from just before the ring is opened. Noticing the reader, the debounce and drawing are in it; the source is the
  shipped performer, a file: a camera's own time to start comes on top in "first_driven_ms", not in "first_picture_ms".
- asleep: CPU time of the daemon over wall time, of one core; memory at the end of it. "fresh" before it was ever woken,
  "again" after the rounds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.bench.ring import Ring
from avatard.control.client import NotRunningError, call

ROUNDS: Final = 10
IDLE_S: Final = 15.0
#: What a start or a round leaves to do is done by then.
SETTLE_S: Final = 3.0
LOOK_S: Final = 0.001
PATIENCE_S: Final = 60.0


def main() -> None:
    """Measure, print, and write the result down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="mesh")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    machine = this_machine()
    result = {"schema": 1, "machine": asdict(machine), **measure(wanted.engine, wanted.rounds)}
    print(json.dumps({name: result[name] for name in ("asleep", "wake")}, indent=1))
    if wanted.json:
        write_json(result, wanted.json)


def measure(engine: str, rounds: int) -> dict[str, Any]:
    """All figures of one daemon."""
    with tempfile.TemporaryDirectory(prefix="avatard-sleep-") as name, running(Path(name), engine) as (daemon, status):
        ring = Path(name) / "ring.y4m"
        until(lambda: status().get("state") == "asleep", "sleep after the start")
        time.sleep(SETTLE_S)
        fresh = idle(daemon)
        wakes = []
        for _ in range(rounds):
            wakes.append(wake(ring))
            until(lambda: status()["state"] == "asleep", "sleep")
        time.sleep(SETTLE_S)
        again = idle(daemon)
        counters = status()["counters"]
    return {
        "engine": engine,
        "source": "performer",
        "sink": "y4m-ring",
        "rounds": rounds,
        "asleep": {"fresh": fresh, "again": again},
        "wake": {
            "first_picture_ms": spread([first for first, _ in wakes]),
            "first_driven_ms": spread([driven for _, driven in wakes]),
        },
        "counters": counters,
    }


@contextmanager
def running(folder: Path, engine: str) -> Iterator[tuple[psutil.Process, Callable[[], dict[str, Any]]]]:
    """The daemon, and what it says of itself; {} before it answers."""
    settings, socket = folder / "config.toml", folder / "sock"
    settings.write_text("[seal]\nbarcode = true\n", encoding="utf-8")
    options = [
        "--awake=on-demand",
        "--source=performer",
        f"--engine={engine}",
        f"--sink=y4m-ring:{folder / 'ring.y4m'}",
    ]
    command = [sys.executable, "-m", "avatard", "up", f"--config={settings}", f"--socket={socket}", *options]

    def status() -> dict[str, Any]:
        try:
            return call("status", socket=socket)
        except NotRunningError:
            return {}

    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield psutil.Process(process.pid), status
        finally:
            process.terminate()


def idle(daemon: psutil.Process) -> dict[str, float]:
    """What it takes while nobody reads."""
    before, started = daemon.cpu_times(), time.monotonic()
    time.sleep(IDLE_S)
    after, seconds = daemon.cpu_times(), time.monotonic() - started
    used = after.user + after.system - before.user - before.system
    return {
        "seconds": round(seconds, 1),
        "cpu_percent": round(100 * used / seconds, 2),
        "rss_mb": round(daemon.memory_info().rss / 1e6, 1),
        "of_that_unshared_mb": round(daemon.memory_full_info().uss / 1e6, 1),
    }


def wake(path: Path) -> tuple[float, float]:
    """Read the ring until it lives: milliseconds to the first picture of the avatar, and to the first driven one."""
    started_ns = time.monotonic_ns()
    ring = Ring.open(path)
    assert ring is not None
    first_ns = 0
    while time.monotonic_ns() - started_ns < PATIENCE_S * 1e9:
        seen = ring.look()
        # What stands in the ring from the last time has its barcode still: only newer pictures count.
        if seen is not None and (seen.seq < 0 or seen.captured_ns > started_ns):
            first_ns = first_ns or seen.seen_ns
            if seen.seq >= 0:
                return (first_ns - started_ns) / 1e6, (seen.seen_ns - started_ns) / 1e6
        time.sleep(LOOK_S)
    raise SystemExit("it never woke up")


def spread(values: list[float]) -> dict[str, float]:
    """Percentiles, rounded."""
    p50, p95 = np.percentile(values, (50, 95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "max": round(max(values), 1)}


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it; give up after a minute."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"never came: {what}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
