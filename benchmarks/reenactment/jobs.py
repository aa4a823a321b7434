"""The run, spread over processes: a job for each clip, then one for each portrait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2

from avatard.errors import AvatarError
from avatard.frame import Picture
from avatard.picture_file import read_picture
from benchmarks.reenactment import cross, own
from benchmarks.reenactment.closeups import View, choose, sheet
from benchmarks.reenactment.driven import Driven, drive, read, seen
from benchmarks.reenactment.held import holds
from benchmarks.reenactment.stage import COPY, Contender, portrait

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. frames: of each clip at most, None for all. sheets: folder to write to."""

    contenders: tuple[Contender, ...]
    clips: tuple[Path, ...]
    portraits: tuple[Path, ...]
    frames: int | None
    sheets: Path
    jobs: int


@dataclass(frozen=True, slots=True)
class Played:
    """A clip that was played: what the cross-driving needs of it (`views`: its own close-ups), and the scores."""

    driven: Driven
    views: list[View]
    instants: list[int]
    scores: dict[str, own.Score]


def run(plan: Plan, say: Say) -> tuple[list[Played], list[cross.Cross]]:
    """All clips, then all portraits under all clips; portraits in which no face is found are told and left out.
    Raises SourceError, AvatarError, ConfigError, EngineError of the first job that fails."""
    # mediapipe's threads do not survive a fork.
    with ProcessPoolExecutor(plan.jobs, get_context("spawn"), initializer=_one_thread) as pool:
        played = []
        for clip in pool.map(partial(_play, plan), plan.clips):
            say(f"clip {clip.driven.name}")
            played.append(clip)
        crossed = []
        for path, found in zip(plan.portraits, pool.map(partial(_cross, plan, played), *_numbered(plan)), strict=True):
            say(f"portrait {path.stem}" if found else f"portrait {path.stem}: no face is found, left out")
            crossed += [found] if found else []
    return played, crossed


def _one_thread() -> None:
    cv2.setNumThreads(1)  # the jobs are the threads


def _numbered(plan: Plan) -> tuple[range, Sequence[Path]]:
    return range(len(plan.portraits)), plan.portraits


def _play(plan: Plan, path: Path) -> Played:
    pictures, fps = read(path, plan.frames)
    driven = drive(path.stem, pictures, fps)
    instants = choose(driven)
    found = own.score(plan.contenders, pictures, driven, holds(pictures, driven), instants)
    faces = [driven.faces[i] for i in instants]
    views = [View(pictures[i], None if face is None else seen(face)) for i, face in zip(instants, faces, strict=True)]
    columns = {"driver": views}
    for name, outputs in found.shown.items():
        if name != COPY.name:
            at = [None if view.landmarks is None else found.place.forth(view.landmarks) for view in views]
            columns[name] = [View(picture, marks) for picture, marks in zip(outputs, at, strict=True)]
    _write(plan.sheets / f"own-{path.stem}.png", sheet(columns))
    return Played(driven, views, instants, found.scores)


def _cross(plan: Plan, played: Sequence[Played], number: int, path: Path) -> cross.Cross | None:
    pixels, _ = read_picture(path)
    try:
        avatar = portrait(path.stem, pixels)
    except AvatarError:
        return None
    shown = number % len(played)
    clip = played[shown]
    found = cross.score(plan.contenders, avatar, [one.driven for one in played], shown, clip.instants)
    columns = {"driver": clip.views}
    for name, outputs in found.shown.outputs.items():
        faces = found.shown.faces[name]
        columns[name] = [View(p, None if face is None else seen(face)) for p, face in zip(outputs, faces, strict=True)]
    _write(plan.sheets / f"cross-{path.stem}.png", sheet(columns))
    return cross.Cross(found.name, found.who, found.scores, cross.Shown({}, {}))  # pictures stay in their process


def _write(path: Path, picture: Picture) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), picture):
        raise OSError(f"{path} cannot be written")
