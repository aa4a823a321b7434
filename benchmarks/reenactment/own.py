"""Self-reenactment: a clip's first picture is the portrait, the clip drives it, and the clip itself is the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from avatard.face import Face
from avatard.frame import Picture
from benchmarks.reenactment import identity
from benchmarks.reenactment.driven import Driven, retrack, seen
from benchmarks.reenactment.expression import Series, expressions, landmark_distance
from benchmarks.reenactment.held import flicker
from benchmarks.reenactment.likeness import Likeness
from benchmarks.reenactment.regions import GROUPS, regions
from benchmarks.reenactment.sharpness import REGIONS, Energies, energies, ratio
from benchmarks.reenactment.stage import Contender, Place, draw, portrait, staged

#: Every so manieth picture is compared; all are driven, drawn and tracked again.
EVERY: Final = 5


@dataclass(frozen=True, slots=True)
class Score:
    """One contender on one clip.

    called: what the engine calls itself, with the provider it runs on. distance: of each of `GROUPS`, % of the
    driver's eye distance, a value for each picture. sharpness, sharpness_portrait: by region, a value for each compared
    picture, beside the clip's own picture and beside the portrait. driver, output: the expressions of both. flicker: by
    region, grey levels. identity: cosine to the portrait, a value for each compared picture, empty without a
    recogniser. lost: share of the driver's faces that the tracker does not find in the output.
    """

    called: str
    likeness: Likeness
    distance: dict[str, list[float]]
    sharpness: dict[str, list[float]]
    sharpness_portrait: dict[str, list[float]]
    driver: Series
    output: Series
    flicker: dict[str, float]
    identity: list[float]
    lost: float


@dataclass(frozen=True, slots=True)
class Own:
    """All contenders on one clip, by name. shown: the output at the frames asked for. place: the portrait's in it."""

    scores: dict[str, Score]
    shown: dict[str, list[Picture]]
    place: Place


def score(
    contenders: Sequence[Contender],
    pictures: Sequence[Picture],
    driven: Driven,
    held: Sequence[Driven],
    show: Sequence[int],
) -> Own:
    """Every contender on one clip. Raises AvatarError where the first picture shows no face."""
    avatar = portrait(driven.name, pictures[0])
    own = Own({}, {}, Place.of(avatar))
    still = energies(own.place.there_and_back(pictures[0]), avatar.landmarks)
    who = identity.descriptor(avatar.pixels, avatar.landmarks) if identity.available() else None
    for contender in contenders:
        with staged(contender, avatar) as engine:
            drawn, shown = [], {}
            for i, motion in enumerate(driven.motions):
                output = draw(engine, motion)
                drawn.append(own.place.back(output))
                if i in show:
                    shown[i] = output.copy()
            shaken = flicker(engine, own.place, held)
            called = engine.name
        own.shown[contender.name] = [shown[i] for i in show]
        found = retrack(drawn, driven.fps)
        likeness, energy, wanted = _compare(pictures, drawn, driven.faces, own.place)
        own.scores[contender.name] = Score(
            called=called,
            likeness=likeness,
            distance=_distances(driven.faces, found),
            sharpness=_by_region(map(ratio, energy, wanted)),
            sharpness_portrait=_by_region(ratio(one, still) for one in energy),
            driver=expressions(driven.faces),
            output=expressions(found),
            flicker=shaken,
            identity=identity.cosines(who, drawn[EVERY::EVERY], found[EVERY::EVERY]),
            lost=lost(driven.faces, found),
        )
    return own


def lost(driver: Sequence[Face | None], output: Sequence[Face | None]) -> float:
    """Share of the driver's faces that the output lacks."""
    missed = [out is None for face, out in zip(driver, output, strict=True) if face is not None]
    return sum(missed) / max(len(missed), 1)


def _compare(
    truth: Sequence[Picture], drawn: Sequence[Picture], faces: Sequence[Face | None], place: Place
) -> tuple[Likeness, list[Energies], list[Energies]]:
    """Of every compared picture: how like it is, and the energies of what was drawn and of the truth."""
    likeness, valid = Likeness(), place.valid()
    energy, wanted = [], []
    for i in range(EVERY, len(truth), EVERY):
        face = faces[i]
        if face is None:
            continue
        at = seen(face)
        likeness.add(truth[i], drawn[i], regions(at, truth[i].shape, valid))
        # The truth goes the way of the portrait, up to the output's size and back: that way blurs both alike.
        energy.append(energies(drawn[i], at))
        wanted.append(energies(place.there_and_back(truth[i]), at))
    return likeness, energy, wanted


def _by_region(sharp: Iterable[Energies]) -> dict[str, list[float]]:
    each = list(sharp)
    return {name: [one[name] for one in each] for name in REGIONS}


def _distances(driver: Sequence[Face | None], output: Sequence[Face | None]) -> dict[str, list[float]]:
    pairs = [(a, b) for a, b in zip(driver[1:], output[1:], strict=True) if a is not None and b is not None]
    apart = [landmark_distance(a, b) for a, b in pairs]
    return {group: [one[group] for one in apart] for group in GROUPS}
