"""espeak-ng, by ctypes: library and data from the wheel `espeakng-loader`. GPL-3; imported by the worker alone.

The interface is espeak's speak_lib.h, revision 12.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from avatard.speech.voices.ipa import bracketed, espeak_names
from avatard.speech.worker.engine import EngineError, Stop, StoppedError
from avatard.speech.worker.protocol import Listing, Said, Say

_SYNCHRONOUS: Final = 2
_PHONEME_EVENTS_IN_IPA: Final = 1 | 2
_DO_NOT_EXIT: Final = 0x8000
#: Text is UTF-8; with [[ ]] for phonemes; with the pause that its last mark asks for.
_UTF8, _PHONEMES, _END_PAUSE = 1, 0x100, 0x1000
_LIST_END, _WORD, _PHONEME = 0, 1, 7
_RATE, _PITCH = 1, 3
#: espeak's usual words a minute, and the least and most that it takes.
_NORMAL_RATE, _LEAST_RATE, _MOST_RATE = 175, 80, 450
#: Milliseconds of sound a call back: a stop is seen then. espeak makes that in 0.1 ms.
_BLOCK_MS: Final = 100
#: Voices without a dictionary in the wheel: Faroese, Karakalpak, Xextan. They would spell.
_EMPTY: Final = frozenset({"fo", "kaa", "xex"})
#: espeak keeps 8 bytes of a phoneme's name.
_NAME_BYTES: Final = 8

_REINSTALL: Final = "Install it again: pip install --force-reinstall espeakng-loader"


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * _NAME_BYTES))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # a byte of priority before each, so no plain string
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """One voice of espeak-ng: a language by espeak's name, and "+variant" behind it for another speaker.

    Raises EngineError: no library, no data, no such voice.
    """

    def __init__(self, voice: str) -> None:
        self._library, self._sample_rate = _load()
        self.name = f"espeak-ng {self._library.espeak_Info(None).decode(errors='replace').partition(' ')[0]}"
        self._callback = _Callback(self._take)  # kept here: espeak holds no reference
        self._library.espeak_SetSynthCallback(self._callback)
        self._language, _, self._variant = voice.partition("+")
        self._chosen = ""
        self._stop = Stop()
        self._sound = bytearray()
        self._phonemes: list[tuple[str, int]] = []
        self._words: list[tuple[int, int, int]] = []
        if not self._choose(self._language):
            raise EngineError(f"espeak-ng has no voice {voice}", "See: avatard voice list")

    def say(self, clause: Say, stop: Stop) -> Said:
        if not (clause.language and self._choose(clause.language)):
            self._choose(self._language)
        self._set(_RATE, min(max(round(_NORMAL_RATE * clause.rate), _LEAST_RATE), _MOST_RATE))
        # espeak's scale: 0 halves the frequency, 50 leaves it, 100 doubles it.
        self._set(_PITCH, min(max(round(50 + 50 * math.log2(max(clause.pitch, 0.1))), 0), 99))
        sounds = [(first, last, espeak_names(ipa)) for first, last, ipa in clause.sounds]
        text, origin = bracketed(clause.text, sounds)
        self._synthesize(text, _UTF8 | _END_PAUSE | (_PHONEMES if clause.sounds else 0), stop)
        ends = [start for _, start in self._phonemes[1:]] + [len(self._sound) // 2]
        return Said(
            id=clause.id,
            sample_rate=self._sample_rate,
            phonemes=tuple(
                (name, start / self._sample_rate, end / self._sample_rate)
                for (name, start), end in zip(self._phonemes, ends, strict=True)
            ),
            words=tuple(
                (origin[min(first, len(origin) - 1)], origin[min(last, len(origin) - 1)], start / self._sample_rate)
                for first, last, start in self._words
            ),
            language=self._chosen,
            sound=bytes(self._sound),
        )

    def listing(self) -> Listing:
        names: dict[str, str] = {}
        for code, _, name in self._voices():
            if code not in _EMPTY:
                names.setdefault(code, name)  # Cantonese is there twice; the first one answers to the code
        return Listing(tuple((code, name, code) for code, name in sorted(names.items())))

    def _voices(self) -> Iterator[tuple[str, bytes, str]]:
        """(language, file, name for people) of all voices."""
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        voices = self._library.espeak_ListVoices(None)
        for i in itertools.count():
            if not voices[i]:
                return
            voice = voices[i].contents
            language = ctypes.string_at(voice.languages + 1).decode(errors="replace")
            yield language, voice.identifier, voice.name.decode(errors="replace").replace("_", " ").strip()

    def _choose(self, language: str) -> bool:
        """Speak this language from now on. False where there is none such; then all is as it was."""
        if language == self._chosen:
            return True
        variant = f"+{self._variant}".encode(errors="replace") if self._variant else b""
        if self._library.espeak_SetVoiceByName(language.encode(errors="replace") + variant) != 0:
            # Some answer to their file's name alone, such as French.
            file = next((file for code, file, _ in self._voices() if code == language), None)
            if file is None or self._library.espeak_SetVoiceByName(file + variant) != 0:
                return False
        self._chosen = language
        return True

    def _set(self, parameter: int, value: int) -> None:
        self._library.espeak_SetParameter(parameter, value, 0)

    def _synthesize(self, text: str, flags: int, stop: Stop) -> None:
        self._stop = stop
        self._sound.clear()
        self._phonemes.clear()
        self._words.clear()
        raw = text.encode(errors="replace") + b"\0"
        status = self._library.espeak_Synth(raw, ctypes.c_size_t(len(raw)), 0, 0, 0, flags, None, None)
        if stop.asked:
            raise StoppedError
        if status != 0:
            raise EngineError(f"espeak-ng failed with status {status}")

    def _take(self, sound: int | None, samples: int, events: Any) -> int:
        """A block of sound and what happens in it. 1 makes espeak stop."""
        if sound and samples > 0:
            self._sound += ctypes.string_at(sound, 2 * samples)
        i = 0
        while (event := events[i]).type != _LIST_END:
            if event.type == _PHONEME:
                name = ctypes.string_at(ctypes.addressof(event.id), _NAME_BYTES).split(b"\0")[0]
                # Eight bytes may end within a character.
                self._phonemes.append((name.decode(errors="ignore"), event.sample))
            elif event.type == _WORD:
                first = event.text_position - 1
                self._words.append((first, first + event.length, event.sample))
            i += 1
        return int(self._stop.asked)


def _load() -> tuple[Any, int]:
    """espeak's library, initialised, and its sample rate."""
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = Path(espeakng_loader.get_data_path())
    except (ImportError, OSError, RuntimeError) as e:
        raise EngineError(f"espeak-ng cannot be loaded: {e}", _REINSTALL) from e
    library.espeak_Info.restype = ctypes.c_char_p
    options = _PHONEME_EVENTS_IN_IPA | _DO_NOT_EXIT
    rate: int = library.espeak_Initialize(_SYNCHRONOUS, _BLOCK_MS, str(data).encode(), options)
    if rate <= 0:
        raise EngineError(f"espeak-ng found no voices in {data}", _REINSTALL)
    return library, rate
