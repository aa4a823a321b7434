"""Trains `meshnet`: one command, on a CPU or a GPU, resumable, a checkpoint every five minutes.

    python train.py --data FOLDER --held FOLDER --out FOLDER [--size small] [--minutes 90] [--device cuda]

Writes checkpoint.pt, curves.json and curves.png. The learning rate falls to nothing over `--minutes` of training in
all; a run that is stopped goes on from its checkpoint with the minutes that are left.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import recipes  # noqa: F401
import critic
import losses
import matplotlib
import net
import torch
from dataset import Batch, Performances, shifted
from torch import Tensor

from avatard.reenact.correction import COARSE, COARSE_EYES
from avatard.reenact.patches import EYE, MOUTH, window

matplotlib.use("Agg")
from matplotlib import pyplot

BATCH, RATE, DECAY = 12, 1.5e-3, 1e-4
CHECKPOINT_S = 300.0
#: Share of the training after which the critic joins, and its learning rate against the networks'.
JOINS, CRITIC_RATE = 0.05, 0.5
#: Memory of the averaged weights, steps.
AVERAGE = 600
SEED = 20261121


#: Weight of what changes from a frame to the next.
STEADY = 1.0


@dataclass
class Run:
    """Everything that a checkpoint keeps."""

    encoder: net.MeshNetEncoder
    corrector: net.MeshNet
    mean: tuple[net.MeshNetEncoder, net.MeshNet]
    optimiser: torch.optim.Optimizer
    critic: critic.Critic
    critic_optimiser: torch.optim.Optimizer
    size: str
    step: int = 0
    seconds: float = 0.0
    curves: list[dict[str, float]] = field(default_factory=list)

    def save(self, out: Path) -> None:
        """Write checkpoint.pt in one go."""
        state = {
            "encoder": self.encoder.state_dict(), "corrector": self.corrector.state_dict(),
            "mean": [m.state_dict() for m in self.mean], "optimiser": self.optimiser.state_dict(),
            "critic": self.critic.state_dict(), "critic_optimiser": self.critic_optimiser.state_dict(),
            "size": self.size, "step": self.step, "seconds": self.seconds, "curves": self.curves,
        }  # fmt: skip
        torch.save(state, out / "checkpoint.part")
        (out / "checkpoint.part").rename(out / "checkpoint.pt")
        (out / "curves.json").write_text(json.dumps(self.curves, indent=1) + "\n")
        plot(self.curves, out / "curves.png")


def begin(size: str, device: torch.device, checkpoint: Path) -> Run:
    """A fresh run, or the one of a checkpoint."""
    torch.manual_seed(SEED)
    encoder, corrector = (m.to(device) for m in net.build(net.SIZES[size]))
    optimiser = torch.optim.AdamW([*encoder.parameters(), *corrector.parameters()], lr=RATE, weight_decay=DECAY)
    judge = critic.Critic(9).to(device)
    judging = torch.optim.AdamW(judge.parameters(), lr=RATE, betas=(0.5, 0.99))
    means = copy.deepcopy(encoder), copy.deepcopy(corrector)
    run = Run(encoder, corrector, means, optimiser, judge, judging, size)
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        encoder.load_state_dict(state["encoder"])
        corrector.load_state_dict(state["corrector"])
        # A shipped checkpoint is slim: without averages and the optimiser's memory.
        for mean, saved in zip(run.mean, state.get("mean", (state["encoder"], state["corrector"])), strict=True):
            mean.load_state_dict(saved)
        if "optimiser" in state:
            optimiser.load_state_dict(state["optimiser"])
        if "critic" in state:
            judge.load_state_dict(state["critic"])
        if "critic_optimiser" in state:
            judging.load_state_dict(state["critic_optimiser"])
        run.step, run.seconds, run.curves = state["step"], state["seconds"], state["curves"]
    return run


def forward(encoder: net.MeshNetEncoder, corrector: net.MeshNet, b: Batch) -> tuple[Tensor, Tensor]:
    """Corrections of mouths and eyes."""
    refs = encoder(b.mouth_still, b.eyes_still)
    mouth, eyes = torch.cat([b.mouth, b.maps], 1), torch.cat([b.eyes, b.lids], 1)
    return corrector(mouth, eyes, b.mouth_code, b.eye_code, *refs)


def _differs(picture: Tensor, true: Tensor, weight: Tensor, valid: Tensor, each: int) -> Tensor:
    """From the truth, in each frame and from a frame to the next. each: patches of a frame; frames come in pairs."""
    terms = losses.smooth_l1(picture, true, weight) + 0.7 * losses.edges(picture, true, weight)
    pairs = (-1, 2, each)
    first, second = (picture - true).unflatten(0, pairs).unbind(1)
    drift = losses.smooth_l1(second.flatten(0, 1), first.flatten(0, 1), weight.unflatten(0, pairs)[:, 1].flatten(0, 1))
    return (valid * terms).sum() / (valid.sum() + 1e-6) + STEADY * drift.mean()


class Judge:
    """Losses of a batch, and dB of a held-out set."""

    def __init__(self, device: torch.device) -> None:
        self._fades = [torch.from_numpy(window(size)).to(device) for size in (MOUTH, EYE)]

    def drawn(self, b: Batch, outs: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """The corrected patches."""
        return (
            losses.corrected(b.mouth, outs[0], self._fades[0], COARSE),
            losses.corrected(b.eyes, outs[1], self._fades[1], COARSE_EYES),
        )

    def loss(self, b: Batch, drawn: tuple[Tensor, Tensor], outs: tuple[Tensor, Tensor]) -> Tensor:
        """To be made small."""
        (mouth, eyes), opening, lids = drawn, b.maps[:, :1], b.lids
        always = torch.ones(len(mouth), device=mouth.device)
        near_lips, near_lids = losses.focus(opening, 5, 6.0), losses.focus(lids, 5, 4.0)
        return (
            _differs(mouth, b.mouth_true, near_lips, always, 1)
            + losses.quiet(outs[0], losses.focus(opening, 3, 2.0).clamp(1, 2) - 1).mean()
            + _differs(eyes, b.eyes_true, near_lids, b.eyes_ok, 2)
            + losses.quiet(outs[1], losses.focus(lids, 4, 2.0).clamp(1, 2) - 1).mean()
        )

    @torch.no_grad()
    def decibels(self, encoder: net.MeshNetEncoder, corrector: net.MeshNet, batches: list[Batch]) -> dict[str, float]:
        """dB of the corrected patches and of `mesh`, whole and in the opening, over batches of the same size."""
        rows = []
        for b in batches:
            mouth, eyes = self.drawn(b, forward(encoder, corrector, b))
            opening = (b.maps[:, :1] > 0.5).float()
            rows.append({
                "mouth": losses.psnr(mouth, b.mouth_true), "mouth_mesh": losses.psnr(b.mouth, b.mouth_true),
                "inside": losses.psnr(mouth, b.mouth_true, opening),
                "inside_mesh": losses.psnr(b.mouth, b.mouth_true, opening),
                "eyes": losses.psnr(eyes, b.eyes_true), "eyes_mesh": losses.psnr(b.eyes, b.eyes_true),
            })  # fmt: skip
        return {name: round(sum(r[name] for r in rows) / len(rows), 3) for name in rows[0]}


def plot(curves: list[dict[str, float]], path: Path) -> None:
    """The curves as a picture."""
    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4))
    hours = [c["seconds"] / 3600 for c in curves]
    axes[0].plot(hours, [c["loss"] for c in curves])
    axes[0].set(title="training loss", xlabel="hours", yscale="log")
    for name in ("mouth", "inside", "eyes"):
        line = axes[1].plot(hours, [c[name] for c in curves], label=name)[0]
        axes[1].axhline(curves[-1][f"{name}_mesh"], color=line.get_color(), linestyle=":", label=f"{name}, mesh")
    axes[1].set(title="held-out heads, dB", xlabel="hours")
    axes[1].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def _step(run: Run, judge: Judge, batch: Batch, critical: bool) -> float:
    """One step of the networks, and of the critic where it has joined. The loss without the critic's part."""
    device = batch.mouth.device
    # Half the time on CPUs that know bfloat16, and on GPUs.
    with torch.autocast(device.type, dtype=torch.bfloat16):
        mouth_out, eyes_out = forward(run.encoder, run.corrector, batch)
    outs = mouth_out.float(), eyes_out.float()
    drawn = judge.drawn(batch, outs)
    loss = whole = judge.loss(batch, drawn, outs)
    if critical:
        # What the critic is shown: truth, drawn, maps, and where it counts; in white light.
        tint = net.tint_of(batch.mouth_still)
        near = torch.nn.functional.max_pool2d(batch.maps[:, :1], 9, 1, 4)
        scene = batch.mouth_true / tint, drawn[0] / tint, batch.maps, near
        run.critic.requires_grad_(False)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            whole = loss + critic.persuaded(run.critic, *scene).float()
    run.optimiser.zero_grad(set_to_none=True)
    whole.backward()
    torch.nn.utils.clip_grad_norm_([*run.encoder.parameters(), *run.corrector.parameters()], 1.0)
    run.optimiser.step()
    if critical:
        run.critic.requires_grad_(True)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            judged = critic.judged(run.critic, *scene)
        run.critic_optimiser.zero_grad(set_to_none=True)
        judged.float().backward()
        run.critic_optimiser.step()
    return float(loss.detach())


