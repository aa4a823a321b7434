"""What lies beyond the portrait's edges: shoulders go on and fall, cut hair closes in a dome. Nothing is mirrored.

All in the output's pixels. A `Sheet` is the canvas being filled; the portrait lies on it as the rectangle
`x0:x1, y0:y1`, and everything outside is unknown until these functions have drawn it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from avatard.reenact.fill import Floats, smoothstep

#: Half the breadth of the shoulders in head widths, from the head's centre (45 cm over the arms, a head of 15.5 cm).
SHOULDERS = 1.5
#: Corner of the shoulder: exponent of a superellipse, 2 is a circle.
ROUND = 2.4


@dataclass(slots=True)
class Sheet:
    """The canvas: `person` HxWx3 and `matte` HxW (float32, 0..255 and 0..1), known inside the rectangle."""

    person: Floats
    matte: Floats
    x0: int
    y0: int
    x1: int
    y1: int


def extend_down(sheet: Sheet) -> None:
    """Go on below the portrait's lower edge with its last rows, ever softer."""
    height = len(sheet.matte)
    y1 = sheet.y1
    if y1 >= height:
        return
    # Only the portrait's own columns: beyond its sides the shoulders are not drawn yet.
    rows, columns = slice(max(y1 - 6, sheet.y0), y1), slice(sheet.x0, sheet.x1)
    colours, matte = (part[rows, columns].mean(0, keepdims=True) for part in (sheet.person, sheet.matte))
    deep = np.arange(height - y1, dtype=np.float32)[:, None]
    sheet.person[y1:, columns] = _softened(colours, deep)
    # Arms widen the outline a little, as below any shoulder.
    for i in range(height - y1):
        wide = cv2.GaussianBlur(matte, (0, 0), 1 + 0.25 * i)
        sheet.matte[y1 + i, columns] = wide[0]


def extend_sides(sheet: Sheet, centre: float, head_width: float, chin: float, eyes: float) -> None:
    """Go on to the left and the right where the portrait's side edges cut the shoulders."""
    for (person, matte, edge), middle in zip(_sides(sheet), (centre, sheet.matte.shape[1] - centre), strict=True):
        if edge > 0:
            _extend_left(person, matte, edge, sheet.y0, middle - SHOULDERS * head_width, chin, eyes)


def _sides(sheet: Sheet) -> tuple[tuple[Floats, Floats, int], tuple[Floats, Floats, int]]:
    """Person, matte and the column where the portrait begins, as they are and mirrored: views, drawn on as the left."""
    mirrored = sheet.person[:, ::-1], sheet.matte[:, ::-1], sheet.matte.shape[1] - sheet.x1
    return (sheet.person, sheet.matte, sheet.x0), mirrored


def _extend_left(person: Floats, matte: Floats, edge: int, y0: int, end: float, chin: float, eyes: float) -> None:
    """Fill columns 0..edge-1. `end`: the column where the shoulder's outline falls straight down."""
    height = len(matte)
    outline = _outline(matte, edge, int(eyes * 0.6))
    if outline[0] >= height:
        return
    # Hair or a raised collar at the edge above the chin does not go on: the shoulder starts lower.
    start = max(float(outline[0]), chin - 0.2 * eyes)
    inner = outline[outline < height]
    slope = np.polyfit(np.arange(len(inner)), inner, 1)[0] if len(inner) > 4 else -0.3
    fall = float(np.clip(-slope, 0.12, 0.9))
    reach = max(edge - end, 0.35 * eyes)
    away = edge - np.arange(edge, dtype=np.float32)
    part = np.clip(away / reach, 0, 1)
    corner = 1 - (1 - part**ROUND) ** (1 / ROUND)
    top = start + fall * away + corner * max(height - start, eyes)
    rows = np.arange(height, dtype=np.float32)[:, None]
    soft = 0.75 + away * 0.02
    matte[:, :edge] = smoothstep(rows - top[None], -soft[None], soft[None]) * (part < 1)
    strip = person[:, edge : edge + 5].mean(1, keepdims=True)
    # Cloth follows the outline: each column is the edge's own, moved down with the shoulder.
    moved = np.clip(rows - (top - start)[None], start + 2, height - 1)
    columns = np.broadcast_to(away[None], moved.shape)
    levels = [_blur_columns(strip, sigma) for sigma in (1.5, 6.0, 24.0)]
    picked = [cv2.remap(level, np.zeros_like(moved), moved.astype(np.float32), cv2.INTER_LINEAR) for level in levels]
    near, far = smoothstep(columns, 0, 0.25 * eyes), smoothstep(columns, 0.15 * eyes, 1.0 * eyes)
    filled = picked[0] + (picked[1] - picked[0]) * near[..., None]
    filled += (picked[2] - filled) * far[..., None]
    # A shoulder turns away from the light towards its outline.
    shade = 1 - 0.22 * smoothstep(columns / reach, 0.2, 1.0)
    person[:, :edge] = filled * shade[..., None]


