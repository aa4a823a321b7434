"""A contact sheet of rendered performances: truth, what `mesh` drew, and (with --run) what `meshnet` makes of it.

python sheet.py --data FOLDER --out SHEET.png [--sequences 6] [--run FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import recipes  # noqa: F401
import cv2
import numpy as np
import torch
import train
from dataset import Performances

FRAMES = 8


def rows(data: Performances, which: int, run: train.Run | None) -> list[np.ndarray]:
    """Mouths and right eyes of one performance, a row each for truth, mesh and network."""
    count = len(data.arrays[which]["mouth"])
    batch = data.batch([(which, int(i)) for i in np.linspace(0, count - 1, FRAMES)])
    kinds = [(batch.mouth_true, batch.eyes_true), (batch.mouth, batch.eyes)]
    if run is not None:
        judge = train.Judge(torch.device("cpu"))
        with torch.no_grad():
            kinds.append(judge.drawn(batch, train.forward(*run.mean, batch)))
    out = []
    for mouth, eyes in kinds:
        cells = []
        for k in range(FRAMES):
            m, e = ((255 * t).byte().permute(1, 2, 0).numpy() for t in (mouth[k].clamp(0, 1), eyes[2 * k].clamp(0, 1)))
            cells.append(np.hstack([m, cv2.resize(e, (96, 96), interpolation=cv2.INTER_CUBIC)]))
        out.append(np.hstack(cells))
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sequences", type=int, default=6)
    parser.add_argument("--run", type=Path)
    options = parser.parse_args()
    data = Performances(options.data)
    if not data.refresh():
        raise SystemExit(f"no performances in {options.data}: run make_data.py first")
    run = train.begin("small", torch.device("cpu"), options.run / "checkpoint.pt") if options.run else None
    chosen = np.linspace(0, len(data.arrays) - 1, options.sequences).astype(int)
    sheet = np.vstack([row for which in chosen for row in rows(data, int(which), run)])
    cv2.imwrite(str(options.out), sheet)


if __name__ == "__main__":
    main()
