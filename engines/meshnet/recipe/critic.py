"""A small critic of mouths: a network that is unsure between teeth and tongue paints grey without it."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

#: Weights of the critic's opinion, and of its features' difference, in the corrector's loss.
OPINION, FEATURES = 0.08, 0.25


class Critic(nn.Module):
    """Patch with its maps (N x C x H x W) → one opinion for each region of some 20 pixels, and its features.

    Source of the loss: hinge loss with spectral normalisation (Miyato et al., 2018) and feature matching (Wang et al.,
    "High-resolution image synthesis and semantic manipulation with conditional GANs", 2018).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        sizes = ((channels, 32, 2), (32, 64, 2), (64, 96, 1))
        self.layers = nn.ModuleList(spectral_norm(nn.Conv2d(i, o, 4, s, 1)) for i, o, s in sizes)
        self.last = spectral_norm(nn.Conv2d(96, 1, 3, 1, 1))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Opinion and features."""
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            features.append(x)
        return self.last(x), features


def judged(critic: Critic, real: Tensor, fake: Tensor, maps: Tensor, weight: Tensor) -> Tensor:
    """The critic's own loss. weight: N x 1 x H x W, where its opinion counts."""
    yes, _ = critic(torch.cat([real, maps], 1))
    no, _ = critic(torch.cat([fake.detach(), maps], 1))
    return _mean(F.relu(1 - yes) + F.relu(1 + no), weight)


def persuaded(critic: Critic, real: Tensor, fake: Tensor, maps: Tensor, weight: Tensor) -> Tensor:
    """What the corrector is to make small."""
    with torch.no_grad():
        _, true = critic(torch.cat([real, maps], 1))
    opinion, features = critic(torch.cat([fake, maps], 1))
    loss = -OPINION * _mean(opinion, weight)
    for a, b in zip(true, features, strict=True):
        loss = loss + FEATURES / len(true) * _mean((a - b).abs().mean(1, keepdim=True), weight)
    return loss


def _mean(x: Tensor, weight: Tensor) -> Tensor:
    """Of N x 1 x h x w, weighted at its own resolution."""
    small = F.adaptive_max_pool2d(weight, x.shape[-2:])
    return (x * small).sum() / (small.sum() + 1e-6)
