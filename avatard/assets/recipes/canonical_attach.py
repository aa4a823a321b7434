"""Where FaceMesh's landmarks sit on the mesh: seen in many renders, taken back to triangles, averaged."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from anatomy import Floats
from canonical_model import BODY, Head
from canonical_render import SIZE, Surface, View, render
from mediapipe.python.solutions.face_mesh import FaceMesh
from numpy.typing import NDArray

from avatard.face_mesh import INNER_LIPS, OUTER_LIPS
from avatard.geometry import rotation_matrix
from avatard.motion import ARKIT

SKINS = (
    "young_lightskinned_female_diffuse2", "young_lightskinned_male_diffuse", "middleage_darkskinned_male_diffuse",
    "middleage_lightskinned_female_diffuse2", "young_darkskinned_male_diffuse",
)  # fmt: skip
TURNS = [(0.0, 0.0), (0.12, 0.0), (-0.12, 0.0), (0.0, 0.08), (0.0, -0.08)]  # yaw, pitch in radians
LIGHTS = [(-0.5, -0.5, -1.0), (0.5, -0.5, -1.0)]
#: The lips are told apart where they are apart.
OPEN = {"jawOpen": 0.3}
UPPER_LIP = (*INNER_LIPS[1:10], *OUTER_LIPS[1:10])
LOWER_LIP = (*INNER_LIPS[11:], *OUTER_LIPS[11:])
IRISES = range(468, 478)
#: Metres from the lips' front to their corners (16 mm) and a little: what lies deeper is the mouth's inside.
LIP_DEPTH = 0.022


@dataclass(frozen=True)
class Attached:
    """Mean over the renders: landmarks at rest (478x3, metres) and their displacement by each ARKit unit (52x478x3)."""

    rest: Floats
    delta: Floats


class Attacher:
    """Holds what does not change between renders."""

    def __init__(self, head: Head, makehuman: Path) -> None:
        self.head, self.makehuman = head, makehuman
        self.delta = np.stack([head.delta(unit) for unit in ARKIT])
        self.jaw = self.delta[ARKIT.index("jawOpen"), :, 1]
        self.closed = head.points({})
        self.outside = self._outside()

    def _outside(self) -> NDArray[np.bool_]:
        """Body triangles that show when the mouth is closed: not the mouth's inside, not the eye sockets' floor."""
        surfaces = [Surface("body", self.head.triangles, colour=np.ones((len(self.head.triangles), 3, 3)))]
        seen = np.zeros(len(self.head.triangles), bool)
        for yaw, pitch in TURNS:
            view = render(self.closed @ rotation_matrix(yaw, pitch, 0).T, surfaces, np.array([0, 0, -1.0]))
            seen[view.triangle[view.surface == BODY]] = True
        eyes = [ball[0].mean(0) for ball in self.head._balls]
        centre = self.closed[self.head.triangles].mean(1)
        behind = [(np.linalg.norm(centre - e, axis=1) < 0.0115) for e in eyes]  # within the eyeball: socket
        mouth = (np.abs(centre[:, 0]) < 0.035) & (np.abs(centre[:, 1] - 0.075) < 0.03)
        deep = mouth & (centre[:, 2] > centre[mouth, 2].min() + LIP_DEPTH)
        neck = (centre[:, 1] > 0.06) & (centre[:, 2] > 0.052 - 0.87 * (centre[:, 1] - 0.065))  # behind the jaw's line
        return seen & ~deep & ~neck & ~np.any(behind, axis=0)

    def _allowed(self, view: View, landmark: int) -> NDArray[np.bool_]:
        if landmark in IRISES:
            return (view.surface == 2) | (view.surface == 3)
        ok = (view.surface == BODY) & self.outside[view.triangle.clip(0)]
        moved = self.jaw[self.head.triangles].mean(1)[view.triangle.clip(0)] / self.jaw.max()
        if landmark in UPPER_LIP:
            return ok & (moved < 0.35)
        if landmark in LOWER_LIP:
            return ok & (moved > 0.35)
        return ok

    def attach(self, view: View, surfaces: list[Surface], marks: Floats, which: list[int]) -> tuple[Floats, Floats]:
        """Rest position and unit displacements of the landmarks `which`, from their pixels in `view`."""
        rest, delta = np.zeros((len(which), 3)), np.zeros((len(ARKIT), len(which), 3))
        for row, landmark in enumerate(which):
            x, y = marks[landmark].round().astype(int).clip(30, SIZE - 31)
            box = np.s_[y - 30 : y + 31, x - 30 : x + 31]
            near = np.argwhere(self._allowed(_crop(view, box), landmark)) - 30
            dy, dx = near[np.argmin((near**2).sum(1))]
            pixel = (y + dy, x + dx)
            triangle = surfaces[view.surface[pixel]].triangles[view.triangle[pixel]]
            weights = view.weights[pixel].astype(np.float64)
            rest[row] = weights @ self.closed[triangle]
            if landmark not in IRISES:
                delta[:, row] = np.einsum("k,ukc->uc", weights, self.delta[:, triangle])
        return rest, delta

    def run(self) -> Attached:
        """All renders: skins, turns, lights; mouth closed for the face, open for the lips."""
        rests: list[list[Floats]] = [[] for _ in range(478)]
        deltas: list[list[Floats]] = [[] for _ in range(478)]
        with FaceMesh(static_image_mode=True, refine_landmarks=True, min_detection_confidence=0.3) as mesh:
            for units, lips in (({}, False), (OPEN, True)):
                points = self.head.points(units)
                for n, (skin, (yaw, pitch)) in enumerate(itertools.product(SKINS, TURNS)):
                    texture = cv2.imread(str(self.makehuman / "skins" / f"{skin}.jpg"))
                    surfaces = self.head.surfaces(texture)
                    light = np.array(LIGHTS[n % 2])
                    view = render(points @ rotation_matrix(yaw, pitch, 0).T, surfaces, light, n)
                    found = detect(mesh, view.pixels)
                    if found is None:
                        print("no face in render", skin, yaw, pitch)
                        continue
                    marks = found[:, :2]
                    mouth = mouth_landmarks(marks)
                    which = [i for i in range(478) if mouth[i] == lips]
                    rest, delta = self.attach(view, surfaces, marks, which)
                    for row, landmark in enumerate(which):
                        rests[landmark].append(rest[row])
                        deltas[landmark].append(delta[:, row])
        return Attached(np.array([np.median(r, 0) for r in rests]), np.stack([np.mean(d, 0) for d in deltas], 1))


def _crop(view: View, box: tuple[slice, slice]) -> View:
    return View(view.pixels[box], view.surface[box], view.triangle[box], view.weights[box])


def detect(mesh: FaceMesh, picture: NDArray[np.uint8]) -> Floats | None:
    """478x3 pixels, or None."""
    found = mesh.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).multi_face_landmarks
    return np.array([[p.x, p.y, p.z] for p in found[0].landmark]) * SIZE if found else None


def mouth_landmarks(marks: Floats) -> NDArray[np.bool_]:
    """The landmarks on and in the lips (those within the outer ring, a little grown)."""
    ring = marks[list(OUTER_LIPS)]
    centre = ring.mean(0)
    grown = (centre + (ring - centre) * 1.03).astype(np.float32)
    return np.array([cv2.pointPolygonTest(grown, p.tolist(), False) >= 0 for p in marks])
