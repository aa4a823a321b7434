"""Renders the training data: one file for each random person's performance, the same from the same seed.

    python make_data.py --makehuman FOLDER --out FOLDER [--portraits FOLDER] [--seeds 0:400] [--jobs 2]

With --portraits the skins are those synthetic portraits, else MakeHuman's painted ones.

Goes on where it stopped. `manifest.json` names each file with its SHA-256, and the versions that made it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

#: Software OpenGL and the maths libraries: one thread for each process, as there is a process for each core.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import recipes  # noqa: E402, F401
import record  # noqa: E402
from gl import Studio  # noqa: E402
from photo import Photo, photos  # noqa: E402

#: Seeds from here on are never trained on.
HELD_OUT = 100_000
_studio: Studio | None = None
_photos: list[Photo] = []


def _make(seed: int, makehuman: Path, portraits: Path | None, out: Path) -> tuple[int, int, float]:
    """Seed, frames written (0: no face was found), seconds."""
    global _studio
    started = time.monotonic()
    cv2.setNumThreads(1)
    if _studio is None:
        _studio = Studio(makehuman)
        _photos.extend(photos(portraits) if portraits else [])
    arrays = record.sequence(seed, _studio, makehuman, _photos)
    path = out / f"{seed:06d}.npz"
    if arrays is None:
        path.with_suffix(".none").touch()
        return seed, 0, time.monotonic() - started
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **arrays)
    part.rename(path)
    return seed, len(arrays["mouth"]), time.monotonic() - started


def manifest(out: Path, seconds: float, made: int) -> dict[str, object]:
    """What is in the folder, and what made it."""
    files = sorted(out.glob("*.npz"))
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    whole = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()
    versions = {name: importlib.metadata.version(name) for name in ("anny", "mediapipe", "moderngl", "numpy")}
    return {
        "schema": 1,
        "sha256": whole,
        "sequences": len(files),
        "frames_of_a_sequence": record.FRAMES - 1,
        "frames_a_second": round(made / seconds, 2) if seconds else None,
        "versions": versions,
        "files": hashes,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--makehuman", type=Path, required=True)
    parser.add_argument("--portraits", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", default="0:400", help="FIRST:END")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    first, end = (int(v) for v in options.seeds.split(":"))
    have = {int(p.stem) for suffix in ("npz", "none") for p in options.out.glob(f"*.{suffix}")}
    todo = [seed for seed in range(first, end) if seed not in have]
    started, made = time.monotonic(), 0
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(_make, seed, options.makehuman, options.portraits, options.out) for seed in todo]
        for done, job in enumerate(jobs, 1):
            seed, frames, seconds = job.result()
            made += frames
            rate = made / (time.monotonic() - started)
            print(f"{seed}: {frames} frames in {seconds:.1f} s; {done}/{len(todo)}, {rate:.1f} frames/s", flush=True)
    (options.out / "manifest.json").write_text(
        json.dumps(manifest(options.out, time.monotonic() - started, made), indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
