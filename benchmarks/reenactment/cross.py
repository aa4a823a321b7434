"""Cross-reenactment: every clip drives a portrait of somebody else. There is no truth, only what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from avatard.avatar import Avatar
from avatard.face import Face
from avatard.frame import Picture
from benchmarks.reenactment import identity
from benchmarks.reenactment.driven import Driven, retrack, seen
from benchmarks.reenactment.expression import Series, expressions
from benchmarks.reenactment.own import EVERY, lost
from benchmarks.reenactment.sharpness import REGIONS, energies, ratio
from benchmarks.reenactment.stage import COPY, Contender, Place, draw, staged

#: Every so manieth picture is asked who it is: 90 ms each.
WHO: Final = 25


@dataclass(frozen=True, slots=True)
class Score:
    """One contender on one portrait under all clips, in their order.

    pairs: the expressions of driver and output. sharpness: by region, a value for every fifth picture, beside the
    portrait's own still. identity: cosine to the portrait, a value for every `WHO`-th picture, empty without a
    recogniser. lost: share of the drivers' faces that the tracker does not find in the output.
    """

    pairs: list[tuple[Series, Series]]
    sharpness: dict[str, list[float]]
    identity: list[float]
    lost: float


@dataclass(frozen=True, slots=True)
class Shown:
    """Frames of one clip to show, and by contender what came of them."""

    outputs: dict[str, list[Picture]]
    faces: dict[str, list[Face | None]]


@dataclass(frozen=True, slots=True)
class Cross:
    """All contenders on one portrait, which shows `who` (None without a recogniser)."""

    name: str
    who: identity.Descriptor | None
    scores: dict[str, Score]
    shown: Shown


def score(
    contenders: Sequence[Contender], avatar: Avatar, clips: Sequence[Driven], shown_clip: int, show: Sequence[int]
) -> Cross:
    """Every contender but `copy` on one portrait; `show` are frames of the clip `shown_clip`."""
    place = Place.of(avatar)
    with staged(COPY, avatar) as engine:
        still = energies(engine.render(clips[0].motions[0]), place.forth(avatar.landmarks))
    who = identity.descriptor(avatar.pixels, avatar.landmarks) if identity.available() else None
    cross = Cross(avatar.name, who, {}, Shown({}, {}))
    for contender in contenders:
        if contender == COPY:
            continue
        pairs, drivers, outputs = [], [], []
        sharpness: dict[str, list[float]] = {region: [] for region in REGIONS}
        same: list[float] = []
        with staged(contender, avatar) as engine:
            for number, driven in enumerate(clips):
                engine.warm_up()  # forgets the clip before
                drawn = [draw(engine, motion).copy() for motion in driven.motions]
                found = retrack(drawn, driven.fps)
                pairs.append((expressions(driven.faces), expressions(found)))
                drivers += driven.faces
                outputs += found
                same += identity.cosines(who, drawn[WHO::WHO], found[WHO::WHO])
                for picture, face in zip(drawn[EVERY::EVERY], found[EVERY::EVERY], strict=True):
                    if face is not None:
                        for region, value in ratio(energies(picture, seen(face)), still).items():
                            sharpness[region].append(value)
                if number == shown_clip:
                    cross.shown.outputs[contender.name] = [drawn[i] for i in show]
                    cross.shown.faces[contender.name] = [found[i] for i in show]
        cross.scores[contender.name] = Score(pairs, sharpness, same, lost(drivers, outputs))
    return cross
