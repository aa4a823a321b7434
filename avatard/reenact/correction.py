"""Puts what the network says of a patch into the picture, at the picture's own resolution.

The network gives displacements and colours, not a finished face: where it has nothing to say, skin, lashes and stubble
stay as sharp as the portrait. No displacement and no colour leave the picture as it is, to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from avatard.reenact.fill import ONE_MAP, Float, thrice
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


def apply(canvas: Picture, patch: Patch, correction: Float, fade: Float) -> None:
    """Correct `canvas` in place.

    correction: `PLANES` x H x W float32 in the patch's pixels, H x W its size. fade: H x W, the patch's `window`.

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
    share = planes[5]
    layers = cv2.merge([*(255 * colour * share), share])
    paint = np.asarray(cv2.warpAffine(layers, inside, size, flags=cv2.INTER_LINEAR), np.float32)
    kept = np.asarray(cv2.warpAffine(share * keep, inside, size, flags=cv2.INTER_LINEAR), np.float32)
    # Cubic: a second bilinear warp would take the portrait's sharpness.
    moved = cv2.remap(canvas, shift, ONE_MAP, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    sigma = COARSE * float(np.linalg.norm(patch.matrix[:, 0]))
    detail = moved - cv2.GaussianBlur(moved, (0, 0), sigma)
    moved *= thrice(1 - paint[..., 3])
    moved += paint[..., :3]
    detail *= thrice(kept)
    moved += detail
    np.rint(moved, out=moved)
    canvas[top : top + height, left : left + width] = np.clip(moved, 0, 255, out=moved)


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
