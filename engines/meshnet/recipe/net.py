"""The two networks of `meshnet`: an encoder that looks at the portrait once, and the corrector of every frame.

Only convolutions, matrix products, ReLU, pooling and pixel shuffles: what every run-time does well. Nothing is warped
inside; the corrector says where to take pixels from and what to paint over them, and `avatard.reenact.correction` does
it at the picture's own resolution.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

#: Furthest displacement, patch pixels.
REACH = 14.0
#: How much of the detail of the teeth that `mesh` draws stays: with none they are mush, with all of it a drawing.
TEETH = 0.4
#: Side of the squares whose means shade an eye, patch pixels: with the lines between them a filter whose standard
#: deviation is `correction.COARSE_EYES`.
SQUARE = 16


@dataclass(frozen=True)
class Size:
    """Channels at a half, a quarter and an eighth of a patch's resolution, of mouth and eye, and of the reference."""

    mouth: tuple[int, int, int] = (16, 48, 64)
    eye: tuple[int, int, int] = (16, 32, 48)
    ref: int = 16
    blocks: int = 2

    def as_dict(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


#: `small` is what two CPU cores draw in time; `large` is for GPUs.
SIZES = {"small": Size(), "large": Size((48, 96, 128), (32, 64, 96), 32, 4)}


def conv(i: int, o: int, stride: int = 1) -> nn.Conv2d:
    """3x3."""
    return nn.Conv2d(i, o, 3, stride, 1)


class Block(nn.Module):
    """Two convolutions added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(channels, channels), nn.ReLU(), conv(channels, channels))
        nn.init.zeros_(self.body[2].weight)
        nn.init.zeros_(self.body[2].bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """x + f(x)."""
        return torch.relu(x + self.body(x))


class Encoder(nn.Module):
    """Portrait's patch (N x 3 x H x W, 0..1) → reference features (N x ref x H/4 x W/4)."""

    def __init__(self, ref: int, width: int = 32) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(4), conv(48, width), nn.ReLU(), Block(width), Block(width), conv(width, ref)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features."""
        return self.body(x - 0.5)


class Corrector(nn.Module):
    """Patch with its maps (N x C x H x W), numbers (N x K) and reference → correction (N x 6 x H x W).

    Planes: displacement across and down (patch pixels), colour BGR 0..1, share of that colour 0..1.
    """

    def __init__(self, channels: int, code: int, ref: int, widths: tuple[int, int, int], blocks: int) -> None:
        super().__init__()
        a, b, c = widths
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), conv(4 * channels, a), nn.ReLU())
        self.down1 = nn.Sequential(conv(a, b, 2), nn.ReLU())
        self.join = nn.Sequential(nn.Conv2d(b + ref, b, 1), nn.ReLU(), Block(b))
        self.down2 = nn.Sequential(conv(b, c, 2), nn.ReLU())
        self.code = nn.Sequential(nn.Linear(code, 2 * c), nn.ReLU(), nn.Linear(2 * c, c + b))
        self.middle = nn.Sequential(*(Block(c) for _ in range(blocks)))
        self.up1 = nn.Sequential(nn.Conv2d(c, 4 * b, 1), nn.PixelShuffle(2))
        self.fuse1 = Block(b)
        self.up2 = nn.Sequential(nn.Conv2d(b, 4 * a, 1), nn.PixelShuffle(2))
        self.fuse2 = nn.Sequential(conv(a, a), nn.ReLU(), Block(a))
        self.head = nn.Sequential(conv(a, 24), nn.PixelShuffle(2))
        self._split = (c, b)
        last = self.head[0]
        with torch.no_grad():
            last.weight.mul_(0.1)
            last.bias.zero_()
            last.bias[20:] = -2.0  # paint little at first

    def forward(self, x: Tensor, code: Tensor, ref: Tensor) -> Tensor:
        """The correction."""
        told_c, told_b = self.code(code)[..., None, None].split(self._split, 1)
        full = self.stem(x)
        half = self.join(torch.cat([self.down1(full), ref], 1))
        low = self.middle(torch.relu(self.down2(half) + told_c))
        # What comes from below is added, not put beside: half the work, at a half of the resolution the most of it.
        half = self.fuse1(torch.relu(self.up1(low) + told_b + half))
        out = self.head(self.fuse2(torch.relu(self.up2(half) + full)))
        return torch.cat([REACH * torch.tanh(out[:, :2] * (1 / REACH)), torch.sigmoid(out[:, 2:])], 1)


def tint_of(mouth: Tensor) -> Tensor:
    """The colour of the light, judged by the skin around the mouth (N x 3 x H x W): N x 3 x 1 x 1, about 1.

    Pictures are divided by it and what is painted is multiplied by it: teeth are as yellow as the lamp. Half of the
    skin's own colour, as a ratio: all of it made the teeth of dark skin green.
    """
    mean = mouth.mean((2, 3), keepdim=True)
    return (mean / (mean.mean(1, keepdim=True) + 1e-3)).clamp(0.25, 2.5).sqrt()


class MeshNetEncoder(nn.Module):
    """mouth 1x3x96x128, eyes 2x3x64x64 → their references, and the tint of the light, 1x3x1x1."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.mouth, self.eyes = Encoder(size.ref), Encoder(size.ref)

    def forward(self, mouth: Tensor, eyes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """mouth_ref, eyes_ref, tint. N mouths, 2N eyes."""
        tint = tint_of(mouth)
        return self.mouth(mouth / tint), self.eyes(eyes / _both(tint, eyes)), tint


def _both(tint: Tensor, eyes: Tensor) -> Tensor:
    """N x 3 x 1 x 1 for N x 2 eyes."""
    n = tint.shape[0]
    return tint[:, None].expand(n, 2, 3, 1, 1).reshape(2 * n, 3, 1, 1)


def _split(
    corrector: Corrector, patch: Tensor, code: Tensor, ref: Tensor, tint: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The corrector's displacement, tinted colour, and share of that colour."""
    out = corrector(torch.cat([patch[:, :3] / tint, patch[:, 3:]], 1), code, ref)
    return out[:, :2], (out[:, 2:5] * tint).clamp(0, 1), out[:, 5:]


def _broad(x: Tensor) -> Tensor:
    """Only what is as coarse as `correction.COARSE_EYES`: means of squares, and straight lines between them."""
    return nn.functional.interpolate(nn.functional.avg_pool2d(x, SQUARE), scale_factor=SQUARE, mode="bilinear")


def _no_bluer(colour: Tensor, tint: Tensor) -> Tensor:
    """Nothing between the lips is bluer or greener than white, or than the skin where the light itself is: a network
    that is unsure of the light paints teeth of verdigris."""
    blue, green, red = colour.split(1, 1)
    skin = (tint / tint[:, 2:]) ** 2  # `tint_of` takes the root
    most = skin.clamp(min=1.0) * red
    return torch.cat([torch.minimum(blue, most[:, :1]), torch.minimum(green, most[:, 1:2]), red], 1)


def _near(opening: Tensor) -> Tensor:
    """The opening and three pixels around it, with a soft edge."""
    grown = nn.functional.max_pool2d(opening, 7, 1, 3)
    return nn.functional.avg_pool2d(grown, 5, 1, 2, count_include_pad=False)


class MeshNet(nn.Module):
    """What runs for every frame."""

    def __init__(self, size: Size, mouth: tuple[int, int], eye: tuple[int, int]) -> None:
        """mouth, eye: channels of the patch and length of its code."""
        super().__init__()
        self.mouth = Corrector(*mouth, size.ref, size.mouth, size.blocks)
        self.eyes = Corrector(*eye, size.ref, size.eye, size.blocks)

    def forward(
        self,
        mouth: Tensor,
        eyes: Tensor,
        mouth_code: Tensor,
        eye_code: Tensor,
        mouth_ref: Tensor,
        eyes_ref: Tensor,
        tint: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """mouth_out, eyes_out."""
        flow, colour, share = _split(self.mouth, mouth, mouth_code, mouth_ref, tint)
        keep = 1 - (1 - TEETH) * _near(mouth[:, 3:4])
        mouth_out = torch.cat([flow, _no_bluer(colour, tint), share, keep], 1)
        # Eyes are only moved and broadly shaded: a network that is unsure of a lash or an iris makes both pale, and in
        # eyes that is seen first.
        flow, colour, share = _split(self.eyes, eyes, eye_code, eyes_ref, _both(tint, eyes))
        return mouth_out, torch.cat([flow, _broad(colour), _broad(share), 0 * share + 1], 1)


def build(size: Size) -> tuple[MeshNetEncoder, MeshNet]:
    """Both networks for the signature that the engine feeds."""
    from avatard.reenact.cues import EYE_CODE, MOUTH_CODE, MOUTH_MAPS

    return MeshNetEncoder(size), MeshNet(size, (3 + MOUTH_MAPS, MOUTH_CODE), (4, EYE_CODE))
