"""The regions that are compared, from landmarks measured in the very picture that they are drawn in."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, OUTER_LIPS, OVAL, RIGHT_EYE, RIGHT_IRIS

Mask = npt.NDArray[np.bool_]

#: Around lips and lids, in eye distances: what a wrong mouth or an eye that did not close leaves there counts too.
#: An open eye is 0.10 high and a shut one 0: the hull alone would leave out the eye that should have been shut.
BAND = 0.09
REGIONS = ("whole", "face", "mouth", "eyes")
#: The landmarks whose distances are told apart.
GROUPS: dict[str, tuple[int, ...]] = {
    "lips": (*OUTER_LIPS, *INNER_LIPS),
    "lids": (*RIGHT_EYE, *LEFT_EYE),
    "iris": (*RIGHT_IRIS, *LEFT_IRIS),
    "outline": OVAL,
}


def regions(landmarks: npt.NDArray[np.floating], shape: tuple[int, ...], valid: Mask | None = None) -> dict[str, Mask]:
    """HxW masks by name (`REGIONS`): everything; the hull of the face's outline; the hulls of the outer lips and of
    both eyes with a band of `BAND`. All within `valid`; a region may be empty."""
    within = np.ones(shape[:2], np.bool_) if valid is None else valid
    band = BAND * eye_distance(landmarks)
    return {
        "whole": within,
        "face": _hull(landmarks, OVAL, shape, 0) & within,
        "mouth": _hull(landmarks, OUTER_LIPS, shape, band) & within,
        "eyes": (_hull(landmarks, RIGHT_EYE, shape, band) | _hull(landmarks, LEFT_EYE, shape, band)) & within,
    }


def background(landmarks: npt.NDArray[np.floating], shape: tuple[int, ...]) -> Mask:
    """What is at least an eye distance outside the face and above its chin: wall, not hair or shoulders, mostly."""
    mask = ~_hull(landmarks, OVAL, shape, eye_distance(landmarks))
    mask[max(int(landmarks[152, 1]), 1) :] = False
    return mask


def eye_distance(landmarks: npt.NDArray[np.floating]) -> float:
    """Between the outer eye corners in the picture's plane, pixels."""
    return float(np.linalg.norm(landmarks[33, :2] - landmarks[263, :2]))


def _hull(landmarks: npt.NDArray[np.floating], ring: Sequence[int], shape: tuple[int, ...], band: float) -> Mask:
    """The ring's hull and what is nearer to it than `band` pixels."""
    outside = np.ones(shape[:2], np.uint8)
    hull = cv2.convexHull(np.rint(landmarks[list(ring), :2]).astype(np.int32))
    cv2.fillConvexPoly(outside, hull, (0,))
    return np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, 5) <= band)
