"""Puts a portrait's inner-lip landmarks on the line where its closed lips really meet.

FaceMesh is off by up to three per cent of the eye distance there, most at the corners. When the mouth opens, what lies
on the wrong side of that line would go with the wrong lip: a strip of the lower lip would hang from the upper one.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import INNER_LIPS
from avatard.frame import Picture
from avatard.reenact.fill import ONE_MAP, Floats
from avatard.reenact.likeness import CLOSED_GAP, LOWER_LIP, UPPER_LIP

#: How far from the landmarks the line is looked for, eye distances, and the step.
REACH, STEP = 0.045, 0.005
#: Places along the mouth, from a little outside one inner corner to the same outside the other.
PLACES, OUTSIDE = 61, 0.08
#: Cost of leaving the landmarks by the whole reach, and of a step between neighbours, in spreads of luminance.
STRAY, BEND = 0.9, 1.2

RIGHT, LEFT = INNER_LIPS[0], INNER_LIPS[10]
#: Landmarks of each outer corner, which move with their end of the line.
OUTER = ((61, 76, 62), (291, 306, 292))


def on_seam(picture: Picture, landmarks: Floats) -> Floats:
    """`landmarks` (478x3, pixels of `picture`) with the lips' line where the picture is darkest; unchanged where the
    mouth is open."""
    eyes = float(np.linalg.norm(landmarks[33, :2] - landmarks[263, :2]))
    right, left = landmarks[RIGHT, :2], landmarks[LEFT, :2]
    along = (left - right) / max(float(np.linalg.norm(left - right)), 1.0)
    down = np.array([-along[1], along[0]])
    gap = (landmarks[LOWER_LIP, :2] - landmarks[UPPER_LIP, :2]) @ down
    if gap.max() > CLOSED_GAP * eyes:  # there is no single line
        return landmarks
    middle = np.vstack([right, (landmarks[UPPER_LIP, :2] + landmarks[LOWER_LIP, :2]) / 2, left])
    knots = np.linspace(0, 1, len(middle))
    t = np.linspace(-OUTSIDE, 1 + OUTSIDE, PLACES)
    line = np.stack([_extended(t, knots, middle[:, i]) for i in (0, 1)], -1)
    offsets = np.arange(-REACH, REACH + STEP / 2, STEP) * eyes
    shift = _darkest(picture, line, down, offsets, eyes)
    out = landmarks.copy()
    moved = middle + np.interp(knots, t, shift)[:, None] * down
    for upper, lower, place in zip(UPPER_LIP, LOWER_LIP, moved[1:-1], strict=True):
        out[[upper, lower], :2] = place
    out[[RIGHT, LEFT], :2] = moved[[0, -1]]
    for members, end in zip(OUTER, (shift[t <= 0].mean(), shift[t >= 1].mean()), strict=True):
        out[list(members), :2] += end * down
    return np.asarray(out)


def _extended(t: npt.NDArray[np.float64], knots: npt.NDArray[np.float64], values: Floats) -> npt.NDArray[np.float64]:
    """Linear between the knots, and straight on beyond them."""
    inside = np.interp(t, knots, values)
    before = (values[1] - values[0]) / (knots[1] - knots[0]) * np.minimum(t, 0)
    after = (values[-1] - values[-2]) / (knots[-1] - knots[-2]) * np.maximum(t - 1, 0)
    return np.asarray(inside + before + after)


def _darkest(
    picture: Picture,
    line: npt.NDArray[np.float64],
    down: npt.NDArray[np.float64],
    offsets: npt.NDArray[np.float64],
    eyes: float,
) -> npt.NDArray[np.float64]:
    """For each place on the line the offset (pixels, along `down`) of the smoothest dark path: Viterbi's algorithm."""
    at = (line[:, None] + offsets[None, :, None] * down).astype(np.float32)
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (0, 0), max(0.004 * eyes, 0.6))
    light = cv2.remap(grey, at, ONE_MAP, cv2.INTER_LINEAR).astype(np.float64)
    light = (light - light.mean(1, keepdims=True)) / max(float(light.std(1).mean()), 1.0)
    light += STRAY * (offsets / offsets[-1]) ** 2
    steps = np.abs(np.subtract.outer(np.arange(len(offsets)), np.arange(len(offsets))))
    bend = BEND * 0.25 * steps**2
    cost, back = light[0], np.zeros((PLACES, len(offsets)), int)
    for i in range(1, PLACES):
        total = cost[None] + bend
        back[i] = total.argmin(1)
        cost = light[i] + total.min(1)
    path = np.empty(PLACES, int)
    path[-1] = cost.argmin()
    for i in range(PLACES - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    smooth = cv2.GaussianBlur(offsets[path][:, None], (1, 0), sigmaX=0.1, sigmaY=1.5)
    return np.asarray(smooth[:, 0], np.float64)
