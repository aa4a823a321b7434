"""One performance through the real stages: what `mesh` draws of each frame, and what the frame really is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import recipes  # noqa: F401
import act
import cv2
import geometry
import numpy as np
import person
from gl import Studio
from numpy.random import Generator
from numpy.typing import NDArray
from photo import Photo, lit_like

from avatard.avatar import Avatar, Subject
from avatard.config import DriveConfig, TrackConfig
from avatard.drive import Driver
from avatard.frame import Frame, Stamp
from avatard.motion import rest
from avatard.reenact import cues, patches
from avatard.reenact.likeness import Pose
from avatard.reenact.patches import Patch, Placement
from avatard.reenact.puppet import Puppet
from avatard.track import open_tracker
from avatard.track.portrait import find_faces

#: Frames of a performance, and how often a portrait and its driver are seen at a share of the rendered size.
FRAMES = 48
SIZES, CHANCES = (1.0, 0.8, 0.6, 0.5), (0.5, 0.15, 0.15, 0.2)
#: Sizes of the avatar's picture.
OUTPUTS = ((800, 450), (960, 540), (1280, 720))
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Sample:
    """Everything of one frame that training needs; on disk each has an axis more, of the frames, in front.

    mouth, eyes: patches of what `mesh` draws, H x W x 3 and 2 x H x W x 3 uint8 BGR, right eye first, the left one
    mirrored; `_true`: what the frame has there. maps: `cues.mouth_maps`. lids: 2 x H x W uint8, `cues.Lids`' share x
    255. mouth_code, eye_code: `cues.MOUTH_CODE` and 2 x `cues.EYE_CODE` numbers.
    """

    mouth: Picture
    mouth_true: Picture
    maps: NDArray[np.float16]
    mouth_code: NDArray[np.float32]
    eyes: Picture
    eyes_true: Picture
    lids: NDArray[np.uint8]
    eye_code: NDArray[np.float32]


def spoiled(picture: Picture, random: Generator, noise: float, quality: int) -> Picture:
    """As a webcam would give it: sensor noise and JPEG."""
    noisy = picture.astype(np.float32) + random.normal(0, noise, picture.shape)
    packed = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def sequence(seed: int, studio: Studio, makehuman: Path, photos: list[Photo]) -> dict[str, NDArray] | None:
    """The samples of one performance as arrays, and the portrait's own patches; None where the face was not found.

    photos: one of them is the skin; none: a painted one. `eyes_ok` is 0 where the lids show a photograph's eyes.
    """
    random = np.random.default_rng([seed, 20261121])
    who = person.identity(random)
    look = person.look(random, dict(who.race))
    photo = photos[int(random.integers(len(photos)))] if photos else None
    if photo is not None:
        look = replace(look, hair=None, **lit_like(photo, look, random))
    head = geometry.Head(who, look, makehuman)
    if not studio.stage(head, random, photo):
        return None
    share = float(random.choice(SIZES, p=CHANCES))
    frames = []
    for instant in act.perform(random, FRAMES):
        shot = studio.shoot(*head.pose(instant.units, instant.turn, instant.gaze, instant.tongue))
        if share < 1:
            shot = cv2.resize(shot, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        frames.append(np.ascontiguousarray(shot))
    faces = find_faces(frames[0])
    if not faces:
        return None
    avatar = Avatar("head", frames[0], faces[0].landmarks, Subject.SYNTHETIC_PERSON, "")
    puppet = Puppet(avatar, *OUTPUTS[int(random.choice(len(OUTPUTS), p=(0.4, 0.4, 0.2)))])
    samples = list(_follow(frames, puppet, _placed(avatar, puppet), random))
    if len(samples) < FRAMES // 2:
        return None
    out = {name: np.stack([getattr(s, name) for s in samples]) for name in Sample.__dataclass_fields__}
    still = patches.still(puppet, Pose(puppet.likeness, rest(0)))
    ok = np.array(photo is None, np.uint8)
    return out | {"mouth_still": still[0], "eyes_still": np.stack(still[1:]), "eyes_ok": ok}


def _placed(avatar: Avatar, puppet: Puppet) -> NDArray[np.float64]:
    """2x3, canvas pixels of a portrait's pixel."""
    ends = [33, 263]
    a, b = avatar.landmarks[ends, :2].astype(np.float64), puppet.scene.landmarks[ends, :2].astype(np.float64)
    scale = float(np.linalg.norm(b[1] - b[0]) / np.linalg.norm(a[1] - a[0]))
    return np.column_stack([np.eye(2) * scale, b.mean(0) - scale * a.mean(0)])


def truth(patch: Patch, placed: NDArray[np.float64], frame: Picture) -> Picture:
    """The frame's own pixels where the patch is."""
    inverse = np.linalg.inv(placed[:, :2])
    matrix = np.column_stack([inverse @ patch.matrix[:, :2], inverse @ (patch.matrix[:, 2] - placed[:, 2])])
    # A pixel's middle is at +0.5 in both pictures: cv2.resize, which laid the portrait, keeps corners, not middles.
    matrix[:, 2] += 0.5 * (inverse @ np.ones(2)) - 0.5
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(frame, matrix, patch.size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _follow(frames: list[Picture], puppet: Puppet, placed: NDArray[np.float64], random: Generator):
    driver, start = Driver(DriveConfig()), 10**12
    placement = Placement(puppet.likeness, puppet.scene.landmarks)
    lids = cues.Lids(puppet.likeness, puppet.scene.landmarks)
    noise, quality = float(random.uniform(0.5, 6)), int(random.integers(55, 96))
    with open_tracker(TrackConfig()) as tracker:
        for seq, frame in enumerate(frames):
            at = start + seq * 10**9 // act.FPS
            face = tracker.track(Frame(spoiled(frame, random, noise, quality), seq, at, Stamp.READ))
            driver.observe(face, at)
            motion = driver.motion(at)
            drawn = puppet.draw(motion)
            if face is None or seq == 0:
                continue
            mouth, *eyes = placement.at(drawn.pose)
            yield Sample(
                mouth=mouth.cut(puppet.canvas),
                mouth_true=truth(mouth, placed, frame),
                maps=cues.mouth_maps(mouth, drawn, puppet.likeness, puppet.teeth).astype(np.float16),
                mouth_code=cues.mouth_code(drawn, motion),
                eyes=np.stack([p.cut(puppet.canvas) for p in eyes]),
                eyes_true=np.stack([truth(p, placed, frame) for p in eyes]),
                lids=np.stack(
                    [(255 * lids.map(s, p, drawn.pose, drawn.expression.eyes[s])).astype(np.uint8)
                     for s, p in enumerate(eyes)]
                ),
                eye_code=np.stack([cues.eye_code(s, drawn.expression, motion) for s in (0, 1)]),
            )  # fmt: skip
