"""Trains the network: `python train.py --data FOLDER --held FOLDER --out FOLDER`. Two minutes of one core.

Two losses: the shares of the visemes, and what they add up to, the gap between the lips and the mouth's width, because
an error between "a" and "o" is seen and one between "k" and "t" is not.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import recipes  # noqa: F401
import net
import numpy as np
import torch
from numpy.typing import NDArray
from targets import measures
from torch import Tensor

from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.network import OFFSETS

SEED = 20261121
EPOCHS, BATCH, RATE, DECAY = 10, 1024, 2e-3, 1e-4
#: Weight of what is seen against the shares' cross-entropy.
SEEN = 2.0
#: Of each batch, sound of this family: a natural voice teaches more for real ones than many that are not.
SHARES = {"espeak": 0.35, "piper": 0.65}
#: Of the weights' running mean, which is what ships.
KEEP = 0.999


class Data:
    """One family's frames and targets."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as arrays:
            self.frames = torch.from_numpy(arrays["frames"].astype(np.float32))
            self.weights = torch.from_numpy(arrays["weights"].astype(np.float32))
        self.offsets = torch.tensor(OFFSETS)

    def __len__(self) -> int:
        return len(self.frames)

    def at(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Input and target of frames; what lies beyond an utterance is the neighbour's silence."""
        around = (indices[:, None] + self.offsets).clamp(0, len(self) - 1)
        return self.frames[around], self.weights[indices]


def seen(weights: Tensor, table: Tensor) -> Tensor:
    """N x 2: gap and width of a mouth with these shares, over their spread; lips do not part less than not at all."""
    gap, width = (weights @ table).unbind(1)
    return torch.stack([gap.clamp(min=-0.01) / 0.06, width / 0.03], 1)


def judge(model: torch.nn.Module, data: Data, table: Tensor) -> dict[str, float]:
    """Correlation of gap and width, of loudness with the gap, share of closed frames found closed, of silent silent."""
    model.eval()
    with torch.no_grad():
        found = torch.cat([
            torch.softmax(model(data.at(part)[0]), 1) for part in torch.arange(len(data)).split(8192)
        ])  # fmt: skip
    got, true = (seen(w, table).numpy() for w in (found, data.weights))
    loud = data.frames.mean(1).numpy()
    closed = data.weights[:, Viseme.PP].numpy() > 0.7
    silent = data.weights[:, Viseme.SIL].numpy() > 0.9
    return {
        "gap": correlation(got[:, 0], true[:, 0]),
        "width": correlation(got[:, 1], true[:, 1]),
        "gap_of_loudness": correlation(loud, true[:, 0]),
        "closed": float((found[:, Viseme.PP].numpy()[closed] > 0.4).mean()),
        "closed_wrongly": float((found[:, Viseme.PP].numpy()[data.weights[:, Viseme.PP].numpy() < 0.1] > 0.4).mean()),
        "silent": float((found[:, Viseme.SIL].numpy()[silent] > 0.5).mean()),
        "entropy": float(-(data.weights * torch.log(found + 1e-6)).sum(1).mean()),
    }


def correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Pearson's."""
    return float(np.corrcoef(a, b)[0, 1])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    families = {name: Data(options.data / f"{name}.npz") for name in SHARES}
    held = {path.stem: Data(path) for path in sorted(options.held.glob("*.npz"))}
    table = torch.from_numpy(measures())
    model = net.VoiceMouth()
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEEP))
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    steps = options.epochs * sum(map(len, families.values())) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    curves, started, random = [], time.monotonic(), torch.Generator().manual_seed(SEED)
    for step in range(1, steps + 1):
        model.train()
        parts = [
            data.at(torch.randint(len(data), (int(BATCH * SHARES[name]),), generator=random))
            for name, data in families.items()
        ]
        frames, wanted = (torch.cat(each) for each in zip(*parts, strict=True))
        logits = model(frames)
        entropy = -(wanted * torch.log_softmax(logits, 1)).sum(1).mean()
        error = ((seen(torch.softmax(logits, 1), table) - seen(wanted, table)) ** 2).mean()
        optimiser.zero_grad()
        (entropy + SEEN * error).backward()
        optimiser.step()
        schedule.step()
        mean.update_parameters(model)
        if step % max(1, steps // options.epochs) == 0 or step == steps:
            row = {name: judge(mean.module, data, table) for name, data in held.items()}
            curves.append({"step": step, "seconds": round(time.monotonic() - started), "loss": entropy.item(), **row})
            told = "  ".join(
                f"{n} gap {r['gap']:.3f} closed {r['closed']:.2f}/{r['closed_wrongly']:.3f} silent {r['silent']:.2f}"
                for n, r in row.items()
            )
            print(f"{step}/{steps} {entropy.item():.3f} {error.item():.3f}  {told}", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "model": mean.module.state_dict(),
            "curves": curves,
            "steps": steps,
            "frames": sum(map(len, families.values())),
        },
        options.out / "checkpoint.pt",
    )
    (options.out / "curves.json").write_text(json.dumps(curves, indent=1) + "\n")
    print(json.dumps(curves[-1], indent=1))


if __name__ == "__main__":
    main()
