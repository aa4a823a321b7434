from __future__ import annotations

import io
import struct
import wave
import zlib

import pytest
from PIL import Image, ImageFile

from avatard.errors import BoardError
from avatard.speech.boards import media
from avatard.speech.boards.media import check_picture, check_sound
from avatard.speech.boards.package import to_data_uri


def picture(kind: str, width: int = 4, height: int = 3) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(out, kind)
    return out.getvalue()


def recording(frames: int = 160) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * frames))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_known_by_what_it_is(kind: str) -> None:
    data = picture(kind)
    assert check_picture(data, "x") == (data, f"image/{kind.lower()}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_svg_is_cleaned_whatever_it_is_called(encoding: str) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>x</script><rect/></svg>'
    cleaned = b'<svg xmlns="http://www.w3.org/2000/svg"><rect></rect></svg>'
    assert check_picture(drawing.encode(encoding), "x") == (cleaned, "image/svg+xml")


def test_pictures_in_svg_are_made_sure_of_too() -> None:
    inside = to_data_uri("image/png", picture("PNG"))
    for uri, stays in ((inside, True), ("data:image/png;base64,AAAA", False), (inside.replace("image/", ""), False)):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{uri}"/></svg>'
        assert (uri in check_picture(drawing.encode(), "x")[0].decode()) == stays


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no picture that is known"),
        (b"BM" + bytes(100), "it is no picture that is known"),
        (picture("PNG")[:50], "the picture is broken"),
        (picture("JPEG")[:300], "the picture is broken"),
        (recording(), "it is no picture that is known"),
        (b"<html>", "the SVG picture"),
    ],
)
def test_what_is_no_picture(data: bytes, why: str) -> None:
    with pytest.raises(BoardError) as refused:
        check_picture(data, "x")
    assert refused.value.message.startswith(f"x: {why}")
    assert refused.value.hint


def test_a_picture_too_large_is_seen_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    size = struct.pack(">II", 5000, 5000)
    head = b"IHDR" + size + b"\x08\x02\0\0\0"
    data = picture("PNG", 1, 1)
    data = data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(BoardError, match="5000x5000 is more than 24 megapixels"):
        check_picture(data, "x")


def test_a_sound_is_known_by_what_it_is() -> None:
    assert check_sound(recording(), "x") == "audio/wav"
    assert check_sound(b"ID3\x04" + bytes(20), "x") == "audio/mpeg"
    assert check_sound(b"OggS" + bytes(20), "x") == "audio/ogg"
    for data in (b"", picture("PNG"), b"RIFF\0\0\0\0WEBP", b"<svg/>"):
        with pytest.raises(BoardError, match="x: it is no sound that is known"):
            check_sound(data, "x")


@pytest.mark.parametrize("wav", [recording()[:40], recording(0), b"RIFF\0\0\0\0WAVE" + bytes(50)])
def test_a_recording_that_cannot_be_played(wav: bytes) -> None:
    with pytest.raises(BoardError, match=r"^x ") as refused:
        check_sound(wav, "x")
    assert refused.value.hint


def test_limits_of_pictures_leave_room_for_a_telephone() -> None:
    assert media.MAX_PIXELS > 4032 * 3024
