"""One portrait's record: what it is called, whom it shows, which file it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli_w

from avatard.avatar import Subject
from avatard.errors import AvatarError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORD: Final = "avatar.toml"
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")
#: A plain file name in the entry's own folder: a record must not point anywhere else.
_FILE: Final = re.compile(r"[a-z0-9-]{1,32}\.(png|jpg|webp)\Z")
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """A portrait in the store, not yet decoded. `folder` holds `file`, and its landmarks beside it."""

    name: str
    folder: Path
    file: str
    sha256: str
    subject: Subject
    description: str = ""
    licence: str = ""
    shipped: bool = False

    @property
    def portrait(self) -> Path:
        """The picture's file."""
        return self.folder / self.file

    @property
    def landmarks(self) -> Path:
        """478x3 float32 in the portrait's pixels, as .npy: found once, when the portrait was added."""
        return self.portrait.with_suffix(".npy")

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON and for the record."""
        return {
            "name": self.name,
            "file": self.file,
            "sha256": self.sha256,
            "subject": self.subject.value,
            "description": self.description,
            "licence": self.licence,
        }


def check_name(name: str) -> None:
    """Raise AvatarError for what is no avatar's name: names are folders' names and are typed in commands."""
    if not _NAME.match(name):
        raise AvatarError(
            f"{name!r} is no name for an avatar", "Use up to 32 of a-z, 0-9 and -, such as mira or me-at-work."
        )


def write_record(entry: Entry) -> None:
    """Write the entry's record into its folder."""
    (entry.folder / RECORD).write_text(tomli_w.dumps(entry.as_dict()), encoding="utf-8")


def read_record(folder: Path) -> Entry:
    """The user's entry in `folder`, which is named after it. Raises AvatarError."""
    entry = entry_of(read_toml(folder / RECORD, f"Remove the folder {folder} and add it again."), folder)
    if entry.name != folder.name:
        raise AvatarError(f"the record {folder / RECORD} is of another avatar", f"Remove the folder {folder}.")
    return entry


def read_toml(file: Path, hint: str) -> dict[str, Any]:
    """The table in a file. Raises AvatarError with that hint."""
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as e:  # a TOMLDecodeError is a ValueError
        raise AvatarError(f"cannot read {file}: {e}", hint) from e
    return data


def entry_of(data: Mapping[str, Any], folder: Path, *, shipped: bool = False) -> Entry:
    """The entry in `folder` that a record's table describes. Raises AvatarError for what is none."""
    name, file, sha256, subject = (data.get(field) for field in ("name", "file", "sha256", "subject"))
    sound = (
        isinstance(file, str)
        and _FILE.match(file)
        and isinstance(sha256, str)
        and _SHA256.match(sha256)
        and subject in {s.value for s in Subject}
    )
    if not sound or not isinstance(name, str):
        raise AvatarError(f"the record of an avatar in {folder} is damaged", f"Remove the folder {folder}.")
    check_name(name)
    words = {field: str(data.get(field, "")) for field in ("description", "licence")}
    return Entry(name, folder, str(file), str(sha256), Subject(subject), **words, shipped=shipped)
