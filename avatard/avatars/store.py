"""The portraits: one folder each for the user's own, and the shipped ones, which cannot be changed.

    ROOT/NAME/avatar.toml  portrait.png|jpg|webp  portrait.npy

An entry is complete or not there: it is made in a hidden folder and renamed into place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from avatard.avatar import Avatar, Subject
from avatard.avatars.entry import Entry, check_name, entry_of, read_record, read_toml, write_record
from avatard.avatars.examine import Report, examine
from avatard.errors import AvatarError, ConsentError
from avatard.face import LANDMARKS
from avatard.frame import Picture
from avatard.picture_file import read_picture

if TYPE_CHECKING:
    from avatard.face import Face

FindFaces: TypeAlias = Callable[[Picture], Sequence["Face"]]
"""Every face in a picture; `avatard.track.portrait.find_faces`."""

_SHIPPED_LIST: Final = "avatars.toml"
_HIDDEN: Final = "."
_REINSTALL: Final = "Part of avatard is missing: install it again."


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in the store: sound entries by name, and for the others what is wrong with each."""

    entries: tuple[Entry, ...]
    damaged: tuple[tuple[str, AvatarError], ...]


class Store:
    """Portraits under `root` (made when the first is added) and the shipped ones in the folder `shipped`.

    derived: a folder of what engines computed from portraits and can compute again. It tells whose it is only to who
    has the portrait, so all of it is erased when any portrait is.
    """

    def __init__(self, root: Path, shipped: Path, derived: Path | None = None) -> None:
        self._root = root
        self._shipped = shipped
        self._derived = derived

    def list(self) -> Listing:
        """Everything in the store; one damaged entry does not hide the others."""
        entries, damaged = [*self._shipped_entries().values()], []
        for folder in sorted(self._root.iterdir()) if self._root.is_dir() else ():
            if folder.name.startswith(_HIDDEN) or not folder.is_dir():
                continue
            try:
                entries.append(read_record(folder))
            except AvatarError as e:
                damaged.append((folder.name, e))
        return Listing(tuple(entries), tuple(damaged))

    def entry(self, name: str) -> Entry:
        """The entry of that name. Raises AvatarError."""
        check_name(name)
        if found := self._shipped_entries().get(name):
            return found
        folder = self._root / name
        if not folder.is_dir():
            known = ", ".join(e.name for e in self.list().entries)
            raise AvatarError(f"there is no avatar {name}", f"There are {known}." if known else "Add one first.")
        return read_record(folder)

    def load(self, name: str) -> Avatar:
        """The avatar of that name, decoded. Raises AvatarError: unknown, damaged or changed since it was added."""
        entry = self.entry(name)
        pixels, sha256 = read_picture(entry.portrait)
        if sha256 != entry.sha256:
            raise AvatarError(f"the portrait of {name} is not the one that was added", _again(entry))
        return Avatar(name, pixels, _landmarks(entry), entry.subject, sha256)

    def add(
        self, file: Path, name: str, subject: Subject | None, find_faces: FindFaces, description: str = ""
    ) -> Report:
        """Check the picture `file` and keep a copy as avatar `name`.

        Raises ConsentError when nobody said whom it shows; AvatarError for a picture that cannot be used (all reasons
        are in the message), a name that is taken, or no space. Then the store is as it was.
        """
        check_name(name)
        if subject is None:
            raise ConsentError("say whom the portrait shows", _SUBJECTS)
        if name in self._shipped_entries() or (self._root / name).exists():
            raise AvatarError(f"there is an avatar {name} already", "Choose another name, or remove that one first.")
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._root, prefix=_HIDDEN) as temporary:
                folder = Path(temporary) / name
                folder.mkdir()
                report = _fill(folder, file, name, subject, find_faces, description)
                os.rename(folder, self._root / name)
        except OSError as e:
            raise AvatarError(f"cannot keep the portrait: {e.strerror}", f"The store is {self._root}.") from e
        return report

    def remove(self, name: str) -> None:
        """Delete the user's avatar of that name, damaged ones too, and what was derived. Raises AvatarError."""
        check_name(name)
        if name in self._shipped_entries():
            raise AvatarError(f"{name} is a shipped avatar", "Those cannot be removed.")
        folder = self._root / name
        if not folder.is_dir():
            raise AvatarError(f"there is no avatar {name}", "See: avatard avatar list")
        self._erase_derived(name)
        try:
            with tempfile.TemporaryDirectory(dir=self._root, prefix=_HIDDEN) as temporary:
                os.rename(folder, Path(temporary) / name)  # gone at once, however long deleting takes
        except OSError as e:
            raise AvatarError(f"cannot remove {name}: {e.strerror}", f"Delete the folder {folder}.") from e

    def _erase_derived(self, name: str) -> None:
        """Before the portrait: were it left behind, nobody would look for it again."""
        try:
            if self._derived is not None and self._derived.exists():
                shutil.rmtree(self._derived)
        except OSError as e:
            raise AvatarError(
                f"cannot erase what was derived from portraits: {e.strerror}; {name} is still there",
                f"Delete the folder {self._derived}, then try again.",
            ) from e

    def _shipped_entries(self) -> dict[str, Entry]:
        listed = read_toml(self._shipped / _SHIPPED_LIST, _REINSTALL)
        entries = (entry_of(data, self._shipped, shipped=True) for data in listed["avatar"])
        return {entry.name: entry for entry in entries}


_SUBJECTS: Final = """Add --subject with one of:
  self              it is you
  other_person      someone else, who has agreed to it
  synthetic_person  a rendered or generated person, nobody's likeness
  stylised          a drawing, figure or animal"""


def _fill(folder: Path, file: Path, name: str, subject: Subject, find_faces: FindFaces, description: str) -> Report:
    """Make a complete entry in `folder`. Raises AvatarError when the picture cannot be used."""
    picture, sha256 = read_picture(file)
    faces = find_faces(picture)
    report = examine(picture, faces)
    if report.problems:
        raise AvatarError(f"{file} cannot be an avatar: " + "; ".join(report.problems), _GOOD_PORTRAIT)
    raw = file.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise AvatarError(f"{file} changed while it was read", "Add it again.")
    entry = Entry(name, folder, f"portrait.{_suffix(raw)}", sha256, subject, description)
    entry.portrait.write_bytes(raw)
    np.save(entry.landmarks, faces[0].landmarks)
    write_record(entry)
    return report


_GOOD_PORTRAIT: Final = (
    "Good portraits: one face from the front, eyes open, lips closed, even light, 512 pixels or more."
)


def _suffix(raw: bytes) -> str:
    """By content: the file's own name may lie."""
    return "png" if raw.startswith(b"\x89PNG") else "jpg" if raw.startswith(b"\xff\xd8") else "webp"


def _landmarks(entry: Entry) -> npt.NDArray[np.float32]:
    try:
        points: npt.NDArray[np.float32] = np.load(entry.landmarks, allow_pickle=False)
    except (OSError, ValueError, EOFError) as e:
        raise AvatarError(f"the landmarks of {entry.name} cannot be read: {e}", _again(entry)) from e
    if points.shape != (LANDMARKS, 3) or points.dtype != np.float32 or not np.isfinite(points).all():
        raise AvatarError(f"the landmarks of {entry.name} are damaged", _again(entry))
    return points


def _again(entry: Entry) -> str:
    if entry.shipped:
        return _REINSTALL
    return f"Run: avatard avatar remove {entry.name}, then add it again."
