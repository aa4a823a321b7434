from __future__ import annotations

import hashlib
import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from avatard.errors import AvatarError, SourceError
from avatard.picture_file import decode_picture, read_picture

#: Left red, right blue; the top row brighter.
RGB = np.zeros((4, 6, 3), np.uint8)
RGB[:, :3, 0], RGB[:, 3:, 2], RGB[0] = 200, 200, 250


def encoded(format: str, picture: Image.Image | None = None, **options: Any) -> bytes:  # noqa: A002
    file = io.BytesIO()
    (picture or Image.fromarray(RGB)).save(file, format, **options)
    return file.getvalue()


@pytest.mark.parametrize(("format_", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_pixels_are_bgr_and_contiguous(format_: str, options: dict[str, Any]) -> None:
    pixels = decode_picture(encoded(format_, **options))

    assert pixels.flags.c_contiguous
    assert pixels.dtype == np.uint8
    assert (pixels == RGB[:, :, ::-1]).all()


def test_hash_is_of_the_files_bytes(tmp_path: Path) -> None:
    path = tmp_path / "face.jpg"
    path.write_bytes(encoded("JPEG"))

    pixels, sha256 = read_picture(path)

    assert pixels.shape == (4, 6, 3)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "face.txt"
    path.write_bytes(encoded("PNG"))

    assert read_picture(path)[0].shape == (4, 6, 3)


def test_exif_turns_it_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held a quarter turn to the left

    pixels = decode_picture(encoded("PNG", exif=exif))

    assert pixels.shape == (6, 4, 3)
    assert (pixels == np.rot90(RGB[:, :, ::-1], -1)).all()


def test_transparent_parts_are_laid_on_grey() -> None:
    rgba = np.dstack([RGB, np.full((4, 6), 255, np.uint8)])
    rgba[:, :3, 3] = 0

    pixels = decode_picture(encoded("PNG", Image.fromarray(rgba)))

    assert (pixels[:, :3] == 128).all()
    assert (pixels[:, 3:] == RGB[:, 3:, ::-1]).all()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK"])
def test_other_colour_modes_become_bgr(mode: str) -> None:
    format_ = "JPEG" if mode == "CMYK" else "PNG"

    assert decode_picture(encoded(format_, Image.fromarray(RGB).convert(mode))).shape == (4, 6, 3)


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    grey = np.linspace(0, 65535, 24).reshape(4, 6).astype(np.uint16)

    pixels = decode_picture(encoded("PNG", Image.fromarray(grey)))

    assert (pixels[:, :, 0] == (grey / 257).astype(np.uint8)).all()


def gif() -> bytes:
    return encoded("GIF")


def animation() -> bytes:
    frames = [Image.fromarray(np.full((4, 6, 3), level, np.uint8)) for level in (0, 90, 200)]
    return encoded("WEBP", frames[0], save_all=True, append_images=frames[1:])


def animated_png() -> bytes:
    frames = [Image.fromarray(np.full((4, 6, 3), level, np.uint8)) for level in (0, 90, 200)]
    return encoded("PNG", frames[0], save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    """A PNG of a few hundred bytes whose header claims 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9000))) + chunk(b"IEND", b"")
    )


def large_but_not_a_bomb_to_pillow() -> bytes:
    return encoded("PNG", Image.new("1", (8000, 5001)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a PNG"),
        (b"just some text", "not a PNG"),
        (gif(), "not a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
        (animation(), "animation"),
        (animated_png(), "animation"),
        (bomb(), "megapixels"),
        (large_but_not_a_bomb_to_pillow(), "8000x5001"),
        (encoded("JPEG")[:-40], "broken"),
        (encoded("PNG")[:60], "broken"),
    ],
    ids=["empty", "text", "gif", "svg", "webp-animation", "apng", "bomb", "41-megapixels", "cut-jpeg", "cut-png"],
)
def test_what_is_no_still_picture_is_refused_with_its_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(data)

    with pytest.raises(AvatarError, match=reason) as caught:
        read_picture(path)

    assert "PNG, JPEG or WebP" in caught.value.hint


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    with path.open("wb") as file:
        file.truncate(30_000_000)

    with pytest.raises(AvatarError, match="30 MB is too large"):
        read_picture(path)


def test_the_caller_chooses_the_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        read_picture(tmp_path / "gone.png", SourceError)
    with pytest.raises(SourceError, match="cannot read"):
        read_picture(tmp_path, SourceError)


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_give_a_picture_or_a_reason(format_: str, at: int, damage: bytes) -> None:
    data = bytearray(encoded(format_))
    at %= len(data)
    data[at : at + len(damage)] = damage

    with suppress(ValueError):  # any other exception fails the test
        pixels = decode_picture(bytes(data))
        assert pixels.dtype == np.uint8
        assert pixels.shape[2] == 3
