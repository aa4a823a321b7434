"""Piper: natural voices, VITS networks on the CPU. GPL-3; imported by the worker alone.

The lengths of the sounds come from the network itself: `aligned.py`.
"""

from __future__ import annotations

import difflib
import itertools
import json
import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from avatard.speech.voices.ipa import bracketed
from avatard.speech.worker.aligned import aligned_file
from avatard.speech.worker.engine import EngineError, Stop, StoppedError
from avatard.speech.worker.protocol import Listing, Said, Say

_INSTALL: Final = "Install the voices: pip install 'avatard[voices]'"
#: Digits are words in each language: said once to warm up, and to learn how loud the voice is.
_WARM_UP: Final = "1 2 3"
#: Peak that the warm-up is brought to, and above which a clause is made softer; of full scale.
_PEAK, _MOST = 0.8, 0.98
#: Once loaded, it leaves half a share of a busy core to the picture (POSIX): a clause is ready long before its turn.
_NICE: Final = 3
_TOKEN: Final = re.compile(r"\S+")
_MARKS: Final = frozenset("ˈˌː")


class Piper:
    """One voice: model (NAME.onnx) with its settings (NAME.onnx.json) beside it; cache: folder for the aligned copy.

    Raises EngineError: Piper is not installed, or the files are no voice.
    """

    def __init__(self, model: str, cache: str) -> None:
        piper, runtime = _load()
        self._stop = Stop()
        self._runtime = runtime
        self._config_class = piper.SynthesisConfig
        try:
            settings = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
            session = self._session(aligned_file(Path(model), Path(cache)))
            self._voice = piper.PiperVoice(session=session, config=piper.PiperConfig.from_dict(settings))
            self.name = f"Piper {_version()}"
            self._gain = 1.0
            sound = self._synthesize(_WARM_UP, 1.0, Stop())[0]
        except EngineError:
            raise
        except Exception as e:  # the libraries raise classes of their own; no text was in it yet
            raise EngineError(f"{model} cannot be loaded: {_first_line(e)}", "Check it: avatard voice add") from e
        self._gain = _PEAK / max(float(np.abs(sound).max(initial=0.0)), 0.05)
        if sys.platform != "win32":
            os.nice(_NICE)

    def say(self, clause: Say, stop: Stop) -> Said:
        text, origin = bracketed(clause.text, clause.sounds)
        # The network has no pitch: said slower, and played faster, it is as long and higher.
        sample_rate = round(self._voice.config.sample_rate * clause.pitch)
        sound, phonemes = self._synthesize(text, clause.pitch / clause.rate, stop)
        starts = list(itertools.accumulate((samples for _, samples in phonemes), initial=0))
        words = self._words(text, [name for name, _ in phonemes], starts) if phonemes else _spread(text, len(sound))
        loudest = float(np.abs(sound).max(initial=0.0)) * self._gain
        gain = self._gain if loudest <= _MOST else self._gain * _MOST / loudest
        return Said(
            id=clause.id,
            sample_rate=sample_rate,
            phonemes=tuple(
                (name, start / sample_rate, end / sample_rate)
                for (name, _), start, end in zip(phonemes, starts, starts[1:], strict=False)
            ),
            words=tuple((origin[first], origin[last], start / sample_rate) for first, last, start in words),
            language=self._voice.config.espeak_voice,
            sound=np.rint(sound * (gain * 32767)).astype("<i2").tobytes(),
        )

    def listing(self) -> Listing:
        return Listing(())

    def _session(self, model: str | bytes) -> _Session:
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # No two clauses are as long. Planning ahead which memory is used again saves nothing, takes 25 MB, and a second
        # of the 1.5 that loading had.
        options.enable_mem_pattern = options.enable_mem_reuse = False
        return _Session(self._runtime, self._runtime.InferenceSession(model, options, ["CPUExecutionProvider"]))

    def _synthesize(
        self, text: str, length: float, stop: Stop
    ) -> tuple[npt.NDArray[np.float32], list[tuple[str, int]]]:
        """Sound at the voice's own level, and the samples of each phoneme. length: factor on the voice's own."""
        voice = self._voice
        config = self._config_class(length_scale=voice.config.length_scale * length)
        sounds: list[npt.NDArray[np.float32]] = []
        phonemes: list[tuple[str, int]] = []
        for sentence in voice.phonemize(text):
            known = [name for name in sentence if name in voice.config.phoneme_id_map]
            if not known:
                continue
            ids = voice.phonemes_to_ids(known)
            voice.session.stop = stop
            sound, samples = voice.phoneme_ids_to_audio(ids, config, include_alignments=True)
            sounds.append(np.atleast_1d(sound))
            phonemes += self._lengths(known, ids, samples)
        return np.concatenate(sounds) if sounds else np.zeros(0, np.float32), phonemes

    def _lengths(self, known: list[str], ids: list[int], samples: Any) -> list[tuple[str, int]]:
        """The samples of each phoneme; nothing where the network does not tell, or writes them in another way."""
        id_map = self._voice.config.phoneme_id_map
        names = ["^", *known, "$"]
        # Behind each id but the last stands one of the pause "_".
        counts = [len(id_map.get(name, ())) + 1 for name in names]
        if samples is None or sum(counts) - 1 != len(ids) or len(samples) != len(ids):
            return []
        ends = list(itertools.accumulate(counts))
        starts = [0, *ends]
        return [(name, int(samples[a:b].sum())) for name, a, b in zip(names, starts, ends, strict=False)]

    def _words(self, text: str, names: list[str], starts: list[int]) -> Iterator[tuple[int, int, int]]:
        """(first, last, start in samples) of the words of `text` in the phonemes `names` that begin at `starts`."""
        tokens = _tokens(text)
        groups = [i for i in range(len(names)) if _is_sound(names[i]) and (i == 0 or not _in_word(names, i - 1))]
        if len(groups) != len(tokens):
            groups = self._groups(text, tokens, names)
        for (first, last), i in zip(tokens, groups, strict=False):
            yield first, last, starts[i]

    def _groups(self, text: str, tokens: Sequence[tuple[int, int]], names: list[str]) -> list[int]:
        """Where each token begins in `names`, when words are not one to one: numbers become several, "of the" one.
        Each is said alone, and what both have in common tells."""
        alone: list[str] = []
        begins: list[int] = []
        for first, last in tokens:
            begins.append(len(alone))
            said = itertools.chain.from_iterable(self._voice.phonemize(text[first:last]))
            alone += [name for name in said if _is_sound(name) and name not in _MARKS]
        places = [i for i, name in enumerate(names) if _is_sound(name) and name not in _MARKS]
        together = [names[i] for i in places]
        blocks = difflib.SequenceMatcher(None, alone, together, autojunk=False).get_matching_blocks()
        found = []
        for begin in begins:
            # The first sound at or behind the token's begin that both have.
            block = next((b for b in blocks if b.a + b.size > begin), blocks[-1])
            at = block.b + max(begin - block.a, 0)
            found.append(places[min(at, len(places) - 1)] if places else 0)
        return found


