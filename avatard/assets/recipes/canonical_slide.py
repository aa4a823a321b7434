"""How FaceMesh's landmarks slide over the head as it turns: what would look like expression and is none.

A head with a resting face is rendered at known turns; whatever is left of its landmarks when the head's pose is taken
out is the tracker's own. It is linear enough in yaw and pitch: at 10° down the chin seems 0.04 eye distances higher.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from anatomy import Floats
from canonical_attach import detect
from canonical_model import Head
from canonical_render import render
from mediapipe.python.solutions.face_mesh import FaceMesh

from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS, RIGID
from avatard.geometry import euler, rotation_matrix, similarity
from avatard.track.pose import STEADY

SKINS = ("young_lightskinned_female_diffuse2", "middleage_darkskinned_male_diffuse", "young_lightskinned_male_diffuse")
YAWS, PITCHES = (-30, -20, -10, 0, 10, 20, 30), (-15, -8, 8, 15)
TURNS = [(y, 0) for y in YAWS] + [(y, p) for p in PITCHES for y in (-20, 0, 20)]


def slide(head: Head, makehuman: Path, neutral: Floats, mirror: np.ndarray) -> Floats:
    """2x478x3: eye distances a radian of yaw and of pitch, in the head's own frame; left and right exact mirrors."""
    rigid, weights = list(RIGID), np.where(np.isin(RIGID, STEADY), 1.0, 0.3)
    features, rests = [], []
    with FaceMesh(static_image_mode=True, refine_landmarks=True, min_detection_confidence=0.3) as mesh:
        for n, skin in enumerate(SKINS):
            surfaces = head.surfaces(cv2.imread(str(makehuman / "skins" / f"{skin}.jpg")))
            for yaw, pitch in TURNS:
                turn = rotation_matrix(np.radians(yaw), np.radians(pitch), 0)
                marks = detect(mesh, render(head.points({}) @ turn.T, surfaces, np.array([-0.4, -0.5, -1.0]), n).pixels)
                if marks is None:
                    print("no face in render", skin, yaw, pitch)
                    continue
                scale, rotation, shift = similarity(neutral[rigid], marks[rigid], weights)
                turned = euler(rotation)
                features.append([turned[0], turned[1], *np.eye(len(SKINS))[n]])
                rests.append(((marks - shift) / scale @ rotation).ravel())
    found = np.linalg.lstsq(np.array(features), np.array(rests), rcond=None)[0][:2].reshape(2, 478, 3)
    flip = np.array([-1.0, 1.0, 1.0])
    found[0] = (found[0] - found[0][mirror] * flip) / 2  # turning the other way slides the other way
    found[1] = (found[1] + found[1][mirror] * flip) / 2
    for k in range(1, 10):  # closed lips slide together
        pair = [INNER_LIPS[k], INNER_LIPS[-k]]
        found[:, pair] = found[:, pair].mean(1, keepdims=True)
    for eye, iris in ((LEFT_EYE, LEFT_IRIS), (RIGHT_EYE, RIGHT_IRIS)):  # gaze is measured between the eye's corners
        found[:, list(iris)] = found[:, [eye[0], eye[8]]].mean(1, keepdims=True)
    return found
