"""Produce every committed result in one go, on an otherwise idle machine: `python benchmarks/run_all.py`.

Writes `benchmarks/results/*.json`, in about four minutes. Then `python benchmarks/readme_table.py` brings README.md up
to date. Let nothing else run beside it; alone run

- `--end-to-end`: every route to a reader, alone and beside a call; sleeping and waking; what others cost. 20 minutes
- `--av`: sound against picture, of typed speech and of a clip in `../shared/data`. Three minutes
- `--av`: sound against picture. 5 minutes
- `--speech`: voices, Enter to the first sound, closures, the mouth that a microphone moves. 30 minutes
- `--soak`: half an hour
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.capture.performer import CLIP

RESULTS = Path(__file__).parent / "results"
ROOT = Path(__file__).parents[1]

#: Result file → options of `avatard bench`.
SCENARIOS = {
    "null": ["--sink", "null", "--seconds", "30"],
    "y4m-ring": ["--sink", "y4m-ring", "--seconds", "60"],
    "meshnet": ["--sink", "y4m-ring", "--seconds", "60", "--engine", "meshnet"],
    "call": ["--sink", "y4m-ring", "--seconds", "60", "--load", "call"],
}
#: Two measurements a leg, of the age and of motion to output; two legs a route.
END_TO_END = ["--end-to-end", "--load", "call", "--seconds", "60"]
AV = ["--av", "--seconds", "60"]
#: Somebody who speaks, close to the microphone.
SPOKEN = Path(__file__).parents[2] / "shared" / "data" / "clips" / "lbax4n.mpg"
SOAK = ["--sink", "null", "--soak", "30", "--no-start"]


def main() -> int:
    """Run all, or only the scenarios named; the number of those whose budget was broken is the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SCENARIO", help=f"{', '.join(SCENARIOS)}, render; default: all")
    parser.add_argument("--profile", help="budget to hold it against; by default the one for this many cores")
    parser.add_argument("--soak", action="store_true", help="half an hour, and nothing else")
    parser.add_argument("--end-to-end", action="store_true", help="end to end, sleep and peers, and nothing else")
    parser.add_argument("--av", action="store_true", help="sound against picture, and nothing else")
    parser.add_argument("--speech", action="store_true", help="voices and lips, and nothing else")
    parser.add_argument("--seconds", help="of each end-to-end measurement, instead of 60: to try it out")
    wanted = parser.parse_args()
    profile = ["--profile", wanted.profile] if wanted.profile else []
    if wanted.soak:
        return bench("soak", [*SOAK, *profile])
    if wanted.end_to_end:
        return end_to_end([*profile, *(["--seconds", wanted.seconds] if wanted.seconds else [])])
    if wanted.av:
        return in_step()
    if wanted.speech:
        return speech()
    names = wanted.names or [*SCENARIOS, "render"]
    broken = sum(bool(bench(name, [*SCENARIOS[name], *profile])) for name in names if name in SCENARIOS)
    if "render" in names:
        render()
    return broken


def bench(name: str, options: list[str]) -> int:
    """One scenario; its exit code."""
    print(f"== {name}", flush=True)
    return avatard("bench", *options, "--json", str(RESULTS / f"{name}.json"))


def end_to_end(options: list[str]) -> int:
    """All routes, on a PipeWire of its own where none runs; what sleep costs; the peers. The bench's exit code."""
    print("== end-to-end", flush=True)
    target = str(RESULTS / "end-to-end.json")
    with private_pipewire() as environment:
        code = avatard("bench", *END_TO_END, *options, "--json", target, environment=environment)
    for program, arguments in (("sleep.py", ["--json", str(RESULTS / "sleep.json")]), ("peers.py", [])):
        print(f"== {program}", flush=True)
        subprocess.run([sys.executable, str(RESULTS.parent / program), *arguments], check=True)
    return code


def in_step() -> int:
    """Typed speech; and a clip as camera and microphone, where there is one. How many broke a promise."""
    broken = int(bool(bench("in-step", AV)))
    if SPOKEN.exists():
        broken += bool(bench("in-step-microphone", [*AV, "--source", f"file:{SPOKEN}"]))
    return broken


def speech() -> int:
    """Each program of its own; how many broke a promise."""
    broken = 0
    for name in ("voices", "speaking", "voice_mouth", "closures"):
        print(f"== {name}", flush=True)
        target = str(RESULTS / f"{name.replace('_', '-')}.json")
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--json", target], cwd=ROOT, check=False)
        broken += bool(done.returncode)
    return broken


@contextmanager
def private_pipewire() -> Iterator[dict[str, str]]:
    """The environment of a PipeWire that runs for as long as this does, headless; the user's own where it runs, and as
    it is where there is none."""
    from avatard.bench.routes import ROUTES, why_not
    from tests.output.private_pipewire import MISSING, PrivatePipeWire

    needed = why_not(next(route for route in ROUTES if route.name == "pipewire"))
    if not needed or MISSING:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="avatard-pipewire-") as folder, PrivatePipeWire(Path(folder)) as session:
        yield session.environment


def render() -> None:
    """How fast a file is rendered: the performer's clip, three times over so that starting up counts little."""
    print("== render", flush=True)
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder:
        clip, report = Path(folder) / "performer.mp4", Path(folder) / "report.json"
        repeat(CLIP, clip, times=3)
        if avatard("render", str(clip), str(Path(folder) / "out.mp4"), "--report", str(report), "--quiet"):
            raise SystemExit("render failed; its reason is above")
        done = json.loads(report.read_text(encoding="utf-8"))
    del done["per_frame_ms"]
    print(f"{done['frames']} frames, {done['fps']:.1f} a second")
    write_json({**done, "machine": asdict(machine)}, RESULTS / "render.json")


def repeat(clip: Path, target: Path, times: int) -> None:
    """The clip's own packets, `times` over: nothing is encoded again."""
    import av

    with av.open(str(target), "w") as out:
        stream, offset = None, 0
        for _ in range(times):
            with av.open(str(clip)) as container:
                video = container.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                length = int(video.duration or 0)
                for packet in container.demux(video):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = (packet.pts or 0) + offset, packet.dts + offset
                    packet.stream = stream
                    out.mux(packet)
                offset += length


def avatard(*arguments: str, environment: dict[str, str] | None = None) -> int:
    """Run the command line of this very interpreter; its exit code."""
    return subprocess.run([sys.executable, "-m", "avatard", *arguments], check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
