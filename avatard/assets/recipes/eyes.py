"""Eyeballs of our own: a sphere with a recessed iris, and a clear wet shell with a corneal bulge."""

from __future__ import annotations

import math

import numpy as np
from anatomy import Floats

IRIS_ANGLE = math.radians(27.0)  # iris edge seen from the eye's centre: 5.9 mm on a 13 mm sphere
RINGS = (
    0,
    3,
    6,
    8,
    10,
    13,
    16,
    19,
    22,
    24.5,
    27,
    29,
    31,
    34,
    38,
    44,
    52,
    62,
    75,
    90,
    110,
    135,
    160,
)  # degrees
SEGMENTS = 48

# Where one painted eye lies in MakeHuman's 1024² eye textures (texture space, V up), and its radii.
CENTRE = (0.7067, 0.7011)
IRIS_RADIUS, BALL_RADIUS = 0.1105, 0.255


def _revolve(profile: list[tuple[float, float]]) -> tuple[Floats, list[list[int]]]:
    """Turn (radius, depth) rings about the -Y axis into vertices and faces; the first ring is the pole."""
    vertices = [(0.0, profile[0][1], 0.0)]
    faces: list[list[int]] = []
    for ring, (radius, y) in enumerate(profile[1:]):
        for s in range(SEGMENTS):
            a = 2 * math.pi * s / SEGMENTS
            vertices.append((radius * math.cos(a), y, radius * math.sin(a)))
            here, there = 1 + ring * SEGMENTS + s, 1 + ring * SEGMENTS + (s + 1) % SEGMENTS
            faces.append([0, here, there] if ring == 0 else [here - SEGMENTS, here, there, there - SEGMENTS])
    return np.array(vertices), faces


def ball(radius: float) -> tuple[Floats, list[list[int]], Floats]:
    """Vertices (metres, centred, looking to -Y), faces, and one texture coordinate per vertex."""
    profile, across = [], []
    for degrees in RINGS:
        a = math.radians(degrees)
        if a < IRIS_ANGLE:  # a shallow bowl instead of the sphere's cap: light pools on the far side, as in life
            k = a / IRIS_ANGLE
            depth = -radius * (math.cos(IRIS_ANGLE) - 0.045 * (1 - k * k))
            profile.append((radius * math.sin(IRIS_ANGLE) * k, depth))
            across.append(IRIS_RADIUS * k)
        else:
            profile.append((radius * math.sin(a), -radius * math.cos(a)))
            k = min(1.0, (a - IRIS_ANGLE) / (math.radians(100) - IRIS_ANGLE))
            across.append(IRIS_RADIUS + (BALL_RADIUS - IRIS_RADIUS) * k)
    vertices, faces = _revolve(profile)
    uv = [(CENTRE[0], CENTRE[1])]
    for r in across[1:]:
        for s in range(SEGMENTS):
            a = 2 * math.pi * s / SEGMENTS
            uv.append((CENTRE[0] + r * math.cos(a), CENTRE[1] + r * math.sin(a)))
    return vertices, faces, np.array(uv)


def shell(radius: float) -> tuple[Floats, list[list[int]]]:
    """The wet layer: a hair above the ball, with the cornea standing out over the iris."""
    profile = []
    for degrees in RINGS:
        if degrees > 90:
            break
        a = math.radians(degrees)
        k = max(0.0, 1 - (a / (IRIS_ANGLE * 1.25)) ** 2)
        r = radius * (1.006 + 0.075 * k)
        profile.append((r * math.sin(a), -r * math.cos(a)))
    return _revolve(profile)
