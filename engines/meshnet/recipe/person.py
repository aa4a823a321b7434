"""Random people who do not exist: shape, skin, eyes, hair, and how light falls on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import recipes  # noqa: F401 (puts the recipes of the shipped pictures on the path)
from anatomy import Identity
from numpy.random import Generator

SKINS = (
    "middleage_darkskinned_male_diffuse", "middleage_lightskinned_female_diffuse2",
    "middleage_lightskinned_male_diffuse", "middleage_lightskinned_male_diffuse2", "old_darkskinned_male_diffuse",
    "young_darkskinned_male_diffuse", "young_lightskinned_female_diffuse2", "young_lightskinned_female_diffuse3",
    "young_lightskinned_male_diffuse", "young_lightskinned_male_diffuse2", "young_lightskinned_male_diffuse3",
)  # fmt: skip
HAIR = ("short01", "short02", "short04")  # those that leave the eyes free
BROWS = ("eyebrow001", "eyebrow006", "eyebrow008", "eyebrow010")
EYES = ("blue", "bluegreen", "brown", "brown", "brown", "brownlight", "brownlight", "green", "grey", "lightblue")
TEETH = ("teeth_base", "teeth_shape01", "teeth_shape02", "teeth_shape03")
#: MakeHuman targets that make faces differ; those with + and - are two files.
SHAPES = (
    "mouth/mouth-lowerlip-height", "mouth/mouth-lowerlip-volume", "mouth/mouth-upperlip-height",
    "mouth/mouth-upperlip-volume", "mouth/mouth-scale-horiz", "mouth/mouth-scale-vert", "mouth/mouth-cupidsbow",
    "mouth/mouth-philtrum-volume", "nose/nose-scale-depth", "nose/nose-scale-horiz", "nose/nose-scale-vert",
    "nose/nose-volume", "nose/nose-hump", "nose/nose-point-width", "nose/nose-flaring", "nose/nose-width2",
    "chin/chin-height", "chin/chin-width", "chin/chin-bones", "chin/chin-prominent", "chin/chin-cleft",
    "head/head-fat", "head/head-age", "head/head-scale-horiz", "head/head-scale-vert", "forehead/forehead-temple",
    "cheek/cheek-bones", "cheek/cheek-volume", "eyes/eye-bag", "eyes/eye-scale", "eyes/eye-height2",
    "eyes/eye-height1", "eyes/eye-height3",
)  # fmt: skip
PAIRS = (("eyes/eye-eyefold-up", "eyes/eye-eyefold-down"), ("mouth/mouth-angles-up", "mouth/mouth-angles-down"),
         ("mouth/mouth-trans-up", "mouth/mouth-trans-down"), ("eyes/eye-corner2-up", "eyes/eye-corner2-down"),
         ("eyes/eye-trans-in", "eyes/eye-trans-out"), ("nose/nose-base-up", "nose/nose-base-down"))  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Surface and light. Colours are linear RGB, directions in camera axes (x right, y down, z away)."""

    skin: str
    tint: tuple[float, float, float]
    gamma: float
    lips: tuple[float, float, float]
    stubble: float
    gloss: float
    eyes: str
    brows: str
    brow_colour: tuple[float, float, float]
    lashes: float
    hair: str | None
    hair_colour: tuple[float, float, float]
    teeth: str
    teeth_tint: tuple[float, float, float]
    teeth_down: tuple[float, float]
    tongue_tint: tuple[float, float, float]
    shirt: tuple[float, float, float]
    ground: tuple[tuple[float, float, float], tuple[float, float, float]]
    ambient: tuple[tuple[float, float, float], tuple[float, float, float]]
    front: tuple[float, float, float]
    keys: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...]
    exposure: float
    saturation: float


