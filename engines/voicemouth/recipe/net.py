"""The network: two hidden layers over ten frames. 32,000 parameters."""

from __future__ import annotations

import recipes  # noqa: F401
import torch
from torch import Tensor, nn

from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.log_mel import BANDS
from avatard.speech.voicemouth.network import OFFSETS

HIDDEN = (96, 64)


class VoiceMouth(nn.Module):
    """Frames (N x 10 x 26) to logits of the visemes (N x 15)."""

    def __init__(self) -> None:
        super().__init__()
        first, second = HIDDEN
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(len(OFFSETS) * BANDS, first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
            nn.Linear(second, len(Viseme)),
        )

    def forward(self, frames: Tensor) -> Tensor:
        return self.layers(frames)


class Shipped(nn.Module):
    """The same with shares that add up to 1."""

    def __init__(self, trained: VoiceMouth) -> None:
        super().__init__()
        self.trained = trained

    def forward(self, frames: Tensor) -> Tensor:
        return torch.softmax(self.trained(frames), dim=1)
