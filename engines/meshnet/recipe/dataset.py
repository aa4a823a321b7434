"""The rendered performances in memory, and batches of them with photometric shifts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

NAMES = ("mouth", "mouth_true", "maps", "mouth_code", "eyes", "eyes_true", "lids", "eye_code")


@dataclass
class Batch:
    """Pictures are float 0..1 BGR, N x 3 x H x W; eyes are two for each frame, right ones first in each pair.
    eyes_ok: 0 where the eyes' truth is none."""

    mouth: Tensor
    mouth_true: Tensor
    maps: Tensor
    mouth_code: Tensor
    mouth_still: Tensor
    eyes: Tensor
    eyes_true: Tensor
    lids: Tensor
    eye_code: Tensor
    eyes_still: Tensor
    eyes_ok: Tensor

    def to(self, device: torch.device) -> Batch:
        """On another device."""
        return Batch(**{name: getattr(self, name).to(device) for name in self.__dataclass_fields__})


@dataclass
class Performances:
    """All of a folder's files. `refresh` reads those that came since."""

    folder: Path
    known: set[str] = field(default_factory=set)
    arrays: list[dict[str, np.ndarray]] = field(default_factory=list)
    index: list[tuple[int, int]] = field(default_factory=list)

    def refresh(self) -> int:
        """Number of frames."""
        for path in sorted(self.folder.glob("*.npz")):
            if path.name in self.known:
                continue
            with np.load(path) as file:
                self.arrays.append({"eyes_ok": np.array(1, np.uint8), **{name: file[name] for name in file.files}})
            self.known.add(path.name)
            self.index += [(len(self.arrays) - 1, i) for i in range(len(self.arrays[-1]["mouth"]))]
        return len(self.index)

    def pairs(self, count: int, random: torch.Generator) -> list[tuple[int, int]]:
        """`count` frames at random, each followed by the next of its performance."""
        out: list[tuple[int, int]] = []
        while len(out) < 2 * count:
            which, frame = self.index[int(torch.randint(len(self.index), (1,), generator=random))]
            if frame + 1 < len(self.arrays[which]["mouth"]):
                out += [(which, frame), (which, frame + 1)]
        return out

    def batch(self, picks: list[tuple[int, int]]) -> Batch:
        """The frames `picks` (performance, frame)."""
        got = {name: np.stack([self.arrays[a][name][i] for a, i in picks]) for name in NAMES}
        stills = {name: np.stack([self.arrays[a][name] for a, _ in picks]) for name in ("mouth_still", "eyes_still")}

        def picture(array: np.ndarray) -> Tensor:
            flat = array.reshape(-1, *array.shape[-3:])
            return torch.from_numpy(np.ascontiguousarray(flat.transpose(0, 3, 1, 2))).float() / 255

        return Batch(
            mouth=picture(got["mouth"]),
            mouth_true=picture(got["mouth_true"]),
            maps=torch.from_numpy(got["maps"]).float(),
            mouth_code=torch.from_numpy(got["mouth_code"]),
            mouth_still=picture(stills["mouth_still"]),
            eyes=picture(got["eyes"]),
            eyes_true=picture(got["eyes_true"]),
            lids=torch.from_numpy(got["lids"]).reshape(-1, 1, *got["lids"].shape[-2:]).float() / 255,
            eye_code=torch.from_numpy(got["eye_code"]).reshape(-1, got["eye_code"].shape[-1]),
            eyes_still=picture(stills["eyes_still"]),
            eyes_ok=torch.tensor([float(self.arrays[a]["eyes_ok"]) for a, _ in picks]).repeat_interleave(2),
        )


def shifted(batch: Batch, random: torch.Generator) -> Batch:
    """Gains, gamma, black level: the same light and camera for all pictures of a pair of frames."""
    n = len(batch.mouth) // 2

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(*shape, generator=random)

    gain = uniform(0.7, 1.35, n, 1, 1, 1) * uniform(0.75, 1.3, n, 3, 1, 1)
    gamma = uniform(0.75, 1.35, n, 1, 1, 1)
    black = uniform(-0.04, 0.08, n, 1, 1, 1)
    grey = uniform(0.0, 0.35, n, 1, 1, 1)

    def shift(x: Tensor, times: int) -> Tensor:
        g, m, b, s = (v.repeat_interleave(2 * times, 0) for v in (gain, gamma, black, grey))
        y = (x.clamp(1e-4, 1) ** m) * g + b
        return (y + (y.mean(1, keepdim=True) - y) * s).clamp(0, 1)

    names = {"mouth": 1, "mouth_true": 1, "mouth_still": 1, "eyes": 2, "eyes_true": 2, "eyes_still": 2}
    changed = {name: shift(getattr(batch, name), times) for name, times in names.items()}
    jitter = {name: getattr(batch, name) * 1.0 for name in ("mouth_code", "eye_code")}
    for code in jitter.values():
        code += 0.01 * torch.randn(code.shape, generator=random)
    return Batch(**{**batch.__dict__, **changed, **jitter})
