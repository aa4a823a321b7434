"""A small critic of mouths: without it a network that is unsure between teeth and tongue paints grey between them."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

#: Weights of the critic's opinion, and of its features' difference, in the corrector's loss.
OPINION, FEATURES = 0.02, 0.25


class Critic(nn.Module):
    """Mouth patch with its maps (N x 9 x 96 x 128) → one opinion for each region of some 30 pixels, and its features.

    Source of the loss: hinge loss with spectral normalisation (Miyato et al., 2018) and feature matching (Wang et al.,
    "High-resolution image synthesis and semantic manipulation with conditional GANs", 2018).
    """

    def __init__(self, channels: int = 9) -> None:
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


def where(maps: Tensor, like: Tensor) -> Tensor:
    """Weight of each opinion: only regions near an open mouth count."""
    near = F.max_pool2d(maps[:, :1], 9, 1, 4)
    return F.adaptive_max_pool2d(near, like.shape[-2:])


def judged(critic: Critic, real: Tensor, fake: Tensor, maps: Tensor) -> Tensor:
    """The critic's own loss."""
    yes, _ = critic(torch.cat([real, maps], 1))
    no, _ = critic(torch.cat([fake.detach(), maps], 1))
    weight = where(maps, yes)
    return ((F.relu(1 - yes) + F.relu(1 + no)) * weight).sum() / (weight.sum() + 1e-6)


def persuaded(critic: Critic, real: Tensor, fake: Tensor, maps: Tensor) -> Tensor:
    """What the corrector is to make small."""
    with torch.no_grad():
        _, true = critic(torch.cat([real, maps], 1))
    opinion, features = critic(torch.cat([fake, maps], 1))
    weight = where(maps, opinion)
    loss = -OPINION * (opinion * weight).sum() / (weight.sum() + 1e-6)
    for a, b in zip(true, features, strict=True):
        w = where(maps, a)
        loss = loss + FEATURES / len(true) * ((a - b).abs() * w).sum() / (a.shape[1] * w.sum() + 1e-6)
    return loss
