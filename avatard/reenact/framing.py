"""Where the head sits in the output: as in a video call, clear of the badge, shoulders down to the lower edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatard.reenact.fill import Floats

#: Rows that the badge may use, as a share of the shorter side (24–90 px at 720p), with a little air below it.
BADGE_END = 0.125
CLEAR = 0.148

#: Head height (hair to chin) as a share of the output's height: what people choose in a call, and the most allowed.
HEAD = 0.5
HEAD_MAX = 0.74
#: Most of the output's width that the head may take.
HEAD_WIDTH_MAX = 0.66
#: A portrait is not enlarged more than this unless it would leave the lower edge empty.
ENLARGE = 2.2

CHIN, RIGHT_CORNER, LEFT_CORNER = 152, 33, 263


@dataclass(frozen=True, slots=True)
class Head:
    """The head in the portrait, in its pixels. `top` is the hair's top: above 0 where the portrait cuts the hair, then
    `cut` is the hair's left and right end on the first row and `dome` how high it would go on."""

    top: float
    chin: float
    centre: float
    width: float
    eyes: float
    cut: tuple[float, float] | None
    dome: float


@dataclass(frozen=True, slots=True)
class Framing:
    """Portrait pixel p lies at `scale`·p + (`x`, `y`) in the output; x and y are whole pixels."""

    scale: float
    x: int
    y: int


def measure(matte: Floats, landmarks: npt.NDArray[np.floating]) -> Head:
    """Find hair, chin and width of the head whose person matte this is."""
    points = np.asarray(landmarks, np.float64)
    eyes = float(np.linalg.norm(points[RIGHT_CORNER, :2] - points[LEFT_CORNER, :2]))
    left, right = points[:, 0].min(), points[:, 0].max()
    chin = float(points[CHIN, 1])
    x0, x1 = (int(np.clip(x, 0, matte.shape[1] - 1)) for x in (left - 0.3 * eyes, right + 0.3 * eyes))
    above = matte[: max(2, int(points[10, 1])), x0 : x1 + 1]
    rows = np.flatnonzero((above > 0.5).mean(1) > 0.04)
    top = float(rows[0]) if len(rows) else float(points[10, 1])
    brow = int(np.clip(points[9, 1], 1, matte.shape[0] - 1))
    width = max(float((matte[:brow] > 0.5).sum(1).max()), float(right - left))
    # A turned face is not the middle of its head.
    hair = np.flatnonzero((matte[max(brow - int(eyes), 0) : brow] > 0.5).mean(0) > 0.5)
    middle = float(hair[0] + hair[-1]) / 2 if len(hair) else float(left + right) / 2
    centre = (middle + float(left + right) / 2) / 2
    if top > 0.01 * matte.shape[0]:
        return Head(top, chin, centre, width, eyes, None, 0.0)
    on_edge = np.flatnonzero(matte[min(3, len(matte) - 1)] > 0.5)
    cut = (float(on_edge[0]), float(on_edge[-1]))
    share = min((cut[1] - cut[0]) / width, 0.95)
    # The cap of an ellipse whose chord is `share` of its width; hair is flatter than a circle.
    dome = min(0.42 * width * (1 - np.sqrt(1 - share**2)), 0.2 * width)
    return Head(-float(dome), chin, centre, width, eyes, cut, float(dome))


def frame(head: Head, portrait: tuple[int, int], output: tuple[int, int]) -> Framing:
    """Choose scale and place. `portrait` and `output` are (width, height) in pixels."""
    width, height = output
    clear = CLEAR * min(width, height)
    # On a tall output the head may hang lower, so that the portrait's lower edge still reaches the output's.
    lowest = max(clear, height - 0.8 * min(height, 1.2 * width))
    tall = head.chin - head.top
    below = portrait[1] - head.top
    reach = (height - lowest) / below
    natural = min(HEAD * min(height, 1.3 * width) / tall, HEAD_WIDTH_MAX * width / head.width, ENLARGE)
    most = min(HEAD_MAX * height / tall, 1.1 * HEAD_WIDTH_MAX * width / head.width, (height - clear) * 0.94 / tall)
    scale = min(max(natural, reach), most)
    lowest = min(lowest, height - 1.06 * scale * tall)
    top = max(min(height - scale * below, lowest), clear)
    return Framing(float(scale), round(width / 2 - scale * head.centre), round(float(top) - scale * head.top))