def train(run: Run, data: Performances, held: list[Batch], minutes: float, device: torch.device, out: Path) -> None:
    """Until the minutes are spent."""
    judge, random = Judge(device), torch.Generator().manual_seed(SEED + run.step)
    began, before, saved, total, count = time.monotonic(), run.seconds, time.monotonic(), 0.0, 0
    while run.seconds < 60 * minutes:
        if run.step % 500 == 0:
            data.refresh()
        progress = run.seconds / (60 * minutes)
        rate = RATE * min(1.0, (run.step + 1) / 300) * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * progress)))
        for optimiser, share in ((run.optimiser, 1.0), (run.critic_optimiser, CRITIC_RATE)):
            for group in optimiser.param_groups:
                group["lr"] = share * rate
        batch = shifted(data.batch(data.pairs(BATCH // 2, random)), random).to(device)
        loss = _step(run, judge, batch, critical=progress > JOINS)
        run.step += 1
        keep = min(1 - 1 / AVERAGE, run.step / (run.step + 20))
        with torch.no_grad():
            for mean, live in zip(run.mean, (run.encoder, run.corrector), strict=True):
                for a, b in zip(mean.parameters(), live.parameters(), strict=True):
                    a.lerp_(b, 1 - keep)
        total, count = total + loss, count + 1
        run.seconds = before + time.monotonic() - began
        if time.monotonic() - saved > CHECKPOINT_S or run.seconds >= 60 * minutes or run.step == 200:
            row = {"step": run.step, "seconds": round(run.seconds, 1), "loss": round(total / count, 5),
                   "frames": len(data.index), **judge.decibels(*run.mean, held)}  # fmt: skip
            run.curves.append(row)
            run.save(out)
            print(json.dumps(row), flush=True)
            saved, total, count = time.monotonic(), 0.0, 0


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", choices=net.SIZES, default="small")
    parser.add_argument("--minutes", type=float, default=90.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="of the CPU; one is best beside other work")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.threads:
        torch.set_num_threads(options.threads)
    device = torch.device(options.device)
    data, held = Performances(options.data), Performances(options.held)
    if not data.refresh() or not held.refresh():
        raise SystemExit("no data: run make_data.py first, for --data and for --held (seeds from 100000 on)")
    random = torch.Generator().manual_seed(1)
    picks = torch.randperm(len(held.index), generator=random)[:192].tolist()
    batches = [held.batch([held.index[i] for i in picks[k : k + 32]]).to(device) for k in range(0, len(picks), 32)]
    run = begin(options.size, device, options.out / "checkpoint.pt")
    train(run, data, batches, options.minutes, device, options.out)


if __name__ == "__main__":
    main()
