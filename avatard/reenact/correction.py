"""Puts what the network says of a patch into the picture, at the picture's own resolution.

The network gives displacements and colours, not a finished face: where it has nothing to say, skin, lashes and stubble
stay as sharp as the portrait. No displacement and no colour leave the picture as it is, to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from avatard.reenact.fill import ONE_MAP, Float
from avatard.reenact.patches import Patch

if TYPE_CHECKING:
    from avatard.frame import Picture

#: Planes of a correction: displacement across and down (patch pixels), colour BGR 0..1, its share 0..1, and how much of
#: the picture's own detail stays under it, 0..1: shaded skin keeps its pores, what is between the lips does not.
PLANES: Final = 7
#: What is coarser than this Gaussian (patch pixels) is no detail.
COARSE: Final = 2.5
#: Less is nothing to see: `cv2.remap` moves in steps of 1/32 pixel, and a share of 1/512 is half a grey level at most.
LEAST_MOVE, LEAST_SHARE = 1 / 128, 1 / 512


def apply(canvas: Picture, patch: Patch, correction: Float, fade: Float, *, fine: bool = True) -> None:
    """Correct `canvas` in place.

    correction: `PLANES` x H x W float32 in the patch's pixels, H x W its size. fade: H x W, the patch's `window`.
    fine: cubic interpolation, for what must stay as sharp as it is; 0.5 ms more for a mouth at 720p.

    Each pixel of the patch takes what lies where its displacement points, then the colour by its share, then its own
    detail back.
    """
    planes = correction * fade
    x, y, across, down = _seen(planes)
    if not across:
        return
    part = Patch(patch.matrix @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1]]), (across, down))
    left, top, width, height = _box(part, canvas)
    if width < 2 or height < 2:
        return
    planes, colour = planes[:, y : y + down, x : x + across], correction[2:5, y : y + down, x : x + across]
    keep = correction[6, y : y + down, x : x + across]
    inside = part.matrix - np.array([[0, 0, left], [0, 0, top]])
    size = (width, height)
    flow = cv2.transform(cv2.merge([planes[0], planes[1]]), patch.matrix[:, :2])
    shift: Float = np.asarray(cv2.warpAffine(flow, inside, size, flags=cv2.INTER_LINEAR))
    shift[..., 0] += np.arange(left, left + width, dtype=np.float32)
    shift[..., 1] += np.arange(top, top + height, dtype=np.float32)[:, None]
    # From here on in whole grey levels: a third of the time that floats take, and a level off at most.
    share = 255 * planes[5]
    paint = cv2.convertScaleAbs(cv2.merge([*(colour * share), share]))
    paint = cv2.warpAffine(paint, inside, size, flags=cv2.INTER_LINEAR)
    kept = cv2.warpAffine(cv2.convertScaleAbs(keep * share), inside, size, flags=cv2.INTER_LINEAR)
    how = cv2.INTER_CUBIC if fine else cv2.INTER_LINEAR
    moved: Picture = np.asarray(cv2.remap(canvas, shift, ONE_MAP, how, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    detail = cv2.subtract(moved, _coarse(moved, COARSE * float(np.linalg.norm(patch.matrix[:, 0]))), dtype=cv2.CV_16S)
    detail = cv2.multiply(detail, cv2.cvtColor(kept, cv2.COLOR_GRAY2BGR), scale=1 / 255, dtype=cv2.CV_16S)
    rest = cv2.cvtColor(255 - cv2.extractChannel(paint, 3), cv2.COLOR_GRAY2BGR)
    painted = cv2.add(cv2.multiply(moved, rest, scale=1 / 255), cv2.cvtColor(paint, cv2.COLOR_BGRA2BGR))
    canvas[top : top + height, left : left + width] = cv2.add(painted, detail, dtype=cv2.CV_8U)


def _coarse(picture: Picture, sigma: float) -> Picture:
    """Two box filters in a row: a Gaussian of `sigma` pixels, near enough, in a third of its time."""
    width = 2 * round((np.sqrt(6 * sigma**2 + 1) - 1) / 2) + 1
    return np.asarray(cv2.blur(cv2.blur(picture, (width, width)), (width, width)), np.uint8)


def _seen(planes: Float) -> tuple[int, int, int, int]:
    """left, top, width, height of what can change a pixel at all; width 0 where nothing can."""
    moves = np.maximum(np.abs(planes[0]), np.abs(planes[1])) > LEAST_MOVE
    moves |= planes[5] > LEAST_SHARE
    x, y, width, height = cv2.boundingRect(moves.view(np.uint8))
    return x, y, width, height


def _box(patch: Patch, canvas: Picture) -> tuple[int, int, int, int]:
    """left, top, width, height of the patch on the canvas, in whole pixels."""
    width, height = patch.size
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float64)
    at = corners @ patch.matrix[:, :2].T + patch.matrix[:, 2]
    low = np.maximum(np.floor(at.min(0)), 0).astype(int)
    high = np.minimum(np.ceil(at.max(0)) + 1, canvas.shape[1::-1]).astype(int)
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