def identity(random: Generator) -> Identity:
    """A random adult's shape."""
    details: dict[str, float] = {}
    for name in random.choice(SHAPES, 14, replace=False):
        details[f"{name}-{'incr' if random.random() < 0.5 else 'decr'}"] = float(random.uniform(0, 0.75))
    for pair in PAIRS:
        if random.random() < 0.5:
            details[pair[int(random.integers(2))]] = float(random.uniform(0, 0.6))
    race = dict(zip(("caucasian", "asian", "african"), random.dirichlet([0.6, 0.5, 0.5]).tolist(), strict=True))
    return Identity(
        gender=float(random.beta(0.6, 0.6)),
        age=float(random.uniform(0.62, 0.95)),
        muscle=float(random.uniform(0.3, 0.7)),
        weight=float(random.uniform(0.25, 0.8)),
        proportions=float(random.uniform(0.3, 1)),
        race=race,
        details=details,
    )


def _white(random: Generator, level: float, spread: float) -> tuple[float, float, float]:
    warm, green = random.normal(0, spread, 2)
    return tuple(float(level * np.exp(v)) for v in (warm, 0.5 * green, -warm))  # type: ignore[return-value]


def look(random: Generator, race: dict[str, float]) -> Look:
    """A random surface in random light; skins fit the origin roughly."""
    dark = race["african"] > 0.45
    skins = [s for s in SKINS if ("dark" in s) == dark]
    brown = float(random.beta(0.8, 1.6))
    hair = tuple(float(v * random.uniform(0.7, 1.3)) for v in np.array([0.35, 0.22, 0.11]) * (0.04 + brown))
    cast = float(random.uniform(0.02, 0.22))
    ambient = float(random.uniform(0.15, 0.6))
    keys = []
    for strength in (random.uniform(0.3, 1.1), random.uniform(0, 0.4)):
        side, height = random.uniform(-1.1, 1.1), random.uniform(-0.2, 0.9)
        direction = np.array([np.sin(side) * np.cos(height), -np.sin(height), -np.cos(side) * np.cos(height)])
        keys.append((tuple(direction.tolist()), _white(random, float(strength), cast)))
    lip = random.uniform(0.0, 0.5)
    shade = float(random.uniform(0.05, 0.9))
    return Look(
        skin=str(random.choice(skins)),
        tint=_white(random, float(random.uniform(0.7, 1.25)), 0.08),
        gamma=float(random.uniform(0.8, 1.3)),
        lips=(float(1 - 0.2 * lip), float(1 - 0.75 * lip), float(1 - 0.65 * lip)),
        stubble=float(random.uniform(0, 0.75)) if random.random() < 0.4 else 0.0,
        gloss=float(random.uniform(0.0, 0.35)),
        eyes=str(random.choice(EYES)),
        brows=str(random.choice(BROWS)),
        brow_colour=tuple(0.5 * c for c in hair),  # type: ignore[arg-type]
        lashes=float(random.uniform(0.25, 1)),
        hair=str(random.choice(HAIR)) if random.random() < 0.85 else None,
        hair_colour=hair,  # type: ignore[arg-type]
        teeth=str(random.choice(TEETH)),
        teeth_tint=tuple(float(v) for v in random.uniform(0.62, 1.0) * np.array([1, random.uniform(0.9, 1),
                                                                              random.uniform(0.65, 0.95)])),
        # MakeHuman's lips hide the upper teeth and show the lower ones; people are the other way round, and differ.
        teeth_down=(float(random.uniform(0.001, 0.0055)), float(random.uniform(-0.0005, 0.0045))),
        tongue_tint=tuple(float(v) for v in random.uniform(0.7, 1.15) * np.array([1, random.uniform(0.75, 1),
                                                                               random.uniform(0.75, 1)])),
        shirt=tuple(float(v) for v in random.uniform(0.02, 0.7, 3)),
        ground=(tuple(random.uniform(0.02, 0.9, 3) * shade), tuple(random.uniform(0.02, 0.9, 3) * shade)),
        ambient=(_white(random, ambient * float(random.uniform(0.8, 1.6)), cast),
                 _white(random, ambient * float(random.uniform(0.25, 0.9)), cast)),
        front=_white(random, float(random.uniform(0.2, 0.9)), cast),
        keys=tuple(keys),
        exposure=float(random.uniform(0.6, 1.15)),
        saturation=float(random.uniform(0.75, 1.35)),
    )  # fmt: skip
