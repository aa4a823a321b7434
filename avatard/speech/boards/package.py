"""Boards that belong together: what an .obz file holds, or a single .obf. Pure: bytes and values, no I/O.

Pictures and sounds are as they came here; `examine` is what makes sure of them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote_to_bytes

from avatard.speech.boards import json_text
from avatard.speech.boards.board import Board, Link, Media, Rest
from avatard.speech.boards.fields import Fields
from avatard.speech.boards.json_text import refuse
from avatard.speech.boards.obf import FORMAT, decode_board, encode_board
from avatard.speech.boards.obz import Archive, is_archive

Kind: TypeAlias = Literal["images", "sounds"]

MANIFEST: Final = "manifest.json"
#: The only board of a package that came without a manifest, where it has no path of its own.
ALONE: Final = "board.obf"
_MAX_BOARDS: Final = 2000
#: Over all boards; 100 bytes each when parsed.
_MAX_VALUES: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says that it holds: the path of the board to begin with, and paths by id of the rest."""

    root: str
    boards: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    rest: Rest = field(default_factory=dict)
    rest_of_paths: Rest = field(default_factory=dict)


class Part(Mapping[str, bytes]):
    """Some of the files of `files`, still inflated only when asked for."""

    def __init__(self, files: Mapping[str, bytes], paths: Iterable[str]) -> None:
        self._files = files
        self._paths = dict.fromkeys(paths)

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@dataclass(frozen=True, slots=True)
class Package:
    """Boards by their paths, and `media`: the files that they show and play. `others` are files that no board names:
    nothing here ever looks into them, they only go out again as they came."""

    manifest: Manifest
    boards: Mapping[str, Board]
    media: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def home(self) -> Board:
        """The board to begin with."""
        return self.boards[self.manifest.root]

    def linked(self, link: Link) -> Board | None:
        """The board that a button opens; None where it is not in this package."""
        by_id = self.manifest.boards.get(link.id or "")
        for path in (link.path, by_id):
            if path is not None and (board := self.boards.get(_inside(path))):
                return board
        return next((board for board in self.boards.values() if board.id == link.id), None)

    def path(self, media: Media, kind: Kind) -> str | None:
        """The path of its file in `media`, where it is a file."""
        listed: Mapping[str, str] = getattr(self.manifest, kind)
        for path in (media.path, listed.get(media.id)):
            if path is not None and _inside(path) in self.media:
                return _inside(path)
        return None

    def content(self, media: Media, kind: Kind) -> bytes | None:
        """The bytes of a picture or sound; None where it is on the web or of a symbol set. Raises BoardError."""
        if media.data is not None:
            return from_data_uri(media.data, f"{kind} {media.id}")
        path = self.path(media, kind)
        return None if path is None else self.media[path]


def decode_package(data: bytes, where: str) -> Package:
    """What the bytes of an .obz or .obf file hold. Raises BoardError: the message begins with `where`."""
    if is_archive(data):
        return read_package(Archive(data, where), where)
    return Package(Manifest(ALONE), {ALONE: decode_board(data, where)})


def read_package(files: Mapping[str, bytes], where: str) -> Package:
    """The package that these files by their paths are. Raises BoardError."""
    found = [path for path in files if path.endswith(".obf")]
    if MANIFEST in files:
        manifest = _decode_manifest(files[MANIFEST], f"{where}: {MANIFEST}")
    elif len(found) == 1:
        manifest = Manifest(found[0])
    else:
        refuse(where, f"it has {len(found)} boards and no {MANIFEST}", "Is it an .obz file of the Open Board Format?")
    paths = dict.fromkeys([manifest.root, *manifest.boards.values(), *found])
    if missing := [path for path in paths if path not in files]:
        refuse(where, f"the board {missing[0]!r} is not in it")
    if len(paths) > _MAX_BOARDS:
        refuse(where, f"more than {_MAX_BOARDS} boards")
    boards: dict[str, Board] = {}
    values = 0
    for path in paths:
        text = files[path]
        values += json_text.values(text)
        if values > _MAX_VALUES:
            refuse(where, f"more than {_MAX_VALUES} values in its boards")
        boards[path] = decode_board(text, f"{where}: {path}")
    named = {*manifest.images.values(), *manifest.sounds.values()}
    named |= {media.path for board in boards.values() for media in (*board.images, *board.sounds) if media.path}
    media_paths = [path for path in map(_inside, sorted(named)) if path in files and path not in boards]
    others = [path for path in files if path not in {MANIFEST, *boards, *media_paths}]
    return Package(manifest, boards, Part(files, media_paths), Part(files, others))


def package_files(package: Package) -> Iterator[tuple[str, bytes]]:
    """The files of the package's .obz, by their paths."""
    yield MANIFEST, _encode_manifest(package)
    for path, board in package.boards.items():
        yield path, encode_board(board)
    yield from package.media.items()
    yield from package.others.items()


def encode_alone(package: Package, board: Board) -> bytes:
    """One board as an .obf file that needs no other: pictures and sounds are inside it."""
    pictures = tuple(_embedded(package, media, "images") for media in board.images)
    sounds = tuple(_embedded(package, media, "sounds") for media in board.sounds)
    return encode_board(replace(board, images=pictures, sounds=sounds))


def from_data_uri(text: str, where: str) -> bytes:
    """The bytes in a data: URI. Raises BoardError."""
    head, comma, body = text.partition(",")
    if not comma or not head.lower().startswith("data:"):
        refuse(where, "its data is not a data: URI")
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        refuse(where, "its data is not base64")


def to_data_uri(content_type: str, data: bytes) -> str:
    """The data: URI of these bytes."""
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"


def _embedded(package: Package, media: Media, kind: Kind) -> Media:
    path = None if media.data else package.path(media, kind)
    if path is None:
        return media
    uri = to_data_uri(media.content_type or "application/octet-stream", package.media[path])
    return replace(media, data=uri, path=None)


def _decode_manifest(text: bytes, where: str) -> Manifest:
    fields = Fields(json_text.parse(text, where), where)
    format_ = fields.text("format")
    if format_ is not None and not format_.startswith(FORMAT):  # older exporters wrote none
        refuse(where, "it does not say that it is an open board", "Is it an .obz file of the Open Board Format?")
    root = fields.text("root")
    if not root:
        refuse(where, "it does not name its first board (root)")
    paths = fields.inner("paths") or Fields({}, where)
    boards, images, sounds = (paths.table(name) for name in ("boards", "images", "sounds"))
    boards = {id_: _inside(path) for id_, path in boards.items()}
    return Manifest(_inside(root), boards, images, sounds, fields.rest(), paths.rest())


def _encode_manifest(package: Package) -> bytes:
    manifest = package.manifest
    boards = dict(manifest.boards)
    for path, board in package.boards.items():
        if path not in manifest.boards.values():
            boards.setdefault(board.id, path)
    paths = {
        "boards": boards,
        "images": dict(manifest.images),
        "sounds": dict(manifest.sounds),
        **manifest.rest_of_paths,
    }
    return json_text.write({"format": f"{FORMAT}0.1", "root": manifest.root, "paths": paths, **manifest.rest})


def _inside(path: str) -> str:
    """A path as it is listed in the archive."""
    return path.removeprefix("./")
