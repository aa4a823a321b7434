"""How sharp a drawn region is: its Laplacian's energy beside that of the same region in a picture it should equal."""

from __future__ import annotations

from typing import Final

from avatard.frame import Picture
from benchmarks.reenactment.driven import Landmarks
from benchmarks.reenactment.picture import laplacian_energy, mean_in
from benchmarks.reenactment.regions import regions

REGIONS: Final = ("face", "mouth", "eyes")
Energies = dict[str, float]
"""A value for each of `REGIONS`."""


def energies(picture: Picture, landmarks: Landmarks) -> Energies:
    """Mean squared Laplacian of the luma by region (`REGIONS`); nan where the picture does not show it."""
    energy, masks = laplacian_energy(picture), regions(landmarks, picture.shape)
    return {name: mean_in(energy, masks[name]) for name in REGIONS}


def ratio(drawn: Energies, wanted: Energies) -> Energies:
    """Region by region; 1 is as sharp."""
    return {name: drawn[name] / max(wanted[name], 1e-6) for name in REGIONS}
