"""A portrait composed to the output's size: head framed as in a call, its own background extended to fill.

The result has three layers that together give the still picture: `plate`, the background with the person taken out;
`picture`, everything; `alpha`, what moves with the person. Where `alpha` is below 255, plate and picture are equal
to the last bit, so an unmoved layer over the plate is the picture itself, and soft edges carry no second colour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from avatard.avatar import Avatar
from avatard.frame import Picture
from avatard.reenact import framing, matte
from avatard.reenact.background import extended
from avatard.reenact.extend import Sheet, close_sides, extend_down, extend_sides, extend_up
from avatard.reenact.fill import Floats, push_pull, smoothstep
from avatard.reenact.seam import on_seam

#: Around the person, in eye distances: up to here stray hair still moves with the head, and there the layer ends.
HAIR_BAND, LAYER_BAND = 0.10, 0.22
#: Stray hair is looked for this far from the person (eye distances), before backgrounds whose own detail stays below
#: so many grey levels.
STRAY, SMOOTH = 0.4, 14.0
#: Around the output, in eye distances: what a head that moves can bring into the picture is composed too.
MARGIN = 0.4
#: A portrait's outermost rows and columns are often a dark or blurred line of its file; they are not used.
RIM = 0.004


@dataclass(frozen=True, slots=True)
class Scene:
    """All of the size of the output and `margin` pixels more on each side; `shown` cuts the output out.

    picture, plate: HxWx3 uint8 BGR. alpha: HxW uint8. matte: HxW float32, the person's own outline, 0..1.
    landmarks: 478x3 float32 in the picture's pixels. head: left, top, right, bottom of hair and chin, pixels.
    """

    picture: Picture
    plate: Picture
    alpha: npt.NDArray[np.uint8]
    matte: Floats
    landmarks: Floats
    head: tuple[float, float, float, float]
    margin: int

    @property
    def shown(self) -> tuple[slice, slice]:
        """Rows and columns of the output."""
        height, width = self.alpha.shape
        return slice(self.margin, height - self.margin), slice(self.margin, width - self.margin)


def compose(avatar: Avatar, width: int, height: int) -> Scene:
    """Compose `avatar` to width x height pixels. Takes about half a second at 720p; the same input, the same bytes."""
    cut_out = matte.person(avatar.pixels, avatar.landmarks)
    head = framing.measure(cut_out, avatar.landmarks)
    size = (avatar.pixels.shape[1], avatar.pixels.shape[0])
    place = framing.frame(head, size, (width, height))
    margin = round(MARGIN * head.eyes * place.scale)
    place = replace(place, x=place.x + margin, y=place.y + margin)
    sheet = _lay(avatar.pixels, cut_out, place, width + 2 * margin, height + 2 * margin)
    background, slow = extended(sheet, head.eyes * place.scale)
    _add_stray_hair(sheet, slow, head.eyes * place.scale)
    _extend_person(sheet, head, place)
    landmarks = (avatar.landmarks * place.scale).astype(np.float32)
    landmarks[:, :2] += (place.x, place.y)
    left, right = (head.centre * place.scale + place.x + side * head.width * place.scale / 2 for side in (-1.0, 1.0))
    box = (left, head.top * place.scale + place.y, right, head.chin * place.scale + place.y)
    return _layers(sheet, background, slow, landmarks, box, head.eyes * place.scale, margin)


def _lay(pixels: Picture, cut_out: Floats, place: framing.Framing, width: int, height: int) -> Sheet:
    """The scaled portrait on an empty canvas."""
    w, h = round(pixels.shape[1] * place.scale), round(pixels.shape[0] * place.scale)
    how = cv2.INTER_AREA if place.scale < 1 else cv2.INTER_CUBIC
    portrait = cv2.resize(pixels, (w, h), interpolation=how).astype(np.float32)
    mask = cv2.resize(cut_out, (w, h), interpolation=cv2.INTER_LINEAR)
    rim = max(1, round(RIM * min(w, h)))
    x0, y0 = max(place.x + rim, 0), max(place.y + rim, 0)
    x1, y1 = min(place.x + w - rim, width), min(place.y + h - rim, height)
    person, canvas_matte = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    from_portrait = (slice(y0 - place.y, y1 - place.y), slice(x0 - place.x, x1 - place.x))
    person[y0:y1, x0:x1] = portrait[from_portrait]
    canvas_matte[y0:y1, x0:x1] = np.clip(mask[from_portrait], 0, 1)
    return Sheet(person, canvas_matte, x0, y0, x1, y1)


def _add_stray_hair(sheet: Sheet, slow: Floats, eyes: float) -> None:
    """Add to the matte what stands out from a smooth background near the person: hair that the network overlooked.

    On a background with detail of its own nothing is added: there the two cannot be told apart.
    """
    inside = np.zeros(sheet.matte.shape, bool)
    # Not at the portrait's edges: the slow colours are drawn from one side only there, and less sure.
    rim = round(0.07 * (sheet.x1 - sheet.x0))
    inside[sheet.y0 + rim : sheet.y1, sheet.x0 + rim : sheet.x1 - rim] = True
    away = cv2.distanceTransform((sheet.matte < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    stands_out = np.abs(cv2.GaussianBlur(sheet.person, (0, 0), 0.8) - slow).max(2)
    far = inside & (away > 2 * STRAY * eyes)
    rough = float(np.percentile(stands_out[far], 98)) if far.any() else 255.0
    if rough > SMOOTH:
        return
    stray = inside & (away < STRAY * eyes) & (stands_out > 1.5 * rough + 4)
    sheet.matte = np.maximum(sheet.matte, cv2.GaussianBlur(stray.astype(np.float32), (0, 0), 1.0))


def _extend_person(sheet: Sheet, head: framing.Head, place: framing.Framing) -> None:
    k = place.scale
    if head.cut is not None and sheet.y0 > 0:
        cut = (head.cut[0] * k + place.x, head.cut[1] * k + place.x)
        extend_up(sheet, cut, head.dome * k)
    extend_down(sheet)
    chin, eyes = head.chin * k + place.y, head.eyes * k
    extend_sides(sheet, head.centre * k + place.x, head.width * k, chin, eyes)
    close_sides(sheet, chin, eyes)


def _layers(
    sheet: Sheet,
    background: Floats,
    slow: Floats,
    landmarks: Floats,
    box: tuple[float, float, float, float],
    eyes: float,
    margin: int,
) -> Scene:
    away = cv2.distanceTransform((sheet.matte < 0.15).astype(np.uint8), cv2.DIST_L2, 5).astype(np.float32)
    band, end = max(HAIR_BAND * eyes, 3.0), max(LAYER_BAND * eyes, 8.0)
    inside = np.zeros(sheet.matte.shape, np.float32)
    inside[sheet.y0 : sheet.y1, sheet.x0 : sheet.x1] = 1
    # Inside the portrait near the person its own pixels are kept, stray hair and all; outside only what was drawn.
    own = np.maximum(sheet.matte, (1 - smoothstep(away, 0.4 * band, band)) * inside)
    still = background + (sheet.person - background) * own[..., None]
    picture = np.clip(np.rint(still), 0, 255).astype(np.uint8)
    alpha = np.rint(255 * (1 - smoothstep(away, band, end))).astype(np.uint8)
    # Behind the person the background is what it is some way off: nearer, hair has tinted it.
    clean = smoothstep(away, band, end)
    behind = slow + push_pull(still - slow, clean)
    # Where the layer is not opaque the plate is the picture itself.
    gone = 1 - smoothstep(away, 0.6 * band, 0.98 * band)
    plate = np.clip(np.rint(still + (behind - still) * gone[..., None]), 0, 255).astype(np.uint8)
    plate[alpha < 255] = picture[alpha < 255]
    return Scene(picture, plate, alpha, sheet.matte, on_seam(picture, landmarks), box, margin)
