"""Puts what the network says of a patch into the picture, at the picture's own resolution.

The network gives displacements and colours, not a finished face: where it has nothing to say, skin, lashes and stubble
stay as sharp as the portrait. No displacement and no colour leave the picture as it is, to the last bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.reenact import shifted
from avatard.reenact.fill import ONE_MAP, Floats, thrice
from avatard.reenact.patches import Patch

if TYPE_CHECKING:
    from avatard.frame import Picture

#: Planes of a correction: displacement across and down (patch pixels), colour BGR 0..1, its share 0..1, and how much of
#: the picture's own detail stays under it, 0..1: shaded skin keeps its pores, what is between the lips does not.
PLANES: Final = 7
#: What is coarser than this Gaussian (patch pixels) is no detail: of a mouth; of an eye, which is broadly shaded and
#: otherwise keeps its own contrast.
COARSE, COARSE_EYES = 2.5, 8.0
#: Less is nothing to see: `cv2.remap` moves in steps of 1/32 pixel, and a share of 1/512 is half a grey level at most.
LEAST_MOVE, LEAST_SHARE = 1 / 128, 1 / 512

Box = tuple[int, int, int, int]
"""left, top, width, height, whole pixels."""


def apply(canvas: Picture, patch: Patch, correction: Floats, fade: Floats, coarse: float) -> None:
    """Correct `canvas` in place.

    correction: `PLANES` x H x W float32 in the patch's pixels, H x W its size. fade: H x W, the patch's `window`.
    coarse: `COARSE` or `COARSE_EYES`.

    Each pixel of the patch takes what lies where its displacement points, then the colour by its share, then its own
    detail back. All in floats, rounded once: colours rounded before they are mixed make a still eye flicker by a fifth.
    """
    moves, share = (correction[0] * fade, correction[1] * fade), correction[5] * fade
    painted = share > LEAST_SHARE
    part, (rows, columns) = _part(patch, painted | (np.maximum(np.abs(moves[0]), np.abs(moves[1])) > LEAST_MOVE))
    box = left, top, width, height = _box(part, canvas)
    if width < 2 or height < 2:
        return
    drawn = _moved(canvas, part, cv2.merge([plane[rows, columns] for plane in moves]), box)
    part, (rows, columns) = _part(patch, painted)
    x, y, across, down = _box(part, canvas)
    if across > 1 and down > 1:
        colour, share, keep = correction[2:5, rows, columns], share[rows, columns], correction[6, rows, columns]
        layers = cv2.merge([*(255 * share * colour), share])
        _paint(
            drawn[y - top : y - top + down, x - left : x - left + across], part, (x, y), layers, share * keep, coarse
        )
    np.rint(drawn, out=drawn)
    canvas[top : top + height, left : left + width] = np.clip(drawn, 0, 255, out=drawn)


def _moved(canvas: Picture, part: Patch, flow: Floats, box: Box) -> Floats:
    """The canvas in `box`, each pixel from where its displacement points. flow: height x width of the part x 2."""
    left, top, width, height = box
    flow = np.asarray(cv2.transform(flow, part.matrix[:, :2]), np.float32)
    reach = int(np.abs(flow).max()) + shifted.REACH + 2
    x, y = max(left - reach, 0), max(top - reach, 0)
    source = shifted.filtered(canvas[y : top + height + reach, x : left + width + reach])
    # From a pixel of the box to where it is seen in `source`, shifted; where no flow is said, only that.
    away = (left - x - shifted.SHIFT, top - y - shifted.SHIFT)
    flow += np.array(away, np.float32)
    where = cv2.warpAffine(flow, _from(part, (left, top)), (width, height), borderValue=away)
    how = cv2.INTER_LINEAR | cv2.WARP_RELATIVE_MAP
    return np.asarray(cv2.remap(source, where, ONE_MAP, how, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _paint(drawn: Floats, part: Patch, corner: tuple[int, int], layers: Floats, kept: Floats, coarse: float) -> None:
    """Mix colours into `drawn`, whose left and top on the canvas are `corner`, in place.

    layers: height x width of the part x 4, colour times share, and share. kept: height x width, share of the detail.
    """
    matrix, size = _from(part, corner), (drawn.shape[1], drawn.shape[0])
    paint = cv2.warpAffine(layers, matrix, size)
    kept = np.asarray(cv2.warpAffine(kept, matrix, size), np.float32)
    detail = drawn - _coarse(drawn, coarse * float(np.linalg.norm(part.matrix[:, 0])))
    detail *= thrice(kept)
    drawn *= thrice(1 - paint[..., 3])
    drawn += cv2.cvtColor(paint, cv2.COLOR_BGRA2BGR)
    drawn += detail


def _coarse(picture: Floats, sigma: float) -> Floats:
    """Two box filters in a row: a Gaussian of `sigma` pixels, near enough, in a third of its time."""
    width = 2 * round((np.sqrt(6 * sigma**2 + 1) - 1) / 2) + 1
    return np.asarray(cv2.blur(cv2.blur(picture, (width, width)), (width, width)), np.float32)


def _part(patch: Patch, where: npt.NDArray[np.bool_]) -> tuple[Patch, tuple[slice, slice]]:
    """The least part of `patch` that holds all of `where`, as a patch of its own, and its rows and columns."""
    x, y, across, down = cv2.boundingRect(where.view(np.uint8))
    corner = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    return Patch(patch.matrix @ corner, (across, down)), (slice(y, y + down), slice(x, x + across))


def _from(part: Patch, corner: tuple[int, int]) -> npt.NDArray[np.float64]:
    """The part's matrix on a piece of the canvas that begins at `corner`."""
    return np.asarray(part.matrix - np.array([[0, 0, corner[0]], [0, 0, corner[1]]]))


def _box(part: Patch, canvas: Picture) -> Box:
    """The part on the canvas; a width or height below 2 where there is nothing."""
    width, height = part.size
    if not width:
        return 0, 0, 0, 0
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float64)
    at = corners @ part.matrix[:, :2].T + part.matrix[:, 2]
    low = np.maximum(np.floor(at.min(0)), 0).astype(int)
    high = np.minimum(np.ceil(at.max(0)) + 1, canvas.shape[1::-1]).astype(int)
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
