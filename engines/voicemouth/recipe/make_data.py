"""Makes the sound to learn from, and to be judged on: `python make_data.py --out FOLDER [--seed N] [--held]`.

Writes FOLDER/espeak.npz and piper.npz (held out: of other words, voices and noises; and flite.npz, a family of voices
that the training never hears, where the program flite is installed): frames as the network gets them, and weights of
the visemes. FOLDER/spoken keeps what the voices said; whatever is there is not made again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import recipes  # noqa: F401
import flite
import numpy as np
import sound
import voices
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from targets import weights

from avatard.speech.voicemouth.hearing import Hearing, heard
from avatard.speech.voicemouth.log_mel import HALF_S, HOP, log_mel
from avatard.speech.voicemouth.speaker import Speaker
from avatard.utterance import RATE

SEED = 20261121
#: Utterances, and how often each is heard in another room.
COUNTS = {"espeak": (1400, 1), "piper": (420, 3)}
HELD = {"espeak": (60, 1), "piper": (40, 1), "flite": (60, 1)}
#: Seconds in which nobody speaks, for each utterance.
EMPTY_S = 0.5


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--held", action="store_true", help="the smaller set that nothing is trained on")
    parser.add_argument("--only", choices=sorted(HELD))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for family, (count, copies) in (HELD if options.held else COUNTS).items():
        path = options.out / f"{family}.npz"
        if path.exists() or options.only not in (None, family):
            continue
        started = time.monotonic()
        seed = options.seed + options.held
        spoken = options.out / "spoken" / path.name
        if not spoken.exists():
            spoken.parent.mkdir(exist_ok=True)
            voices.keep(spoken, getattr(flite if family == "flite" else voices, family)(Random(seed), count))
        made = list(_samples(voices.kept(spoken), family, copies, default_rng(seed)))
        if not made:
            continue
        frames, targets = (np.concatenate(part) for part in zip(*made, strict=True))
        np.savez(path, frames=frames.astype(np.float16), weights=targets.astype(np.float16))
        print(f"{path}: {len(frames) / 6000:.1f} minutes in {time.monotonic() - started:.0f} s", flush=True)


def _samples(
    spoken: Iterable[voices.Utterance], family: str, copies: int, random: Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    babble = np.zeros(RATE)
    for utterance in spoken:
        for _ in range(copies):
            clean, sounds = sound.shifted(utterance, random.uniform(*sound.SHIFTS[family]))
            before, after = random.uniform(*sound.PAUSE, 2)
            clean = np.concatenate([np.zeros(int(before * RATE)), clean, np.zeros(int(after * RATE))])
            clean = np.pad(clean, (0, next_fast_len(len(clean)) - len(clean)))
            sounds = [(symbol, start + before, end + before) for symbol, start, end in sounds]
            frames = log_mel(sound.spoiled(clean, babble, random))
            times = (np.arange(len(frames)) + 1) * HOP / RATE - HALF_S
            yield heard(frames, _speaker(frames, random)), weights(sounds, times)
            babble = clean + np.resize(babble, len(clean)) / 2
        empty = log_mel(sound.noise_alone(int(EMPTY_S * copies * RATE), random))
        yield heard(empty, Speaker()), weights([], np.arange(len(empty)) / 100)


def _speaker(frames: NDArray[np.float32], random: Generator) -> Speaker:
    """Half of the time nobody knows the voice; else it is known about as well as a calibration knows it."""
    if random.random() < 0.5:
        return Speaker()
    hearing = Hearing(Speaker())
    for frame in frames:
        hearing(frame)
    mean = hearing.normal.mean + random.normal(0, 0.3, len(hearing.normal.mean)) + random.normal(0, 0.5)
    return Speaker(mean.astype(np.float32), frames=int(random.integers(100, 600)))


if __name__ == "__main__":
    main()
