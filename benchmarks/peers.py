"""What others cost, measured beside avatard in the same run: `python benchmarks/peers.py`, three minutes.

- the floor: ffmpeg decodes a webcam's MJPG and copies it to the same sink, nothing in between
- pyvirtualcam's own paced loop (`pip install --no-deps --target build/peers pyvirtualcam`; GPL-2.0, not shipped)
- avatard, the same sink and reader
- the graphs of the First Order Motion Model and of LivePortrait on the CPU, random weights: only their cost counts

Writes `benchmarks/results/peers.json`. What cannot be run is in it with its reason.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from avatard.avatars import open_store
from avatard.bench import sightings
from avatard.bench.core_time import CoreTimer, core_time
from avatard.bench.machine import this_machine
from avatard.bench.notebook import Seen
from avatard.bench.result import write_json
from avatard.bench.routes import ROUTES
from avatard.bench.whole import look
from avatard.capture import open_source
from avatard.config import CaptureConfig, Config, OutputConfig, ReenactConfig
from avatard.parts import parts_of
from avatard.timing import NS_PER_S, Percentiles, StageTimer
from benchmarks.peer_graphs import fomm, liveportrait
from benchmarks.stand_in_webcam import FORMAT

SCHEMA = 1
ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks" / "results" / "peers.json"
#: Where the peers that are no dependency of ours are looked for.
INSTALLED = ROOT / "build" / "peers"
_SETTLE_NS = 1 * NS_PER_S
_RING = next(route for route in ROUTES if route.name == "y4m-ring")
_FFMPEG = (
    "ffmpeg -loglevel error -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0 -threads 1 "
    "-f mpjpeg -i pipe:0 -threads 1 -fps_mode passthrough -f rawvideo -pix_fmt yuv420p pipe:1"
)


def main() -> int:
    """Measure them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each age")
    parser.add_argument("--runs", type=int, default=10, help="of each graph; a third of it of LivePortrait's")
    parser.add_argument("--out", type=Path, default=RESULT)
    wanted = parser.parse_args()
    machine = this_machine()
    ages = [
        age("ffmpeg, copy of a webcam: the floor", floor, wanted.seconds),
        age("pyvirtualcam's loop, its device replaced by the ring", paced_loop, wanted.seconds),
        age("avatard, engine mesh", ours, wanted.seconds),
    ]
    portrait, portrait_parts = liveportrait.per_frame()
    costs = [
        our_cost(),
        graph("First Order Motion Model, 256x256", *fomm.per_frame(), wanted.runs),
        graph(
            "LivePortrait, 512x512", portrait, sum(portrait_parts.values()), max(2, wanted.runs // 3), portrait_parts
        ),
    ]
    write_json(
        {"schema": SCHEMA, "kind": "peers", "machine": asdict(machine), "ages": ages, "costs": costs}, wanted.out
    )
    return 0


def age(name: str, run: Callable[[float], npt.NDArray[np.int64] | str], seconds: float) -> dict[str, Any]:
    """What the ring's reader saw while `run` was at work, or why it was not."""
    print(f"== {name}", flush=True)
    rows = run(seconds)
    if isinstance(rows, str):
        print(rows)
        return {"name": name, "not_run": rows, "age_ms": None, "seen": None}
    times = Percentiles.of_ns(sightings.ages_ns(rows))
    print(f"p50 {times.p50:.1f} ms, p99 {times.p99:.1f} ms")
    return {"name": name, "not_run": "", "age_ms": asdict(times), "seen": asdict(sightings.report(rows, FORMAT.fps))}


def floor(seconds: float) -> npt.NDArray[np.int64] | str:
    """Webcam → ffmpeg → ring."""
    if shutil.which("ffmpeg") is None:
        return "no ffmpeg here: sudo apt install ffmpeg"
    return watched(seconds, [_FFMPEG.split(), module("benchmarks.peer_loops", "ring")])


def paced_loop(seconds: float) -> npt.NDArray[np.int64] | str:
    """Webcam → pyvirtualcam's loop → ring."""
    if not (INSTALLED / "pyvirtualcam").is_dir() and importlib.util.find_spec("pyvirtualcam") is None:
        return "pyvirtualcam is not installed: pip install --no-deps --target build/peers pyvirtualcam"
    return watched(seconds, [module("benchmarks.peer_loops", "pyvirtualcam")])


def watched(seconds: float, programs: list[list[str]]) -> npt.NDArray[np.int64]:
    """The webcam piped through `programs`, the last of which is told the ring's path; what the reader saw."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(INSTALLED)))}
    with tempfile.TemporaryDirectory(prefix="avatard-peers-") as folder, ExitStack() as stack:
        ring = Path(folder) / "ring.y4m"
        reader = stack.enter_context(_RING.open_reader(f"y4m-ring:{ring}", FORMAT))
        commands = [module("benchmarks.stand_in_webcam", str(seconds + 2)), *programs]
        commands[-1] = [*commands[-1], str(ring)]
        before: Any = subprocess.DEVNULL
        for command in commands:
            to = None if command is commands[-1] else subprocess.PIPE
            process = stack.enter_context(subprocess.Popen(command, stdin=before, stdout=to, env=environment, cwd=ROOT))
            if before is not subprocess.DEVNULL:
                before.close()  # the next program's alone: so that it learns when the one before has ended
            before = process.stdout
        process.wait()
        rows = Seen.of_json(reader.stop()).sightings
    return rows[rows[:, 2] > rows[0, 2] + _SETTLE_NS] if len(rows) else rows


def module(name: str, *arguments: str) -> list[str]:
    """A program of this interpreter."""
    return [sys.executable, "-m", name, *arguments]


def config_to(sink: str) -> Config:
    """The line at its defaults, with the performer."""
    return Config(
        capture=CaptureConfig(source="performer"),
        reenact=ReenactConfig(engine="mesh"),
        output=OutputConfig(sinks=(sink,), width=FORMAT.width, height=FORMAT.height, fps=FORMAT.fps),
    )


def ours(seconds: float) -> npt.NDArray[np.int64]:
    """The whole line, into the same ring."""
    with tempfile.TemporaryDirectory(prefix="avatard-peers-") as folder:
        config = config_to(_RING.spec(Path(folder)))
        avatar = open_store().load(config.reenact.avatar)
        _, seen = look(_RING, config, avatar, parts_of(config), seconds, lambda moment: None)
    return seen.sightings


def our_cost() -> dict[str, Any]:
    """What avatard does for a picture that these graphs do: find the face, drive, draw."""
    name = "avatard: face found, driven and drawn by mesh, 1280x720"
    print(f"== {name}", flush=True)
    config = config_to("null")
    source = open_source("performer", config.capture, paced=False)
    found = core_time(config, open_store().load(config.reenact.avatar), parts_of(config), source, 150)
    core_ms = sum(found.mean_ms[stage] for stage in ("track", "drive", "reenact"))
    print(f"{core_ms:.1f} core-ms")
    return {"name": name, "parameters": None, "runs": 150, "wall_ms": None, "core_ms": core_ms, "parts": {}}


def graph(name: str, model: Any, parameters: int, runs: int, parts: dict[str, int] | None = None) -> dict[str, Any]:
    """Wall and CPU time of one frame of a graph on the CPU provider, all cores. parts: their parameters."""
    import onnxruntime

    print(f"== {name}", flush=True)
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    feeds = {one.name: rng.uniform(-1, 1, one.shape).astype(np.float32) for one in session.get_inputs()}
    wall, core = StageTimer(), CoreTimer()
    for run in range(runs + 1):
        with ExitStack() as stack:
            if run:  # the first allocates
                stack.enter_context(wall.measure())
                stack.enter_context(core.measure())
            session.run(None, feeds)
    times = wall.percentiles()
    print(f"p50 {times.p50:.0f} ms")
    return {
        "name": name,
        "parameters": parameters,
        "parts": parts or {},
        "runs": runs,
        "wall_ms": asdict(times),
        "core_ms": float(core.samples_ns().mean()) / 1e6,
    }


if __name__ == "__main__":
    sys.exit(main())
