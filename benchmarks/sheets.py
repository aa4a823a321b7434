"""Contact sheets: portraits driven by clips through the real stages, at the instants where an engine shows its faults.

    python benchmarks/sheets.py [--portrait FILE|astronaut]... [--clip FILE]... [--out FOLDER]

One sheet for each clip: rows are portraits, columns the clip's frames with closed lips, the widest mouth, the deepest
blink and the furthest turns to the left and right; the driver's own frames stand on top. Without arguments: every
portrait and clip of ../shared/data, the shipped avatars and scikit-image's astronaut. Sheets show real people, so they
are written outside the repository unless told otherwise, and are never committed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.avatar import Avatar, Subject
from avatard.capture.file import VideoFile
from avatard.config import Config, DriveConfig, ReenactConfig, TrackConfig
from avatard.drive import Driver
from avatard.driver_patch import cut_driver_patch
from avatard.face_mesh import INNER_LIPS
from avatard.frame import Picture
from avatard.motion import DriverPatch, Motion
from avatard.parts import ready_engine
from avatard.sealed import VideoFormat
from avatard.track import open_tracker
from avatard.track.portrait import find_faces

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
SHIPPED = ROOT / "avatard" / "assets" / "avatars"
COLUMNS = ("closed lips", "widest mouth", "blink", "turned left", "turned right")
#: Frames at a clip's start that the running neutral learns from; none of them is shown.
LEARNING = 10


@dataclass(frozen=True, slots=True)
class Instant:
    """One frame of a clip and what the stages made of it."""

    pixels: Picture
    motion: Motion
    patch: DriverPatch | None


def drive(clip: Path) -> list[Instant]:
    """Track and drive a whole clip."""
    instants: list[Instant] = []
    driver = Driver(DriveConfig())
    with VideoFile(str(clip), paced=False) as source, open_tracker(TrackConfig()) as tracker:
        while True:
            try:
                frame = source.read(1.0)
            except EOFError:
                return instants
            assert frame is not None, "an unpaced file does not wait"
            face = tracker.track(frame)
            driver.observe(face, frame.captured_ns)
            patch = cut_driver_patch(frame.pixels, face.landmarks, frame.captured_ns) if face else None
            instants.append(Instant(frame.pixels, driver.motion(frame.captured_ns), patch))


def choose(instants: list[Instant]) -> list[Instant]:
    """One instant for each of `COLUMNS`."""
    late = instants[LEARNING:] or instants
    upper, lower = INNER_LIPS[5], INNER_LIPS[15]

    def gap(motion: Motion) -> float:
        moved = canonical.displacement(motion)
        return float(moved[lower, 1] - moved[upper, 1])

    gaps = np.array([gap(i.motion) for i in late])
    blinks = np.array([i.motion["eyeBlinkLeft"] + i.motion["eyeBlinkRight"] for i in late])
    yaws = np.array([i.motion.rotation[0] for i in late])
    picks = (gaps.argmin(), gaps.argmax(), blinks.argmax(), yaws.argmin(), yaws.argmax())
    return [late[int(i)] for i in picks]


def load(name: str) -> Avatar | None:
    """The portrait of a file, or scikit-image's astronaut; None where no face is found in it."""
    if name == "astronaut":
        from skimage.data import astronaut

        pixels = np.ascontiguousarray(astronaut()[..., ::-1])  # type: ignore[no-untyped-call]
    else:
        read = cv2.imread(name, cv2.IMREAD_COLOR)
        if read is None:
            raise SystemExit(f"{name} is no picture")
        pixels = np.asarray(read, np.uint8)
    faces = find_faces(pixels)
    if not faces:
        return None
    return Avatar(Path(name).stem, pixels, faces[0].landmarks, Subject.SYNTHETIC_PERSON, "")


def rows(avatar: Avatar, clips: list[list[Instant]], own: bool, size: tuple[int, int]) -> list[list[Picture]]:
    """For each clip's chosen instants the avatar's pictures."""
    config = Config(reenact=ReenactConfig(mouth="own" if own else "drawn"))
    engine = ready_engine(config, VideoFormat(*size), avatar)
    try:
        return [[engine.render(i.motion, i.patch if own else None).copy() for i in picks] for picks in clips]
    finally:
        engine.__exit__(None, None, None)


def sheet(driver: list[Instant], portraits: list[tuple[str, list[Picture]]], width: int) -> npt.NDArray[np.uint8]:
    """The pictures' middles, `width` pixels square, in a grid, the driver's frames on top, each with its caption."""

    def cell(picture: Picture, caption: str) -> npt.NDArray[np.uint8]:
        # The middle is where the face is: a sheet's pixels are worth most there.
        beside = max(picture.shape[1] - picture.shape[0], 0) // 2
        picture = picture[:, beside : picture.shape[1] - beside]
        small = cv2.resize(picture, (width, width), interpolation=cv2.INTER_AREA)
        cv2.putText(small, caption, (6, width - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
        return np.asarray(small, np.uint8)

    lines = [np.hstack([cell(i.pixels, name) for i, name in zip(driver, COLUMNS, strict=True)])]
    lines += [np.hstack([cell(picture, name) for picture in pictures]) for name, pictures in portraits]
    return np.vstack(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portrait", action="append", default=[], metavar="FILE")
    parser.add_argument("--clip", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "avatard-sheets")
    parser.add_argument("--mouth", choices=("drawn", "own"), default="drawn")
    parser.add_argument("--size", default="1280x720", help="of the avatar's pictures")
    parser.add_argument("--width", type=int, default=320, help="of one cell of the sheet, pixels")
    options = parser.parse_args()
    clips = options.clip or sorted((DATA / "clips").glob("*.mpg"))
    names = options.portrait or [
        *(str(p) for p in sorted(SHIPPED.rglob("*.png")) + sorted(SHIPPED.rglob("*.jpg"))),
        *(str(p) for p in sorted((DATA / "portraits").glob("*.jpg"))),
        "astronaut",
    ]
    if not clips:
        sys.exit(f"no clips: {DATA / 'clips'} is absent; name some with --clip")
    width, height = (int(v) for v in options.size.split("x"))
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = [choose(drive(clip)) for clip in clips]
    drawn: list[tuple[str, list[list[Picture]]]] = []
    for name in names:
        avatar = load(name)
        if avatar is None:
            print(f"{name}: no face found")
            continue
        pictures = rows(avatar, chosen, options.mouth == "own", (width, height))
        drawn.append((avatar.name, pictures))
        print(avatar.name)
    for index, clip in enumerate(clips):
        path = options.out / f"{clip.stem}.png"
        portraits = [(name, pictures[index]) for name, pictures in drawn]
        cv2.imwrite(str(path), sheet(chosen[index], portraits, options.width))
        print(path)


if __name__ == "__main__":
    main()
