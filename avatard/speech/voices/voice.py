"""A voice that speaks: text in, clauses of sound out, each with its phonemes and words."""

from __future__ import annotations

import itertools
import logging
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.errors import AudioError
from avatard.speech.voices.catalogue import Entry, espeak_language, find
from avatard.speech.voices.clause_cache import ClauseCache, Key, Sounding
from avatard.speech.voices.clauses import split
from avatard.speech.voices.phonemes import merge
from avatard.speech.voices.pronunciation import PronunciationFile, Pronunciations
from avatard.speech.voices.resample import at_rate, import_resampler
from avatard.speech.voices.wording import Wording, clean
from avatard.speech.voices.words import place
from avatard.speech.voices.worker_process import WorkerLostError, WorkerProcess
from avatard.speech.worker.protocol import Said, Say
from avatard.utterance import RATE, Clause, Pcm, Word

if TYPE_CHECKING:
    from typing_extensions import Self

log = logging.getLogger("avatard.speech")

#: What may stand behind the mark that ends a sentence.
_AROUND: Final = " \t\r\n\"'\u2019\u201d»)]}"
#: The least and the greatest of these factors, as in the settings.
_RATES, _PITCHES = (0.3, 3.0), (0.5, 2.0)
#: How often a clause is tried on a new worker after the first was lost.
_RETRIES: Final = 1


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak. rate, pitch: factors from 0.3 to 3 (espeak-ng: 0.46 to 2.6) and 0.5 to 2; volume: 0 to 1. What is
    beyond is brought there. language: its code ("de", "en-gb"); None, or one that nobody speaks: the voice's own."""

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 0.8
    language: str | None = None


