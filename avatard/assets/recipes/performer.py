"""Render the performer: a talking, looking, turning head as a looping clip, with its ground truth.

python avatard/assets/recipes/performer.py --makehuman DIR --out avatard/assets/performer --work /tmp/frames

Frames are kept in --work and not rendered twice, so a stopped run goes on where it was. `--encode-only`
makes the clip and the truth from the frames that are there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent))

import talk

RECIPE = "avatard/assets/recipes/performer.py"
# The part of the picture that moves (left, bottom, right, top as shares, from the lower left corner): a third
# of the pixels, so a third of the time. FEATHER is the width in pixels of the blend into the still plate.
WINDOW = (23 / 80, 9 / 60, 57 / 80, 57 / 60)  # whole pixels at 480x360 and at 640x480
FEATHER = 12.0


def render(args: argparse.Namespace) -> None:
    """Render the missing frames into the work folder."""
    import bpy
    import studio
    from cast import PERFORMER
    from head import Head
    from mathutils import Vector

    bpy.ops.wm.read_factory_settings(use_empty=True)
    head = Head(PERFORMER, args.makehuman, subdivide=1, hair_share=args.hair)
    centre = Vector(head.eye_centre.tolist())
    studio.add_camera(centre + Vector((0, 0, -0.05)), 0.43, distance=1.1)
    studio.add_lights(studio.WEBCAM_LIGHTS, centre, catch=0.4)
    studio.backdrop(*PERFORMER.background, ambient=0.55)
    studio.settings(
        round(args.width * args.scale),
        round(args.height * args.scale),
        args.samples,
        PERFORMER.seed,
        args.threads,
        fast=True,
    )
    partial = args.work / f"partial{args.start}.png"  # several workers may share the folder
    # Shoulders and wall never move: rendered once, and better. Every worker does it, even if the file is
    # there: Cycles' noise in the frames depends on the render before them; a change would show as a jump.
    head.pose({})
    bpy.context.scene.cycles.samples = args.samples * 4
    studio.render(partial)
    partial.rename(args.work / "plate.png")
    bpy.context.scene.cycles.samples = args.samples
    studio.crop(*WINDOW)
    part = talk.perform()
    for i in range(args.start, min(args.stop, talk.frames()), args.step):
        path = args.work / f"{i:04d}.png"
        if path.exists():
            continue
        begin = time.monotonic()
        units, turn = part.frame(i)
        head.pose(units, **turn)
        studio.render(partial)
        partial.rename(path)  # a killed run leaves no half frame behind
        print(f"frame {i}: {time.monotonic() - begin:.1f} s", flush=True)


def compose(work: Path, width: int, height: int) -> Iterator[bytes]:
    """Frames as raw RGB of width x height: the rendered window feathered into the plate."""
    plate = np.asarray(Image.open(work / "plate.png").convert("RGB"), np.float32)
    for i in range(talk.frames()):
        window = np.asarray(Image.open(work / f"{i:04d}.png").convert("RGB"), np.float32)
        h, w = window.shape[:2]
        x, y = round(WINDOW[0] * plate.shape[1]), plate.shape[0] - round(WINDOW[3] * plate.shape[0])
        edge = [np.minimum(np.arange(n), np.arange(n)[::-1]) / FEATHER for n in (h, w)]
        alpha = np.clip(np.minimum(edge[0][:, None], edge[1][None, :]), 0, 1)[..., None]
        frame = plate.copy()
        frame[y : y + h, x : x + w] += alpha * (window - frame[y : y + h, x : x + w])
        picture = Image.fromarray(np.clip(frame + 0.5, 0, 255).astype(np.uint8))
        yield picture.resize((width, height), Image.Resampling.LANCZOS).tobytes()


def lip_gap() -> np.ndarray:
    """Inner-lip gap at the middle of the mouth divided by the mouth's width, per frame, from the geometry."""
    import anatomy
    from cast import PERFORMER

    rest = anatomy.rest_vertices(PERFORMER.identity)
    upper, lower, left, right = anatomy.lip_landmarks(rest)
    part, gaps = talk.perform(), []
    for i in range(talk.frames()):
        units, _ = part.frame(i)
        merged = {n: units.get(n, 0) + PERFORMER.smile.get(n, 0) for n in {*units, *PERFORMER.smile}}
        face = anatomy.express(rest, merged)
        gaps.append((face[upper, 2] - face[lower, 2]) / np.linalg.norm(face[left] - face[right]))
    return np.array(gaps)


