"""The person as a moving layer over the still background."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.frame import Picture
from avatard.reenact.compose import Scene
from avatard.reenact.field import Field
from avatard.reenact.likeness import Floats


class Layer:
    """Holds the person's pixels (which the eyes may redraw) and draws them warped.

    Colours are premultiplied in such a way that they and the plate's share add up to the picture exactly where
    nothing moves: the person's share is what the plate's rounded share leaves.
    """

    def __init__(self, scene: Scene, box: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = box
        self.box = box
        self._region = (slice(top, bottom), slice(left, right))
        self.still = scene.picture
        self._plate = np.ascontiguousarray(scene.plate[self._region])
        behind = 255 - scene.alpha
        share = cv2.multiply(scene.picture, cv2.cvtColor(behind, cv2.COLOR_GRAY2BGR), scale=1 / 255)
        share[behind == 255] = scene.picture[behind == 255]
        #: HxWx4: premultiplied colour, and how much of the plate shows through.
        self.pixels = np.dstack([scene.picture - share, behind])
        self._out = scene.picture.copy()
        width, height = right - left, bottom - top
        self._warped = np.empty((height, width, 4), np.uint8)
        self._shown = np.empty((height, width, 3), np.uint8)
        self._size = (width, height)

    @property
    def canvas(self) -> Picture:
        """The picture that `draw` has drawn; what comes on top of the skin is drawn on it."""
        return self._out

    def draw(self, backward: Floats, step: int) -> None:
        """Warp by the grid map `backward` (pixels of the picture at nodes `step` apart) and lay over the plate."""
        where = upsampled(backward, step, (0, 0), self._size)
        fixed, fraction = cv2.convertMaps(where, None, cv2.CV_16SC2)
        # Beyond the picture lies what its edge shows: shoulders go on, background stays background.
        cv2.remap(
            self.pixels, fixed, fraction, cv2.INTER_LINEAR, dst=self._warped, borderMode=cv2.BORDER_REPLICATE
        )
        behind = cv2.cvtColor(self._warped[..., 3], cv2.COLOR_GRAY2BGR)
        cv2.multiply(self._plate, behind, dst=self._shown, scale=1 / 255)
        own = cv2.cvtColor(self._warped, cv2.COLOR_BGRA2BGR)
        cv2.add(self._shown, own, dst=self._shown)
        self._out[self._region] = self._shown


def upsampled(grid: Floats, step: int, start: tuple[int, int], size: tuple[int, int]) -> Floats:
    """The grid's values at each pixel of a region; `start` is its left and top from the corner of the field's box."""
    (x, y), (width, height) = start, size
    # cv2.resize puts a node in the middle of its step x step cell, and the grid begins one cell before the box.
    j0, i0 = x // step, y // step
    part = grid[i0 : (y + height) // step + 3, j0 : (x + width) // step + 3]
    whole = cv2.resize(part, (part.shape[1] * step, part.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    dx, dy = x + step - j0 * step, y + step - i0 * step
    return np.asarray(whole[dy : dy + height, dx : dx + width])


def mask_of(polygon: Floats, origin: tuple[int, int], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Antialiased filled polygon (pixels, sub-pixel exact to 1/16) as 0..255 on a region of the picture."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    points = np.rint((polygon - np.array(origin, np.float32)) * 16).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, shift=4)
    return mask
