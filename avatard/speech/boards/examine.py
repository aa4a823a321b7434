"""A package that came from elsewhere: every picture and sound is made sure of, and what will not work is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from avatard.speech.boards import actions
from avatard.speech.boards.board import Button, Media
from avatard.speech.boards.media import WAV_TYPE, check_picture, check_sound
from avatard.speech.boards.package import Kind, Package, from_data_uri, to_data_uri
from avatard.speech.lips.emotion import EMOTIONS


@dataclass(frozen=True, slots=True)
class Examined:
    """A package that may be kept, and in `notes` what of it does not work here, one line each."""

    package: Package
    notes: tuple[str, ...]


def examine(package: Package, where: str) -> Examined:
    """Check all of it. Raises BoardError for a picture or sound that is none, and for SVG that cannot be cleaned."""
    files: dict[str, bytes] = {}
    types: dict[str, str] = {}
    for kind, path in sorted(_files(package)):
        files[path], types[path] = _check(kind, package.media[path], f"{where}: {path}")
    boards = {}
    for path, board in package.boards.items():
        place = f"{where}: {path}" if len(package.boards) > 1 else where
        images = tuple(_inline("images", image, f"{place}: image {image.id}") for image in board.images)
        sounds = tuple(_inline("sounds", sound, f"{place}: sound {sound.id}") for sound in board.sounds)
        boards[path] = replace(
            board,
            images=tuple(_typed(image, types.get(package.path(image, "images") or "")) for image in images),
            sounds=tuple(_typed(sound, types.get(package.path(sound, "sounds") or "")) for sound in sounds),
        )
    checked = replace(package, boards=boards, media=files)
    return Examined(checked, tuple(_notes(checked)))


def _files(package: Package) -> set[tuple[Kind, str]]:
    """Every file of `media`, as what it is meant to be: a picture, a sound, or both, which no file can be."""
    boards = package.boards.values()
    images = [*(image for board in boards for image in board.images), *map(Media, package.manifest.images)]
    sounds = [*(sound for board in boards for sound in board.sounds), *map(Media, package.manifest.sounds)]
    found: set[tuple[Kind, str]] = {("images", path) for image in images if (path := package.path(image, "images"))}
    return found | {("sounds", path) for sound in sounds if (path := package.path(sound, "sounds"))}


def _check(kind: Kind, data: bytes, where: str) -> tuple[bytes, str]:
    """What may be kept of it, and its media type."""
    return check_picture(data, where) if kind == "images" else (data, check_sound(data, where))


def _inline(kind: Kind, media: Media, where: str) -> Media:
    """With what may be kept of the data inside it."""
    if media.data is None:
        return media
    raw = from_data_uri(media.data, where)
    data, content_type = _check(kind, raw, where)
    uri = media.data if data == raw else to_data_uri(content_type, data)
    return replace(media, data=uri, content_type=content_type)


def _typed(media: Media, content_type: str | None) -> Media:
    """With the type of its file, unless its data go first."""
    return media if media.data is not None or content_type is None else replace(media, content_type=content_type)


def _notes(package: Package) -> Iterator[str]:
    buttons = [(board, button) for board in package.boards.values() for button in board.buttons]
    pictures = [image for board in package.boards.values() for image in board.images]
    sounds = [sound for board in package.boards.values() for sound in board.sounds]
    yield from _note(
        sum(_is_missing(package, image, "images") for image in pictures),
        "picture is not in the file and is not fetched: its button has only text",
        "pictures are not in the file and are not fetched: their buttons have only text",
    )
    yield from _note(
        sum(_is_missing(package, sound, "sounds") for sound in sounds),
        "sound is not in the file and is not fetched: the voice says the text",
        "sounds are not in the file and are not fetched: the voice says the text",
    )
    yield from _note(
        sum(not _is_missing(package, sound, "sounds") and sound.content_type != WAV_TYPE for sound in sounds),
        "sound is no WAV file: it is kept, and the voice says the text",
        "sounds are no WAV files: they are kept, and the voice says the text",
    )
    yield from _note(
        sum(_leads_nowhere(package, button) for _, button in buttons),
        "button opens a board that is not in the file",
        "buttons open a board that is not in the file",
    )
    unknown = Counter(step for _, button in buttons for step in button.steps if actions.parse(step) is None)
    for step, times in unknown.most_common(8):
        yield f"the action {step!r} of {times} button{'s' * (times > 1)} is not known here, and does nothing"
    feelings = sorted({button.emotion for _, button in buttons if button.emotion} - EMOTIONS.keys())
    for feeling in feelings[:8]:
        yield f"no emotion is called {feeling!r}: such buttons are said without"
    yield from _note(
        len(package.others),
        "file belongs to no board: it is kept, and never opened",
        "files belong to no board: they are kept, and never opened",
    )


def _note(count: int, one: str, several: str) -> Iterator[str]:
    if count:
        yield f"{count} {one if count == 1 else several}"


def _is_missing(package: Package, media: Media, kind: Kind) -> bool:
    return media.data is None and package.path(media, kind) is None


def _leads_nowhere(package: Package, button: Button) -> bool:
    return button.load_board is not None and package.linked(button.load_board) is None
