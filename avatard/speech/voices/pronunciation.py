"""How the user wants words said: a file of their own.

    # pronunciation.toml: word = how it is spelled to the voice, or its sounds in IPA between slashes
    GIF = "jif"
    "Dr." = "doctor"
    tomato = "/təˈmɑːtəʊ/"

Whole words only. In small letters a word is found in any case; with a capital in it, only as it is written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from avatard import paths
from avatard.errors import AudioError
from avatard.speech.voices import ipa
from avatard.speech.voices.wording import Wording, clean

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Ten thousand words; a wrong path (a video) is not read whole.
_MAX_BYTES: Final = 1 << 20
_MAX_LENGTH: Final = 200
_EXAMPLE: Final = (
    'A line is: word = "spelling", or: word = "/IPA/". Quote words with other signs: "C++" = "see plus plus"'
)


class Pronunciations:
    """Words, and how they are said. entries: as in the file, checked."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._exact = {word: said for word, said in entries.items() if word != word.lower()}
        self._any_case = {word: said for word, said in entries.items() if word == word.lower()}
        self._found = _finder(entries)
        #: Words with a dot behind them, after which a sentence goes on; without the dot, in small letters.
        self.abbreviations = frozenset(word[:-1].lower() for word in entries if word.endswith("."))

    def applied(self, wording: Wording) -> Wording:
        """`wording` with the words spelled so, and the places of those that are given in sounds."""
        if self._found is None:
            return wording
        text: list[str] = []
        first: list[int] = []
        last: list[int] = []
        sounds: list[tuple[int, int, str]] = []
        at = 0
        for match in self._found.finditer(wording.text):
            said = self._exact.get(match[0]) or self._any_case.get(match[0].lower())
            if said is None:
                continue
            a, b = match.span()
            text.append(wording.text[at:a])
            first += wording.first[at:a]
            last += wording.last[at:a]
            if _is_ipa(said):
                sounds.append((len(first), len(first) + b - a, said[1:-1]))
                said = match[0]
            text.append(said)
            whole = wording.source(a, b)
            first += [whole[0]] * len(said)
            last += [whole[1]] * len(said)
            at = b
        text.append(wording.text[at:])
        return Wording(
            "".join(text), (*first, *wording.first[at:]), (*last, *wording.last[at:]), (*wording.sounds, *sounds)
        )


class PronunciationFile:
    """The user's file, read again whenever it was changed. None: the usual place."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or paths.pronunciation_file()
        self._seen: tuple[int, int] | None = None
        self._pronunciations = Pronunciations({})

    def current(self) -> Pronunciations:
        """What the file says now; nothing where there is none. Raises AudioError, once for each change of the file;
        until the next one what it said before holds."""
        try:
            about = self.file.stat()
        except FileNotFoundError:
            self._seen, self._pronunciations = None, Pronunciations({})
            return self._pronunciations
        except OSError as e:
            raise AudioError(f"{self.file} cannot be read: {e.strerror}", _EXAMPLE) from e
        seen = (about.st_mtime_ns, about.st_size)
        if seen != self._seen:
            self._seen = seen
            self._pronunciations = read_pronunciations(self.file)
        return self._pronunciations


def read_pronunciations(file: Path) -> Pronunciations:
    """The file's. Raises AudioError: unreadable, no TOML, or an entry that cannot be, with its line."""
    try:
        raw = file.read_bytes() if file.stat().st_size <= _MAX_BYTES else b""
        text = raw.decode()
    except (OSError, ValueError) as e:
        raise AudioError(f"{file} cannot be read: {e}", "It is a TOML file in UTF-8.") from e
    if file.stat().st_size > _MAX_BYTES:
        raise AudioError(f"{file} is too long for a list of words", f"It may have {_MAX_BYTES >> 10} KiB.")
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as e:  # its words have the line
        where = "" if "line" in str(e) else f" in line {_broken_line(text)}"
        raise AudioError(f"{file} is not TOML{where}: {e}", _EXAMPLE) from e
    for word, said in data.items():
        if problem := _problem(word, said):
            raise AudioError(f"{file}, line {_line(text, word)}: {word!r} {problem}", _EXAMPLE)
    return Pronunciations({" ".join(word.split()): " ".join(said.split()) for word, said in data.items()})


def _problem(word: str, said: object) -> str:
    """What is wrong with an entry, or ""."""
    if not word.strip() or len(word) > _MAX_LENGTH:
        return "is no word"
    if not isinstance(said, str):
        return "must be a text in quotation marks"
    if not said.strip() or len(said) > _MAX_LENGTH:
        return f"must be said with 1 to {_MAX_LENGTH} characters"
    if _is_ipa(said.strip()):
        if letter := ipa.unknown(said.strip()[1:-1]):
            return f"has {letter!r} in it, which is no sound that the voices know"
    elif clean(said).text.strip() != " ".join(said.split()):
        return "has characters that cannot be said"
    return ""


def _line(text: str, word: str) -> int:
    """The line that an entry stands on: the parser does not tell."""
    key = re.compile(rf"""\s*(\[\s*)?["']?{re.escape(word)}["']?\s*[\].=]""")
    return next((i for i, line in enumerate(text.splitlines(), 1) if key.match(line)), 1)


def _broken_line(text: str) -> int:
    """The line with which it stops being TOML, such as a word's second one."""
    lines = text.splitlines()
    for count in range(1, len(lines)):
        try:
            tomllib.loads("\n".join(lines[:count]))
        except (tomllib.TOMLDecodeError, RecursionError):
            return count
    return len(lines)


def _is_ipa(said: str) -> bool:
    return len(said) > 2 and said[0] == said[-1] == "/"


def _finder(entries: Mapping[str, str]) -> re.Pattern[str] | None:
    """Finds any of the words as a whole one, the longest first."""
    if not entries:
        return None
    words = sorted(entries, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
