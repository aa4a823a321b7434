"""Several files in one: the zip archive that an .obz file is, read with suspicion and written always the same.

Nothing is ever unpacked onto the disk. What is refused, and why: docs of `Archive`.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from avatard.errors import BoardError
from avatard.speech.boards.json_text import DAMAGED, refuse

MAX_BYTES: Final = 200_000_000
MAX_ENTRIES: Final = 10_000
MAX_ENTRY: Final = 32_000_000
MAX_TOTAL: Final = 256_000_000
#: JSON that says little packs 100 to 1; a bomb 1000 to 1. Small entries may be as dense as they like.
_MAX_RATIO: Final = 200
_SMALL: Final = 1_000_000
_MAX_NAME: Final = 240
_ENCRYPTED: Final = 0x1
_ENTRY_SIGNATURE: Final = b"PK\x01\x02"
#: What `zipfile` raises on what is no sound archive; found by fuzzing.
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
#: What a Mac adds to every archive, for itself.
_LITTER: Final = ("__MACOSX/", ".DS_Store")


def is_archive(data: bytes) -> bool:
    """Whether it begins as a zip archive does."""
    return data.startswith(b"PK")


class Archive(Mapping[str, bytes]):
    """The files of a zip archive by their paths, in its order, each inflated when it is asked for.

    Opening raises BoardError for an archive that is too large, has too many files, says of one that it is more than
    `MAX_ENTRY` or too dense, or of all that they are more than `MAX_TOTAL`; for a name that is no plain relative path
    or comes twice; for links, devices, encryption, and compression other than deflate. Asking for a file raises it
    where the file is damaged or is not what the archive says of it.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self._where = where
        if len(data) > MAX_BYTES:
            refuse(where, f"{len(data) / 1e6:.0f} MB are too much, {MAX_BYTES // 1_000_000} MB are the most")
        # Before zipfile makes an object of each: the archive's own count may lie.
        if data.count(_ENTRY_SIGNATURE) > MAX_ENTRIES:
            refuse(where, f"more than {MAX_ENTRIES} files")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS as e:
            raise BoardError(f"{where}: not a sound zip archive", DAMAGED) from e
        self._entries: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for entry in self._zip.infolist():
            name = entry.filename
            if name.endswith(("/", _LITTER[1])) or name.startswith(_LITTER[0]):
                continue
            _check_entry(entry, where)
            if name in self._entries:
                refuse(where, f"{name!r} is in it twice")
            self._entries[name] = entry
            total += entry.file_size
        if total > MAX_TOTAL:
            refuse(where, f"{total / 1e6:.0f} MB unpacked are too much, {MAX_TOTAL // 1_000_000} MB are the most")

    def __getitem__(self, path: str) -> bytes:
        entry = self._entries[path]
        try:
            return self._zip.read(entry)  # never more than `file_size`, which is checked
        except _FAULTS as e:
            raise BoardError(f"{self._where}: {path!r} in it is damaged", DAMAGED) from e

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def is_plain(path: str) -> bool:
    """Whether it is a relative path with "/" that names a file below where it is, on Windows too."""
    parts = path.split("/")
    return (
        0 < len(path) <= _MAX_NAME
        and not any(c in "\\:\x7f" or c < " " for c in path)
        and all(part.strip(" .") for part in parts)
    )


def write_archive(files: Iterable[tuple[str, bytes]], out: BinaryIO) -> None:
    """Write files by their paths as a zip archive, in their order. The same files always give the same bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files:
            entry = zipfile.ZipInfo(path)  # of 1980: no clock
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever this is
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


def _check_entry(entry: zipfile.ZipInfo, where: str) -> None:
    name = entry.filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    # `orig_filename`: zipfile itself turns backslashes round on Windows, and cuts names at a zero byte.
    if not is_plain(name) or any(c in entry.orig_filename for c in "\\\0"):
        refuse(where, f"{entry.orig_filename!r} is no plain path", "Nothing of it was taken.")
    if kind not in (0, stat.S_IFREG):
        refuse(where, f"{name!r} is a link or a device", "Nothing of it was taken.")
    if entry.flag_bits & _ENCRYPTED:
        refuse(where, f"{name!r} is encrypted", "Export it without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refuse(where, f"{name!r} is packed in an unusual way", "Pack it with deflate, as zip does by itself.")
    if entry.file_size > MAX_ENTRY:
        refuse(where, f"{name!r} has {entry.file_size / 1e6:.0f} MB, {MAX_ENTRY // 1_000_000} MB are the most")
    if entry.file_size > _SMALL and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
        refuse(where, f"{name!r} is packed so densely that it may be a trap")
