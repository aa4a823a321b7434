"""What goes over the voice's two pipes: a length-prefixed JSON header and sound behind it. Pure: no I/O.

    "avs1"  header bytes (u32, little-endian)  sound bytes (u32)  header (UTF-8 JSON)  sound

    → {"kind":"say","id":3,"text":"Hello.","rate":1.0,"pitch":1.0,"language":"","sounds":[]}
    → {"kind":"cancel","id":3}
    ← {"kind":"ready","engine":"espeak-ng 1.52.0"}
    ← {"kind":"said","id":3,"sample_rate":22050,"phonemes":[["h",0.0,0.06]],"words":[[0,5,0.0]],…}  and int16 sound
    ← {"kind":"failed","id":3,"message":"…","hint":"…"}
    ← {"kind":"listing","voices":[["en-us","English (America)","en-us"]]}

The four letters tell a message from what a library prints. Whatever is not exactly this raises ProtocolError.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Final, TypeAlias

_PREFIX: Final = struct.Struct("<4sII")
_MAGIC: Final = b"avs1"
#: A clause has some hundred phonemes of 30 bytes; all of espeak's voices are 10 KiB.
MAX_HEADER: Final = 1 << 20
#: Five minutes at 48 kHz: ten times the longest clause, 400 digits said slowly.
MAX_SOUND: Final = 32 << 20
_MAX_ID: Final = 2**53 - 1


class ProtocolError(Exception):
    """Bytes that are none of ours."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say one clause. rate, pitch: factors. language: "" is the voice's own. sounds: (first, last, IPA) for the
    characters `text[first:last]` that are to sound so."""

    kind: ClassVar = "say"
    id: int
    text: str = field(repr=False)
    rate: float = 1.0
    pitch: float = 1.0
    language: str = ""
    sounds: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop saying `id`, if it is being said: its answer then is `Failed`."""

    kind: ClassVar = "cancel"
    id: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The voice is loaded. engine: name and version."""

    kind: ClassVar = "ready"
    engine: str


@dataclass(frozen=True, slots=True)
class Said:
    """A clause. sound: int16, mono, little-endian. phonemes: (name as the engine has it, start, end), words: (first,
    last, start) where one begins, characters `text[first:last]` of the `Say`; seconds. language: the one spoken."""

    kind: ClassVar = "said"
    id: int
    sample_rate: int
    phonemes: tuple[tuple[str, float, float], ...]
    words: tuple[tuple[int, int, float], ...]
    language: str
    sound: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """`id` could not be said, or (0) the voice cannot be loaded. The words never hold any of the text."""

    kind: ClassVar = "failed"
    id: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The engine's voices: (id, name for people, language)."""

    kind: ClassVar = "listing"
    voices: tuple[tuple[str, str, str], ...]


Message: TypeAlias = Say | Cancel | Ready | Said | Failed | Listing

#: Field → what it holds: a type, or the types of the parts of each entry.
_SHAPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "say": {"id": int, "text": str, "rate": float, "pitch": float, "language": str, "sounds": (int, int, str)},
    "cancel": {"id": int},
    "ready": {"engine": str},
    "said": {
        "id": int,
        "sample_rate": int,
        "phonemes": (str, float, float),
        "words": (int, int, float),
        "language": str,
    },
    "failed": {"id": int, "message": str, "hint": str},
    "listing": {"voices": (str, str, str)},
}
_CLASSES: Final[Mapping[str, Any]] = {c.kind: c for c in (Say, Cancel, Ready, Said, Failed, Listing)}


def encode(message: Message) -> bytes:
    """The message's bytes. Raises ProtocolError when they would not be accepted."""
    fields = asdict(message)
    sound: bytes = fields.pop("sound", b"")
    _checked(message.kind, fields)
    try:
        header = json.dumps({"kind": message.kind, **fields}, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError as e:
        raise ProtocolError("text with half a character in it") from e
    _check_lengths(len(header), len(sound))
    return _PREFIX.pack(_MAGIC, len(header), len(sound)) + header + sound


class Reader:
    """Bytes as they arrive, messages as they are complete. Holds at most one message and one read."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes. Raises ProtocolError; after that the stream cannot be read on."""
        self._bytes += data
        while len(self._bytes) >= _PREFIX.size:
            magic, header, sound = _PREFIX.unpack_from(self._bytes)
            if magic != _MAGIC:
                raise ProtocolError("something else than a message")
            _check_lengths(header, sound)
            start, end = _PREFIX.size + header, _PREFIX.size + header + sound
            if len(self._bytes) < end:
                return
            message = _decode(bytes(self._bytes[_PREFIX.size : start]), bytes(self._bytes[start:end]))
            del self._bytes[:end]
            yield message


def _decode(header: bytes, sound: bytes) -> Message:
    try:
        data = json.loads(header)
    except (ValueError, RecursionError) as e:  # a UnicodeDecodeError is a ValueError
        raise ProtocolError("a header that is not JSON") from e
    if not isinstance(data, dict) or not isinstance(kind := data.pop("kind", None), str) or kind not in _CLASSES:
        raise ProtocolError("a header of no known kind")
    fields = _checked(kind, data)
    if kind == "said":
        if len(sound) % 2:
            raise ProtocolError("half a sample")
        fields["sound"] = sound
    elif sound:
        raise ProtocolError(f"sound behind {kind}")
    message: Message = _CLASSES[kind](**fields)
    return message


def _checked(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    shape = _SHAPES[kind]
    if data.keys() != shape.keys():
        raise ProtocolError(f"{kind} has not its own fields")
    return {name: _field(name, shape[name], value) for name, value in data.items()}


def _field(name: str, wanted: Any, value: Any) -> Any:
    if isinstance(wanted, tuple):
        if not isinstance(value, (list, tuple)):
            raise ProtocolError(f"{name} is not a list")
        return tuple(_entry(name, wanted, entry) for entry in value)
    if not _is(wanted, value):
        raise ProtocolError(f"{name} is not what it must be")
    return value


def _entry(name: str, wanted: tuple[Any, ...], entry: Any) -> tuple[Any, ...]:
    if not isinstance(entry, (list, tuple)) or len(entry) != len(wanted) or not all(map(_is, wanted, entry)):
        raise ProtocolError(f"{name} has an entry that cannot be")
    return tuple(entry)


def _is(wanted: Any, value: Any) -> bool:
    if wanted is str:
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, (int, float) if wanted is float else int):
        return False
    return math.isfinite(value) if isinstance(value, float) else 0 <= value <= _MAX_ID


def _check_lengths(header: int, sound: int) -> None:
    if header > MAX_HEADER or sound > MAX_SOUND:
        raise ProtocolError("a message that is too long")
