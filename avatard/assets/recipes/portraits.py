"""Render the shipped portraits.

python avatard/assets/recipes/portraits.py --makehuman DIR --out avatard/assets/avatars --work /tmp/portraits
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path

import bpy
from mathutils import Vector
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

import studio
from cast import CAST
from head import Head, Person

RECIPE = "avatard/assets/recipes/portraits.py"
FACE_SHARE = 0.53  # chin to crown (without hair), of the picture's height
CLEAR = 0.19  # from the top edge to the hair: the badge needs 18 %


def shoot(person: Person, makehuman: Path, path: Path, size: int, samples: int, threads: int, hair: float) -> None:
    """Build one person, light them, and write a PNG of size x size pixels."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    head = Head(person, makehuman, hair_share=hair)
    chin, crown = head.height()
    span = (crown - chin) / FACE_SHARE / person.zoom
    target = Vector((0.0, float(head.eye_centre[1]), head.hair_top + span * (CLEAR - 0.5)))
    studio.add_camera(target, span)
    face = Vector(head.eye_centre.tolist()) + Vector((0, 0, -0.03))
    studio.add_lights(studio.PORTRAIT_LIGHTS, face, catch=person.catch)
    studio.backdrop(*person.background)
    studio.settings(size, size, samples, person.seed, threads)
    studio.render(path)


def publish(folder: Path, work: Path) -> None:
    """Turn the rendered PNGs into JPEGs in `folder` and write avatars.toml for all that are there."""
    rows = ["# Made by avatard/assets/recipes/portraits.py; every person here is rendered, none is real.\n"]
    for person in CAST:
        png, jpg = work / f"{person.name}.png", folder / f"{person.name}.jpg"
        if png.exists():
            Image.open(png).convert("RGB").save(jpg, quality=92, subsampling=0, optimize=True)
        if jpg.exists():
            rows.append(
                f'\n[[avatar]]\nname = "{person.name}"\n'
                f'description = "{person.description}"\nfile = "{jpg.name}"\n'
                f'sha256 = "{hashlib.sha256(jpg.read_bytes()).hexdigest()}"\nsubject = "{person.subject}"\n'
                f'licence = "CC0-1.0"\nrecipe = "{RECIPE}"\n'
            )
    (folder / "avatars.toml").write_text("".join(rows))


def main() -> None:
    """Parse the command line and render."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--makehuman", type=Path, required=True, help="folder with skins/, parts/ and hair/ (CC0)")
    parser.add_argument("--out", type=Path, required=True, help="folder for the JPEGs and avatars.toml")
    parser.add_argument("--work", type=Path, required=True, help="folder for the rendered PNGs")
    parser.add_argument("--publish-only", action="store_true", help="do not render; convert what is in --work")
    parser.add_argument("--only", nargs="*", help="names; all if left out")
    parser.add_argument("--size", type=int, default=1024, help="pixels")
    parser.add_argument("--samples", type=int, default=12, help="Cycles samples a pixel")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hair", type=float, default=1.0, help="share of the strands, for quick looks")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    args.work.mkdir(parents=True, exist_ok=True)
    for person in CAST:
        if args.publish_only or (args.only and person.name not in args.only):
            continue
        begin = time.monotonic()
        shoot(
            person,
            args.makehuman,
            args.work / f"{person.name}.png",
            args.size,
            args.samples,
            args.threads,
            args.hair,
        )
        print(f"{person.name}: {time.monotonic() - begin:.0f} s", flush=True)
        publish(args.out, args.work)  # after each: a stopped run still leaves a consistent folder
    publish(args.out, args.work)


if __name__ == "__main__":
    main()