def close_sides(sheet: Sheet, chin: float, eyes: float) -> None:
    """Round off hair that the portrait's side edges cut above the shoulders: a shallow bulge instead of a wall."""
    for person, matte, edge in _sides(sheet):
        if edge <= 0:
            continue
        column = matte[sheet.y0 : int(chin + 0.1 * eyes), edge + 1] > 0.5
        runs = np.split(np.arange(len(column)), np.flatnonzero(np.diff(column.astype(np.int8))) + 1)
        hair = max((run for run in runs if len(run) and column[run[0]]), key=len, default=runs[0][:0])
        if len(hair) < 0.15 * eyes:
            continue
        # Rows turned to columns, the cut edge on top: the same dome as on a cut head, only flatter.
        turned = Sheet(person.transpose(1, 0, 2), matte.T, 0, edge, 0, 0)
        cut = (float(hair[0] + sheet.y0), float(hair[-1] + sheet.y0))
        extend_up(turned, cut, min(0.2 * eyes, 0.14 * (cut[1] - cut[0])))


def _outline(matte: Floats, edge: int, columns: int) -> npt.NDArray[np.float64]:
    """For the columns inwards from the edge: the row where the region that touches the lower edge begins."""
    solid = matte[:, edge : edge + max(columns, 8)] > 0.5
    empty = ~solid
    last_empty = len(matte) - 1 - np.argmax(empty[::-1], axis=0)
    last_empty[solid.all(0)] = -1
    return np.asarray(last_empty + 1, np.float64)


def extend_up(sheet: Sheet, cut: tuple[float, float], dome: float) -> None:
    """Close hair that the portrait's upper edge cuts: strands run on and meet in a dome `dome` pixels high."""
    y0 = sheet.y0
    high = min(int(np.ceil(dome)), y0)
    if high <= 0:
        return
    middle, half = (cut[0] + cut[1]) / 2, max((cut[1] - cut[0]) / 2, 1.0)
    away = (y0 - np.arange(y0 - high, y0, dtype=np.float32))[:, None] / dome
    narrow = np.maximum(1 - away, 1e-4) ** 0.55
    x = np.arange(sheet.matte.shape[1], dtype=np.float32)[None]
    offset = (x - middle) / narrow
    soft = 1.5 / np.maximum(narrow, 0.2)
    cap = 1 - smoothstep(np.abs(offset), half - soft, half + soft)
    strip = sheet.person[y0 : y0 + 3].mean(0, keepdims=True)
    source = np.clip(middle + offset, middle - half + 2, middle + half - 2).astype(np.float32)
    levels = [strip, cv2.GaussianBlur(strip, (0, 0), 2.5)]
    picked = [cv2.remap(level, source, np.zeros_like(source), cv2.INTER_LINEAR) for level in levels]
    far = smoothstep(np.broadcast_to(away, source.shape), 0.1, 0.9)[..., None]
    drawn = (picked[0] + (picked[1] - picked[0]) * far) * (1 - 0.12 * far)
    rows = slice(y0 - high, y0)
    # Whatever was drawn there before (a shoulder) stays in front.
    new = cap * (1 - sheet.matte[rows])
    sheet.person[rows] += (drawn - sheet.person[rows]) * new[..., None]
    sheet.matte[rows] = np.maximum(sheet.matte[rows], cap)


def _softened(strip: Floats, deep: Floats) -> Floats:
    """The strip repeated, blurred along itself more and more with `deep` pixels."""
    blur = [strip, cv2.GaussianBlur(strip, (0, 0), 4), cv2.GaussianBlur(strip, (0, 0), 20)]
    near, far = smoothstep(deep, 0, 24)[..., None], smoothstep(deep, 16, 120)[..., None]
    out = blur[0] + (blur[1] - blur[0]) * near
    return np.asarray(out + (blur[2] - out) * far, np.float32)


def _blur_columns(strip: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(strip, (1, 0), sigmaX=0.1, sigmaY=sigma), np.float32)
