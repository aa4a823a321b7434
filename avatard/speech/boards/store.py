"""The sets of phrase boards: the user's own, one file each, and the shipped ones, which cannot be changed.

    ROOT/NAME.obz

What is in the store was examined when it was taken in. A set is complete or not there: it is written beside its place
and renamed into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from avatard.errors import BoardError
from avatard.speech.boards.board import Board
from avatard.speech.boards.examine import examine
from avatard.speech.boards.obz import MAX_BYTES, write_archive
from avatard.speech.boards.package import Package, decode_package, encode_alone, package_files, read_package
from avatard.whole_file import whole

_SUFFIX: Final = ".obz"
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """A set of boards in the store. title: of its first board. buttons: of all."""

    name: str
    title: str
    locale: str
    boards: int
    buttons: int
    shipped: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in the store: sound sets by name, and for the others what is wrong with each."""

    entries: tuple[Entry, ...]
    damaged: tuple[tuple[str, BoardError], ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A set that was taken in, and what of it does not work here, one line each."""

    name: str
    notes: tuple[str, ...]


class Store:
    """Sets under `root`, which is made when the first is added, and the shipped ones: a folder each in `shipped`."""

    def __init__(self, root: Path, shipped: Path) -> None:
        self._root = root
        self._shipped = shipped

    def list(self) -> Listing:
        """Everything in the store; one damaged set does not hide the others."""
        entries, damaged = [], []
        for name in self._names():
            try:
                entries.append(self._entry(name))
            except BoardError as e:
                damaged.append((name, e))
        return Listing(tuple(entries), tuple(damaged))

    def load(self, name: str) -> Package:
        """The set of that name. Pictures and sounds are read when they are asked for. Raises BoardError."""
        check_name(name)
        if name in self._shipped_names():
            folder = self._shipped / name
            files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
            return read_package({path: file.read_bytes() for path, file in files.items()}, name)
        file = self._file(name)
        if not file.is_file():
            raise BoardError(f"there are no phrases called {name}", f"There are {', '.join(self._names())}.")
        return decode_package(_read(file), name)

    def add(self, file: Path, name: str = "", replace: bool = False) -> Added:
        """Examine the .obf or .obz file and keep it as set `name`, by default called like the file.

        Raises BoardError: for a file that cannot be used, a name that is taken (unless `replace`, and then too where
        it is a shipped one), or no space. Then the store is as it was.
        """
        name = name or _name_of(file)
        check_name(name)
        if name in self._shipped_names():
            raise BoardError(f"{name} is a shipped set", "Choose another name: --name NAME")
        if self._file(name).exists() and not replace:
            raise BoardError(f"there are phrases called {name} already", "Choose another --name, or add --replace.")
        examined = examine(decode_package(_read(file), file.name), file.name)
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with whole(self._file(name)) as out:  # for the user alone: boards tell of their owner
                write_archive(package_files(examined.package), out)
        except OSError as e:
            raise BoardError(f"cannot keep the phrases: {e.strerror}", f"The store is {self._root}.") from e
        return Added(name, examined.notes)

    def export(self, name: str, file: Path, board: str = "", replace: bool = False) -> None:
        """Write the set as .obz, or one board of it as .obf with its pictures inside, whichever `file` is called.

        board: id of the one for an .obf, where the set has several. Raises BoardError: unknown, another suffix, or
        there is such a file (unless `replace`), or it cannot be written.
        """
        package = self.load(name)
        if file.exists() and not replace:
            raise BoardError(f"{file} is there already", "Choose another name, or add --replace.")
        match file.suffix.lower():
            case ".obz":
                write: Callable[[BinaryIO], object] = lambda out: write_archive(package_files(package), out)  # noqa: E731
            case ".obf":
                text = encode_alone(package, _one_board(package, name, board))
                write = lambda out: out.write(text)  # noqa: E731
            case _:
                raise BoardError(f"{file.name} is neither .obf nor .obz", f"Such as: {name}.obz")
        try:
            with whole(file) as out:
                write(out)
        except OSError as e:
            raise BoardError(f"cannot write {file}: {e.strerror}", "Is the folder there, and yours to write?") from e

    def remove(self, name: str) -> None:
        """Delete the user's set of that name, damaged ones too. Raises BoardError."""
        check_name(name)
        if name in self._shipped_names():
            raise BoardError(f"{name} is a shipped set", "Those cannot be removed.")
        try:
            self._file(name).unlink()
        except FileNotFoundError as e:
            raise BoardError(f"there are no phrases called {name}", "See: avatard phrases list") from e
        except OSError as e:
            raise BoardError(f"cannot remove {name}: {e.strerror}", f"Delete the file {self._file(name)}.") from e

    def _entry(self, name: str) -> Entry:
        package = self.load(name)
        home = package.home
        buttons = sum(len(board.buttons) for board in package.boards.values())
        shipped = name in self._shipped_names()
        return Entry(name, home.name, home.locale, len(package.boards), buttons, shipped)

    def _file(self, name: str) -> Path:
        return self._root / f"{name}{_SUFFIX}"

    def _names(self) -> tuple[str, ...]:
        own = (file.stem for file in self._root.glob(f"*{_SUFFIX}") if _NAME.match(file.stem))
        return (*sorted(own), *self._shipped_names())

    def _shipped_names(self) -> tuple[str, ...]:
        return tuple(sorted(folder.name for folder in self._shipped.iterdir() if folder.is_dir()))


def check_name(name: str) -> None:
    """Raise BoardError for what is no set's name: names are files' names and are typed in commands."""
    if not _NAME.match(name):
        raise BoardError(f"{name!r} is no name for phrases", "Use up to 32 of a-z, 0-9 and -: --name my-phrases")


def _name_of(file: Path) -> str:
    return re.sub("[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:32].strip("-")


def _one_board(package: Package, name: str, id_: str) -> Board:
    if not id_ and len(package.boards) == 1:
        return package.home
    ids = [board.id for board in package.boards.values()]
    found = next((board for board in package.boards.values() if board.id == id_), None)
    if found is None:
        what = f"{name} has no board {id_!r}" if id_ else f"{name} has {len(ids)} boards, and an .obf file holds one"
        raise BoardError(what, f"Write an .obz file, or choose one by --board: {', '.join(ids[:20])}")
    return found


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as e:
        raise BoardError(f"cannot read {file}: {e.strerror}", "Is the name right, and the file yours to read?") from e
    if len(data) > MAX_BYTES:
        raise BoardError(f"{file} is too large", f"{MAX_BYTES // 1_000_000} MB are the most.")
    return data