def encode(args: argparse.Namespace) -> None:
    """Make performer.mp4, performer.toml and performer.json."""
    args.out.mkdir(parents=True, exist_ok=True)
    clip = args.out / "performer.mp4"
    command = ["ffmpeg", "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{args.width}x{args.height}", "-framerate", str(talk.FPS), "-i", "-"]
    command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    command += [
        "-c:v",
        "libx264",
        "-preset",
        "veryslow",
        "-crf",
        "18",
        "-g",
        "30",
        "-bf",
        "2",
        "-threads",
        "1",
    ]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", str(clip)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as coder:
        assert coder.stdin is not None
        for frame in compose(args.work, args.width, args.height):
            coder.stdin.write(frame)
        coder.stdin.close()
        if coder.wait():
            raise SystemExit("ffmpeg could not encode the clip: see its message above")
    part = talk.perform()
    digest = hashlib.sha256(clip.read_bytes()).hexdigest()
    curves = {
        "mouth_gap": lip_gap(),
        "jaw_open": part.units["jawOpen"],
        "blink": part.units["eyeBlinkLeft"],
        "yaw": part.yaw,
        "pitch": part.pitch,
        "roll": part.roll,
        "gaze_yaw": part.gaze_yaw,
        "gaze_pitch": part.gaze_pitch,
        "brow_up": part.units["browInnerUp"],
        "smile": part.units["mouthSmileLeft"],
    }
    truth = {
        "schema": 1,
        "clip": clip.name,
        "sha256": digest,
        "fps": talk.FPS,
        "frames": talk.frames(),
        "about": {
            "mouth_gap": "inner-lip gap over mouth width, from the 3-D face (0 or below = closed)",
            "jaw_open, blink, brow_up, smile": "ARKit unit weights; blink 1 = closed, both eyes alike",
            "yaw, pitch, roll": "degrees; yaw > 0 to the subject's left (the picture's right), pitch > 0 up, "
            "roll > 0 to the subject's left shoulder",
            "gaze_yaw, gaze_pitch": "degrees relative to the head, same signs",
        },
        "curves": {name: [round(float(x), 3) for x in values] for name, values in curves.items()},
    }
    (args.out / "performer.json").write_text(json.dumps(truth, separators=(",", ":")) + "\n")
    (args.out / "performer.toml").write_text(
        f'file = "{clip.name}"\nfps = {talk.FPS}\nframes = {talk.frames()}\nwidth = {args.width}\n'
        f'height = {args.height}\nloops = true\nsha256 = "{digest}"\ntruth = "performer.json"\n'
        f'subject = "synthetic_person"\nlicence = "CC0-1.0"\nrecipe = "{RECIPE}"\n'
    )
    print(f"{clip}: {clip.stat().st_size / 1e6:.2f} MB, {digest[:12]}")


def main() -> None:
    """Parse the command line, render, encode."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--makehuman", type=Path, required=True, help="folder with skins/, parts/ and hair/ (CC0)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for the rendered frames")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--scale", type=float, default=0.75, help="rendered size over clip size: 1 costs 1.8x the time")
    parser.add_argument("--samples", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--hair", type=float, default=0.4, help="share of the strands")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--stop", type=int, default=10**6)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--render-only", action="store_true")
    parser.add_argument("--encode-only", action="store_true")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    if not args.encode_only:
        render(args)
    if not args.render_only:
        encode(args)


if __name__ == "__main__":
    main()