class _Session:
    """onnxruntime's session as Piper uses it, but one that can be stopped."""

    def __init__(self, runtime: Any, session: Any) -> None:
        self._runtime = runtime
        self._session = session
        self.stop = Stop()

    def run(self, outputs: Any, feeds: Any) -> Any:
        """As onnxruntime's. Raises StoppedError soon after `stop` was asked: it looks between two operators."""
        options = self._runtime.RunOptions()
        options.log_severity_level = 4

        def terminate() -> None:
            options.terminate = True

        stop = self.stop
        stop.then(terminate)
        try:
            if stop.asked:
                raise StoppedError
            return self._session.run(outputs, feeds, options)
        except Exception as e:
            if stop.asked:
                raise StoppedError from e
            raise
        finally:
            stop.then(None)


def _is_sound(name: str) -> bool:
    return name in _MARKS or name.isalpha()


def _tokens(text: str) -> list[tuple[int, int]]:
    """The words as they are written."""
    return [match.span() for match in _TOKEN.finditer(text) if _is_said(match[0])]


def _spread(text: str, samples: int) -> Iterator[tuple[int, int, int]]:
    """Words over a sound of which nothing else is known: each letter takes the same time."""
    for first, last in _tokens(text):
        yield first, last, samples * first // len(text)


def _is_said(token: str) -> bool:
    """Whether there is more to it than punctuation: letters, digits, an emoji, a "%"."""
    return any(c.isalnum() or c in "&%@#" or unicodedata.category(c)[0] == "S" for c in token)


def _in_word(names: list[str], i: int) -> bool:
    """Whether the phoneme belongs to the word of the one behind it: no space, no mark, no pause."""
    return names[i] not in "^$ ,.;:!?" and names[i] != ""


def _first_line(e: Exception) -> str:
    return (str(e).strip() or type(e).__name__).splitlines()[0][:200]


def _version() -> str:
    from importlib import metadata

    return metadata.version("piper-tts")


def _load() -> tuple[Any, Any]:
    """Piper and onnxruntime, quiet: warnings of theirs name phonemes of what is said."""
    logging.disable()
    try:
        import onnxruntime
        import piper
    except ImportError as e:
        raise EngineError(f"Piper is not installed: {e}", _INSTALL) from e
    return piper, onnxruntime
