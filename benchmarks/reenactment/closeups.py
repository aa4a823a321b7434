"""Contact sheets of close-ups: face, mouth and eyes of the driver and of each engine, at the instants that tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import LEFT_EYE, OUTER_LIPS, OVAL, RIGHT_EYE
from avatard.frame import Picture
from avatard.geometry import euler
from benchmarks.reenactment.driven import Driven
from benchmarks.reenactment.expression import NAMES, expressions
from benchmarks.reenactment.regions import eye_distance

INSTANTS: Final = ("lips shut", "half open", "widest mouth", "lids shut", "gaze", "furthest turn")
#: Close-up → landmarks that it is centred on, width in eye distances, width over height.
CROPS: Final = {
    "face": (OVAL, 2.3, 1.0),
    "mouth": (OUTER_LIPS, 1.0, 4 / 3),
    "eyes": ((*LEFT_EYE, *RIGHT_EYE), 1.5, 2.0),
}
#: Pixels of a cell's height.
CELL: Final = 200

Landmarks = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class View:
    """A picture and where its face is; no face, no close-up."""

    picture: Picture
    landmarks: Landmarks | None


def choose(driven: Driven) -> list[int]:
    """The frame of each of `INSTANTS`; frames without a face are never chosen unless there are no others."""
    series = expressions(driven.faces)
    opening, lids, gaze = (series[:, NAMES.index(name)] for name in ("mouth_open", "lids", "gaze_x"))
    if np.isnan(opening).all():
        return [0] * len(INSTANTS)
    yaw = np.array([np.nan if face is None else abs(euler(face.pose.rotation)[0]) for face in driven.faces])
    turn = np.abs(yaw - np.nanmedian(yaw))
    away = np.nan_to_num(np.abs(gaze - np.nanmedian(gaze)), nan=-1.0)
    half = np.abs(opening - (np.nanmin(opening) + np.nanmax(opening)) / 2)
    picks = (np.nanargmin(opening), np.nanargmin(half), np.nanargmax(opening), np.nanargmin(lids), away.argmax())
    return [*(int(i) for i in picks), int(np.nanargmax(turn))]


def sheet(columns: Mapping[str, Sequence[View]]) -> Picture:
    """A row for each instant; for each of `CROPS` the columns beside each other, driver first."""
    rows = []
    for i, instant in enumerate(INSTANTS):
        cells: list[Picture] = []
        for crop in CROPS:
            for name, views in columns.items():
                cells.append(_captioned(_cut(views[i], crop), name if cells else f"{name}, {instant}"))
        rows.append(np.hstack(cells))
    return np.asarray(np.vstack(rows), np.uint8)


def _cut(view: View, crop: str) -> Picture:
    """Upright, bicubic: enlarged pixels are seen as they are, none is made up."""
    ring, wide, aspect = CROPS[crop]
    width = round(CELL * aspect)
    if view.landmarks is None:
        return np.zeros((CELL, width, 3), np.uint8)
    points = view.landmarks[list(ring), :2]
    centre = (points.min(0) + points.max(0)) / 2
    scale = width / (wide * eye_distance(view.landmarks))
    matrix = np.array([[scale, 0, width / 2 - scale * centre[0]], [0, scale, CELL / 2 - scale * centre[1]]])
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(view.picture, matrix, (width, CELL), flags=how), np.uint8)


def _captioned(picture: Picture, caption: str) -> Picture:
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(picture, caption, (5, CELL - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, thick, cv2.LINE_AA)
    return picture