class Voice:
    """A context manager: entering loads the voice into a worker of its own, leaving ends that.

    One thread speaks; `cancel` is for any. Entering and speaking raise AudioError.
    """

    def __init__(self, entry: Entry, words: PronunciationFile) -> None:
        self.entry = entry
        self._words = words
        self._cache = ClauseCache()
        self._other: Voice | None = None  # for phrases in languages that this one has not
        self._worker: WorkerProcess | None = None
        self._ids = itertools.count(1)
        self._lock = threading.Lock()  # of these two
        self._turn = 0
        self._saying_id = 0
        self._speaking = threading.Lock()

    def __enter__(self) -> Self:
        worker = self._started()
        import_resampler()  # 60 ms, while the worker loads
        try:
            worker.load()
        except WorkerLostError as e:
            self._end()
            raise self._lost() from e
        except AudioError:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.cancel()
        with self._speaking:
            self._end()
        if self._other is not None:
            self._other.__exit__(kind, e, tb)

    @property
    def worker_pid(self) -> int:
        """The process of its worker, which is started where there is none."""
        return self._started().pid

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Clause]:
        """The clauses of `text`, each synthesised when it is asked for. What was being spoken ends.

        Words hold characters of `text`. A worker that is lost is replaced once for a clause, unnoticed.
        """
        self.cancel()
        with self._lock:
            return self._clauses(text, manner, self._turn)

    def cancel(self) -> None:
        """End what is being spoken: its iterator ends, and the worker is quiet within 100 ms. Never waits."""
        with self._lock:
            self._turn += 1
            worker, number = self._worker, self._saying_id
        if worker is not None and number:
            worker.cancel(number)
        if (other := self._other) is not None:
            other.cancel()

    def _clauses(self, text: str, manner: Manner, turn: int) -> Iterator[Clause]:
        language = espeak_language(manner.language) if manner.language else ""
        if language and not self.entry.speaks(language):
            yield from self._others(text, replace(manner, language=language), turn)
            return
        manner = replace(manner, language=language)
        pronunciations = self._pronunciations()
        for first, last in split(text, self.entry.lengths, pronunciations.abbreviations):
            wording = pronunciations.applied(clean(text[first:last]))
            if not wording.text.strip():
                continue
            sounding = self._sounding(wording, manner, turn)
            if sounding is None:
                return
            yield _clause(sounding, wording, first, manner.volume)

    def _others(self, text: str, manner: Manner, turn: int) -> Iterator[Clause]:
        """The clauses in another language than this voice's, by espeak-ng."""
        if self._other is None:
            self._other = Voice(find("en-us"), self._words).__enter__()
        clauses = self._other.speak(text, manner)
        while self._turn == turn and (clause := next(clauses, None)) is not None:
            yield clause

    def _pronunciations(self) -> Pronunciations:
        """The user's; a mistake in them must not leave anybody without a voice."""
        try:
            return self._words.current()
        except AudioError as e:
            log.warning("%s. %s", e.message, e.hint)
            return Pronunciations({})

    def _sounding(self, wording: Wording, manner: Manner, turn: int) -> Sounding | None:
        """The clause from the cache or the worker; None when its turn is over."""
        key: Key = (wording.text, wording.sounds, manner.rate, manner.pitch, manner.language)
        with self._speaking:
            if self._turn != turn:
                return None
            sounding = self._cache.get(key)
            if sounding is None:
                said = self._said(wording, manner, turn)
                if said is None:
                    return None
                sounding = _sounding(said)
                self._cache.put(key, sounding)
        return sounding if self._turn == turn else None

    def _said(self, wording: Wording, manner: Manner, turn: int) -> Said | None:
        for _ in range(1 + _RETRIES):
            with self._lock:
                if self._turn != turn:
                    return None
                number = self._saying_id = next(self._ids)
            rate, pitch = _within(manner.rate, *_RATES), _within(manner.pitch, *_PITCHES)
            clause = Say(number, wording.text, rate, pitch, manner.language or "", wording.sounds)
            try:
                return self._started().say(clause, self.entry.patience_s(len(wording.text)))
            except WorkerLostError:
                self._end()
                if self._turn != turn:
                    self._started()  # loads meanwhile, for what comes next
                    return None
            finally:
                with self._lock:
                    self._saying_id = 0
        raise self._lost()

    def _started(self) -> WorkerProcess:
        with self._lock:
            if self._worker is None:
                try:
                    self._worker = WorkerProcess(self.entry.command)
                except OSError as e:
                    raise AudioError(f"the voice's program cannot be started: {e.strerror}", "Free memory.") from e
            return self._worker

    def _end(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def _lost(self) -> AudioError:
        return AudioError(
            f"the voice {self.entry.id} stopped working, and again after a restart",
            f"Try it alone: avatard voice test {self.entry.id}; or use another one: avatard voice list",
            retryable=True,
        )


def open_voice(name: str) -> Voice:
    """The voice of that name, not yet loaded, with the user's pronunciations. Raises AudioError with near names."""
    return Voice(find(name), PronunciationFile())


def _sounding(said: Said) -> Sounding:
    pcm = at_rate(np.frombuffer(said.sound, "<i2").astype(np.int16, copy=False), said.sample_rate)
    return Sounding(pcm, merge(said.phonemes, len(pcm) / RATE), said.words)


def _clause(sounding: Sounding, wording: Wording, offset: int, volume: float) -> Clause:
    """The clause at its volume, with words in the characters of the whole text."""
    words: list[Word] = []
    for word in place(wording.text, sounding.begins, sounding.phonemes, Clause(sounding.pcm).seconds):
        first, last = (offset + at for at in wording.source(word.first, word.last))
        if words and first < words[-1].last:  # several words said for one written
            words[-1] = Word(words[-1].first, max(last, words[-1].last), words[-1].start_s, word.end_s)
        else:
            words.append(Word(first, last, word.start_s, word.end_s))
    return Clause(_scaled(sounding.pcm, volume), sounding.phonemes, tuple(words), _ending(wording.text))


def _ending(text: str) -> str:
    """The mark that ends a clause, within its quotes and brackets."""
    last = text.rstrip(_AROUND)[-1:]
    return last if last and unicodedata.category(last)[0] == "P" else ""


def _within(value: float, least: float, most: float) -> float:
    """`value`, brought between the two; NaN becomes the least."""
    return min(value, most) if value > least else least


def _scaled(pcm: Pcm, volume: float) -> Pcm:
    if volume == 1.0:
        return pcm
    scaled: Pcm = np.rint(pcm * np.float32(_within(volume, 0.0, 1.0))).astype(np.int16)
    return scaled
