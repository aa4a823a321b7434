"""White text on a dark plate, blended into I420 in whole numbers, and checked there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatard.seal.masks import Coverage
from avatard.seal.planes import Planes
from avatard.sealed import I420

BLACK, WHITE, NEUTRAL = 16, 235, 128  # BT.601 limited range
#: Luma is at most 235 after the conversion, and 4 more with the mark: what the check takes for the brightest backdrop.
BRIGHTEST = 240


class Overlay:
    """One rectangle at a fixed place: `out = (in * keep + add) >> 8`, per pixel; chroma pulled to neutral alike.

    x, y: of its upper left corner, even. plate, text: coverage, of even height and width.
    `draw` and `intact` belong to one thread: they share scratch buffers, so that no frame allocates.
    """

    def __init__(self, x: int, y: int, plate: Coverage, text: Coverage) -> None:
        assert x % 2 == 0
        assert y % 2 == 0
        assert x >= 0
        assert y >= 0
        assert plate.shape == text.shape
        height, width = plate.shape
        assert height % 2 == 0
        assert width % 2 == 0
        self.x, self.y, self.width, self.height = x, y, width, height
        keep = (1 - plate) * (1 - text)
        add = BLACK * plate * (1 - text) + WHITE * text
        self._luma = _Blend(keep, add, BRIGHTEST)
        keep = keep.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
        self._chroma = _Blend(keep, NEUTRAL * (1 - keep), 255)

    def draw(self, i420: I420) -> None:
        """Blend into the buffer."""
        luma, blue, red = self._places(i420)
        self._luma.apply(luma)
        self._chroma.apply(blue)
        self._chroma.apply(red)

    def intact(self, i420: I420) -> bool:
        """Whether the bytes can be what `draw` leaves, whatever was behind. Letters and plate leave little room:
        a letter's inside has one right value, a plate's a range of 43."""
        luma, blue, red = self._places(i420)
        return self._luma.holds(luma) and self._chroma.holds(blue) and self._chroma.holds(red)

    def _places(self, i420: I420) -> Planes:
        planes = Planes.of(i420)
        x, y, width, height = self.x, self.y, self.width, self.height
        half = np.s_[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2]
        return Planes(planes.luma[y : y + height, x : x + width], planes.blue[half], planes.red[half])


class _Blend:
    """The arithmetic for one plane, in 1/256; the sum is at most 255 * 256 + 128, so uint16 holds it."""

    def __init__(self, keep: Coverage, add: Coverage, brightest: int) -> None:
        self._keep: npt.NDArray[np.uint16] = np.rint(keep * 256).astype(np.uint16)
        self._add: npt.NDArray[np.uint16] = np.rint(add * 256 + 128).astype(np.uint16)
        self._scratch = np.empty_like(self._keep)
        self._lowest = (self._add >> 8).astype(np.uint8)
        self._highest = ((self._keep * np.uint16(brightest) + self._add) >> 8).astype(np.uint8)

    def apply(self, plane: I420) -> None:
        np.multiply(plane, self._keep, out=self._scratch)
        self._scratch += self._add
        self._scratch >>= 8
        np.copyto(plane, self._scratch, casting="unsafe")

    def holds(self, plane: I420) -> bool:
        return bool((plane >= self._lowest).all() and (plane <= self._highest).all())
