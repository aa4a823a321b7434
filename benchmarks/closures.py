"""Do the avatar's lips meet where its speech wants it: `python benchmarks/closures.py [--engine NAME] [--json FILE]`.

Two hundred sentences, rich in p b m f v, are said by the default voice to the shipped avatars; sealed pictures around
each closure are given to FaceMesh, as somebody who looks at the call would see them. A closure is seen when two
pictures in a row show lips that are no further apart than 0.02 eye distances over the avatar's at rest. That open
vowels are seen open shows that the measure can tell. Beside it, how far lips open in every picture of a sentence, and
how far those of the ten people in ../shared/data/clips do, measured in the same way (left out without the clips).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, get_args

import cv2
import numpy as np

from avatard.avatars import open_store
from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.capture.file import VideoFile
from avatard.config import TrackConfig
from avatard.speech.voices.voice import open_voice
from avatard.track import open_tracker
from avatard.utterance import Clause
from benchmarks.lips.closed import Found, look, percentiles, summary
from benchmarks.lips.sentences import sentences
from benchmarks.lips.stage import Engine, gap_of

HERE: Final = Path(__file__).resolve().parent
CLIPS: Final = HERE.parent.parent / "shared" / "data" / "clips"
ENGINES: Final = get_args(Engine)
VOICE: Final = "en-us"


def main() -> int:
    """Command line: 3 where a closure is not seen."""
    options = _options()
    machine = this_machine()
    started = time.monotonic()
    texts = sentences(options.sentences)
    with open_voice(options.voice) as voice:
        said = [list(voice.speak(text)) for text in texts]
    avatars = [entry.name for entry in open_store().list().entries if entry.shipped]
    result: dict[str, Any] = {
        "schema": 1,
        "machine": asdict(machine),
        "voice": options.voice,
        "sentences": len(texts),
        "avatars": avatars,
    }
    # mediapipe's threads do not survive a fork.
    with ProcessPoolExecutor(options.jobs, get_context("spawn"), initializer=_one_thread) as pool:
        result["people"] = _summed(list(pool.map(_people, sorted(CLIPS.glob("*.mpg")))))
        result["engines"] = {}
        for engine in options.engine or ENGINES:
            share = [said[index :: len(avatars)] for index in range(len(avatars))]
            found = list(pool.map(partial(_look, engine), avatars, share, range(len(avatars))))
            result["engines"][engine] = summary(found)
            print(json.dumps({engine: result["engines"][engine]}, indent=1), flush=True)
            result["seconds"] = round(time.monotonic() - started, 1)
            if options.json:
                write_json(result, options.json)
    missed = [
        kind["wanted"] - kind["closed"] for one in result["engines"].values() for kind in one["closures"].values()
    ]
    return 3 if sum(missed) else 0


def _one_thread() -> None:
    cv2.setNumThreads(1)  # the jobs are the threads


def _look(engine: Engine, avatar: str, texts: list[list[Clause]], seed: int) -> Found:
    return look(engine, open_store().load(avatar), texts, seed)


def _people(clip: Path) -> list[float]:
    """The gaps of somebody who talks, over those when the mouth is closed."""
    gaps = []
    with VideoFile(str(clip), paced=False) as source, open_tracker(TrackConfig(smooth=False)) as tracker:
        while True:
            try:
                frame = source.read(1.0)
            except EOFError:
                break
            assert frame is not None, "an unpaced file does not wait"
            face = tracker.track(frame)
            if face is not None:
                gaps.append(gap_of(face))
    closed = float(np.percentile(gaps, 5))
    return [gap - closed for gap in gaps]


def _summed(people: list[list[float]]) -> dict[str, Any] | None:
    if not people:
        return None
    return {"clips": len(people), "gap": percentiles([gap for one in people for gap in one])}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="; all")
    parser.add_argument("--voice", default=VOICE)
    parser.add_argument("--sentences", type=int, default=200, metavar="N")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes; 2")
    parser.add_argument("--json", type=Path, metavar="FILE", help=str(HERE / "results" / "closures.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
