"""What a correction does to a patch, and how far that is from the truth."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor


def corrected(patch: Tensor, out: Tensor, fade: Tensor, coarse: float) -> Tensor:
    """`avatard.reenact.correction.apply` at the patch's own resolution, differentiable. patch N x 3 x H x W."""
    _, _, h, w = patch.shape
    y, x = torch.meshgrid(torch.arange(h, device=patch.device), torch.arange(w, device=patch.device), indexing="ij")
    flow = out[:, :2] * fade
    at = torch.stack([(x + flow[:, 0] + 0.5) * (2 / w) - 1, (y + flow[:, 1] + 0.5) * (2 / h) - 1], -1)
    moved = F.grid_sample(patch, at, mode="bicubic", padding_mode="border", align_corners=False)
    share, keep = out[:, 5:6] * fade, out[:, 6:7]
    return moved + (out[:, 2:5] - moved + (moved - blurred(moved, coarse)) * keep) * share


def blurred(x: Tensor, sigma: float) -> Tensor:
    """Two box filters that make a Gaussian of `sigma` patch pixels, as the engine does it."""
    radius = round((math.sqrt(6 * sigma**2 + 1) - 1) / 2)
    for _ in range(2):
        for kernel, border in (((1, 2 * radius + 1), (0, radius)), ((2 * radius + 1, 1), (radius, 0))):
            x = F.avg_pool2d(x, kernel, 1, border, count_include_pad=False)
    return x


def smooth_l1(a: Tensor, b: Tensor, weight: Tensor) -> Tensor:
    """Charbonnier's, weighted. N."""
    return (torch.sqrt((a - b) ** 2 + 1e-5) * weight).flatten(1).sum(1) / (3 * weight.flatten(1).sum(1) + 1e-6)


def edges(a: Tensor, b: Tensor, weight: Tensor) -> Tensor:
    """Difference of the gradients at two scales. N."""
    total = torch.zeros(len(a), device=a.device)
    for scale in (1, 2):
        if scale > 1:
            a, b, weight = (F.avg_pool2d(v, 2) for v in (a, b, weight))
        for axis in (2, 3):
            da, db = a.diff(dim=axis), b.diff(dim=axis)
            total = total + ((da - db).abs() * weight.narrow(axis, 1, weight.shape[axis] - 1)).flatten(1).sum(1) / (
                3 * weight.flatten(1).sum(1) + 1e-6
            )
    return total


def focus(mask: Tensor, near: int, more: float) -> Tensor:
    """Weight 1 everywhere, `more` on and near the mask (N x 1 x H x W, 0..1)."""
    grown = F.max_pool2d(mask, (2 * near + 1, 1), 1, (near, 0))
    grown = F.max_pool2d(grown, (1, 2 * near + 1), 1, (0, near))
    return 1 + (more - 1) * F.avg_pool2d(grown, 5, 1, 2, count_include_pad=False)


def quiet(out: Tensor, allowed: Tensor) -> Tensor:
    """Cost of painting where the portrait's own pixels would do, and of displacements that are not smooth. N."""
    paint = (out[:, 5:6] * (1 - allowed)).flatten(1).mean(1)
    bend = out[:, :2].diff(dim=2).abs().flatten(1).mean(1) + out[:, :2].diff(dim=3).abs().flatten(1).mean(1)
    return 0.02 * paint + 0.01 * bend


def psnr(a: Tensor, b: Tensor, weight: Tensor | None = None) -> float:
    """dB over the whole set, values 0..1."""
    square = (a - b) ** 2
    mean = square.mean() if weight is None else (square * weight).sum() / (3 * weight.sum() + 1e-9)
    return float(-10 * torch.log10(mean + 1e-12))
