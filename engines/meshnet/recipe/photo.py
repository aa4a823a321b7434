"""Photographic skin: a synthetic portrait laid over a rendered head by the landmarks of both.

The mouth's inside and the eyes stay rendered, in light that fits the photograph. So the network sees photographic lips,
pores and stubble beside an inside whose truth is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import recipes  # noqa: F401
import cv2
import numpy as np
from anatomy import Floats
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from avatard.canonical import neutral
from avatard.face_mesh import INNER_LIPS, RIGID
from avatard.geometry import euler, similarity
from avatard.track.portrait import find_faces

#: Lips further apart than this (eye distances) would show the photograph's teeth on the lips.
CLOSED = 0.035
#: Portraits turned more than this (radians) have no picture of one cheek.
TURNED = 0.3


@dataclass(frozen=True)
class Photo:
    """A portrait as skin. pixels: RGBA. marks: 478 x 2, pixels. light: linear RGB of a white thing in it."""

    pixels: NDArray[np.uint8]
    marks: Floats
    light: Floats


def photos(folder: Path) -> list[Photo]:
    """Those of a folder's portraits that can be laid over another head: one face, frontal, lips closed."""
    out = []
    for path in sorted(folder.glob("*.jpg")):
        picture = cv2.imread(str(path))
        faces = find_faces(picture)
        if not faces:
            continue
        marks = faces[0].landmarks
        rigid = list(RIGID)
        _, rotation, _ = similarity(neutral()[rigid], marks[rigid])
        eyes = np.linalg.norm(marks[33, :2] - marks[263, :2])
        gap = np.linalg.norm(marks[list(INNER_LIPS[1:10]), :2] - marks[list(INNER_LIPS[:10:-1]), :2], axis=1).max()
        if gap > CLOSED * eyes or abs(euler(rotation)[0]) > TURNED:
            continue
        x, y, w, h = cv2.boundingRect(marks[:468, :2].astype(np.float32))
        face = picture[max(y, 0) : y + h, max(x, 0) : x + w].reshape(-1, 3).astype(np.float64)
        bright = np.percentile(face[:, ::-1], 96, axis=0) / 255
        rgba = cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA)
        out.append(Photo(rgba, marks[:, :2].astype(np.float64), bright**2.2))
    return out


def laid(photo: Photo, seen: Floats, at: Floats, size: int) -> tuple[NDArray[np.uint8], Floats]:
    """The texture (RGBA, its first row at the bottom) and each point's coordinates in it.

    seen: 478 x 2, landmarks of the head's render; at: n x 2, its points in the same render; pixels.
    """
    warp = RBFInterpolator(seen[:468], photo.marks[:468], kernel="linear", smoothing=2.0, neighbors=32)
    where = warp(at)
    height, width = photo.pixels.shape[:2]
    texture = cv2.resize(photo.pixels, (size, size), interpolation=cv2.INTER_AREA)
    uv = np.column_stack([(where[:, 0] + 0.5) / width, 1 - (where[:, 1] + 0.5) / height])
    return np.ascontiguousarray(texture[::-1]), np.clip(uv, 0.002, 0.998)


def lit_like(photo: Photo, look: object, random: Generator) -> dict[str, object]:
    """Fields of a `Look` whose light on a white thing that faces the camera is the photograph's."""
    light = photo.light * float(random.uniform(0.9, 1.5))
    share = random.dirichlet([3, 4, 2, 0.5])
    above, front, key, other = (tuple((light * s).tolist()) for s in share)
    keys = tuple((k[0], c) for k, c in zip(look.keys, (key, other), strict=True))  # type: ignore[attr-defined]
    return {"ambient": (above, above), "front": front, "keys": keys, "exposure": 1.0, "saturation": 1.0}
