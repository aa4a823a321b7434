"""The user's own voices, kept with what was said about their rights.

    ROOT/NAME/voice.toml  voice.onnx  voice.onnx.json

A voice is complete or not there: it is made in a hidden folder and renamed into place.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import tomli_w

from avatard.errors import AudioError, ConsentError
from avatard.speech.voices.piper_files import read_piper_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")
_RECORD: Final = "voice.toml"
_MODEL: Final = "voice.onnx"
_HIDDEN: Final = "."
MAX_RIGHTS: Final = 500


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """One voice of the user's. language: espeak-ng's code. rights: in the user's words. sha256: of the model."""

    name: str
    language: str
    rights: str
    sha256: str
    model: Path


class OwnVoices:
    """The voices under `root`, which is made when the first is added."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self) -> tuple[OwnVoice, ...]:
        """All that are whole, by name."""
        folders = sorted(self._root.iterdir()) if self._root.is_dir() else []
        kept = (_read(folder) for folder in folders if not folder.name.startswith(_HIDDEN))
        return tuple(voice for voice in kept if voice is not None)

    def add(self, file: Path, name: str, rights: str, taken: Collection[str] = ()) -> OwnVoice:
        """Check FILE.onnx and FILE.onnx.json and keep a copy as voice `name`. taken: names that others have.

        Raises ConsentError when nobody said whose voice it is; AudioError for files that are no voice, a name that
        cannot be or is taken, or no space. Then all is as it was.
        """
        if not _NAME.match(name):
            raise AudioError(f"{name!r} is no name for a voice", "Use up to 32 of a-z, 0-9 and -, such as my-voice.")
        rights = " ".join(rights.split())
        if not rights:
            raise ConsentError(
                f"say whose voice {name} is, and that it may be used",
                f'avatard voice add {shlex.quote(str(file))} --name {name} --rights "my own voice, recorded for me"',
            )
        if len(rights) > MAX_RIGHTS:
            raise AudioError(f"the rights have {len(rights)} characters", f"Say it in {MAX_RIGHTS}.")
        if name in taken:
            raise AudioError(f"there is a voice {name} already", "Choose another name.")
        if (self._root / name).exists():
            raise AudioError(f"there is a voice {name} already", f"Remove it first: avatard voice remove {name}")
        files = read_piper_files(file)
        voice = OwnVoice(
            name, files.language, rights, hashlib.sha256(files.model).hexdigest(), self._root / name / _MODEL
        )
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._root, prefix=_HIDDEN) as temporary:
                folder = Path(temporary) / name
                folder.mkdir()
                (folder / _MODEL).write_bytes(files.model)
                (folder / f"{_MODEL}.json").write_bytes(files.settings)
                record = {field: value for field, value in asdict(voice).items() if field != "model"}
                (folder / _RECORD).write_text(tomli_w.dumps(record), encoding="utf-8")
                os.rename(folder, self._root / name)
        except OSError as e:
            raise AudioError(f"cannot keep the voice: {e.strerror}", f"They lie in {self._root}.") from e
        return voice

    def remove(self, name: str) -> None:
        """Delete the voice of that name, damaged ones too. Raises AudioError."""
        folder = self._root / name
        if not _NAME.match(name) or not folder.is_dir():
            raise AudioError(f"there is no voice of yours called {name}", "See: avatard voice list")
        try:
            with tempfile.TemporaryDirectory(dir=self._root, prefix=_HIDDEN) as temporary:
                os.rename(folder, Path(temporary) / name)  # gone at once, however long deleting takes
        except OSError as e:
            raise AudioError(f"cannot remove {name}: {e.strerror}", f"Delete the folder {folder}.") from e


def _read(folder: Path) -> OwnVoice | None:
    """The voice in a folder, or None where none is whole."""
    model = folder / _MODEL
    try:
        record = tomllib.loads((folder / _RECORD).read_text(encoding="utf-8"))
        fields = {name: record[name] for name in ("name", "language", "rights", "sha256")}
    except (OSError, ValueError, KeyError, RecursionError):
        return None
    whole = model.is_file() and model.with_name(f"{_MODEL}.json").is_file()
    if not whole or fields["name"] != folder.name or not all(isinstance(value, str) for value in fields.values()):
        return None
    return OwnVoice(**fields, model=model)
