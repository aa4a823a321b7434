"""Reads a still picture from a file that nobody has checked.

Pillow looks at the header before a pixel is decoded: a 0.87 MB PNG made OpenCV take 1.8 GB and 14 s.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from avatard.errors import AvatardError, AvatarError

if TYPE_CHECKING:
    from PIL.Image import Image

    from avatard.frame import Picture

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
FIX = "Use one still picture in PNG, JPEG or WebP, at most 20 MB and 40 megapixels."

#: What transparent parts are laid on: a plain studio grey.
BACKDROP = (128, 128, 128)


def read_picture(path: Path, error: type[AvatardError] = AvatarError) -> tuple[Picture, str]:
    """The picture as HxWx3 uint8 BGR, C-contiguous, turned upright as its EXIF says, transparent parts laid on grey;
    and the SHA-256 of the file's bytes (hex). The same bytes are hashed and decoded.

    Raises `error` for what is missing, too large, not one still PNG, JPEG or WebP, or broken.
    """
    data = _read_bounded(path, error)
    try:
        return decode_picture(data), hashlib.sha256(data).hexdigest()
    except ValueError as e:
        raise error(f"{path}: {e}", FIX) from e


def decode_picture(data: bytes) -> Picture:
    """Decode the bytes of one still picture, as `read_picture` does. Raises ValueError with the reason."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data) / 1e6:.0f} MB is too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, laxer limits; ours follow
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise ValueError(f"{width}x{height} is more than {MAX_PIXELS // 1_000_000} megapixels")
        if getattr(picture, "n_frames", 1) != 1:
            raise ValueError("it is an animation")
        picture.load()
        return _bgr(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as e:
        raise ValueError("it is not a PNG, JPEG or WebP picture") from e
    except Image.DecompressionBombError as e:
        raise ValueError(f"more than {MAX_PIXELS // 1_000_000} megapixels") from e
    except (OSError, SyntaxError, EOFError, MemoryError, OverflowError) as e:  # what Pillow's decoders raise
        raise ValueError(f"it is broken ({e})") from e


def _read_bounded(path: Path, error: type[AvatardError]) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise error(f"{path}: {size / 1e6:.0f} MB is too large", FIX)
            return file.read(MAX_BYTES + 1)  # a pipe has no size
    except OSError as e:
        raise error(f"cannot read {path}: {e.strerror}", "Is the name right, and the file yours to read?") from e


def _bgr(picture: Image) -> Picture:
    from PIL import Image

    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        grey = np.asarray(picture, np.float64)
        picture = Image.fromarray((grey / 257).clip(0, 255).astype(np.uint8))  # 16-bit PNG; Pillow would only clip it
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        backdrop = Image.new("RGBA", picture.size, (*BACKDROP, 255))
        picture = Image.alpha_composite(backdrop, picture)
    rgb = np.asarray(picture.convert("RGB"))
    return np.ascontiguousarray(rgb[:, :, ::-1])
