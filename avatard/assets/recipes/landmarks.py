"""Find the landmarks of the shipped portraits once, so that starting up does not have to.

python avatard/assets/recipes/landmarks.py

Reads avatard/assets/avatars/avatars.toml, writes NAME.npy beside each portrait (478x3 float32, its pixels), and
prints what `avatard avatar add` would say of it. Exits with 1 when one of them would not be accepted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from avatard.avatars.examine import examine
from avatard.avatars.store import Store
from avatard.picture_file import read_picture
from avatard.track.portrait import find_faces

AVATARS = Path(__file__).resolve().parents[1] / "avatars"


def main() -> int:
    """Do it; the exit code."""
    unfit = 0
    for entry in Store(AVATARS / "none", AVATARS).list().entries:
        picture, sha256 = read_picture(entry.portrait)
        faces = find_faces(picture)
        report = examine(picture, faces)
        problems = [*report.problems, *([] if sha256 == entry.sha256 else ["its SHA-256 is not the one listed"])]
        print(f"{entry.name}: {report.width}x{report.height}, face {report.box}, yaw {report.yaw:+.1f}, "
              f"pitch {report.pitch:+.1f}, roll {report.roll:+.1f}", *problems, *report.notes, sep="; ")  # fmt: skip
        if problems:
            unfit += 1
            continue
        np.save(entry.landmarks, faces[0].landmarks.astype(np.float32))
    return min(unfit, 1)


if __name__ == "__main__":
    sys.exit(main())
