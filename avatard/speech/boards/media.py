"""Pictures and sounds of boards, made sure of by what they are and not by what they are called."""

from __future__ import annotations

import io
import warnings
from typing import Final

from avatard.errors import AudioError, BoardError
from avatard.speech.boards import svg
from avatard.speech.boards.json_text import refuse
from avatard.speech.boards.package import from_data_uri
from avatard.speech.voices.recorded import recording

#: A button is shown at some hundred pixels; a telephone's camera gives 12 megapixels.
MAX_PIXELS: Final = 24_000_000
SVG_TYPE: Final = "image/svg+xml"
#: The only sounds that are played: the others are kept, and the voice says the text.
WAV_TYPE: Final = "audio/wav"
_PICTURES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
_USE_PICTURES: Final = "Pictures can be PNG, JPEG, WebP, GIF or SVG."
#: Where it stands, what stands there, and what that is.
_SOUNDS: Final = (
    (8, b"WAVE", WAV_TYPE),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
)


def check_picture(data: bytes, where: str) -> tuple[bytes, str]:
    """The picture and its media type; of an SVG only what is harmless. Raises BoardError for what is none."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<")):
        return svg.clean(data, where, _may_be_inside), SVG_TYPE
    return data, _raster_type(data, where)


def check_sound(data: bytes, where: str) -> str:
    """The media type of a recording; a WAV file is decoded whole. Raises BoardError for what is none, and for a WAV
    file that cannot be played."""
    found = next((content_type for at, magic, content_type in _SOUNDS if data.startswith(magic, at)), None)
    if found is None:
        refuse(where, "it is no sound that is known", "Sounds can be WAV, MP3, AAC, Ogg, FLAC, MP4 or WebM.")
    if found == WAV_TYPE:
        try:
            recording(data, where)
        except AudioError as e:
            raise BoardError(e.message, e.hint) from e
    return found


def _may_be_inside(uri: str) -> bool:
    """Whether a data: URI inside of an SVG picture is a picture of pixels."""
    try:
        return bool(uri.startswith("data:image/") and _raster_type(from_data_uri(uri, ""), ""))
    except BoardError:
        return False


def _raster_type(data: bytes, where: str) -> str:
    """Looks at the header before a pixel is decoded, then decodes all of the first picture in it."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, laxer limits; ours follow
            picture = Image.open(io.BytesIO(data), formats=tuple(_PICTURES))
        width, height = picture.size
        if width * height > MAX_PIXELS:
            refuse(where, f"{width}x{height} is more than {MAX_PIXELS // 1_000_000} megapixels", "Make it smaller.")
        picture.load()
    except UnidentifiedImageError:
        refuse(where, "it is no picture that is known", _USE_PICTURES)
    except Image.DecompressionBombError:
        refuse(where, f"more than {MAX_PIXELS // 1_000_000} megapixels", "Make it smaller.")
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError) as e:  # Pillow's decoders raise all
        refuse(where, f"the picture is broken ({e})", _USE_PICTURES)
    assert picture.format is not None
    return _PICTURES[picture.format]
