"""Sounds to hear, at 48 kHz, seeded."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from avatard.speech.voices.voice import open_voice
from avatard.utterance import RATE, Clause, Pcm


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


def noise(seconds: float, loud: float = 0.02, seed: int = 1) -> Pcm:
    """White, of a loudness (1: full scale)."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * loud * 32767
    return samples.clip(-32768, 32767).astype(np.int16)


def vowel(seconds: float, loud: float = 0.2, pitch: float = 120.0) -> Pcm:
    """An "a": a voice's harmonics with formants at 750, 1250 and 2600 Hz."""
    t = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(len(t))
    for k in range(1, int(5000 / pitch)):
        f = k * pitch
        strength = sum(
            1 / (1 + ((f - formant) / width) ** 2) for formant, width in ((750, 90), (1250, 110), (2600, 170))
        )
        sound += strength / k**0.5 * np.sin(2 * np.pi * f * t + k * k)
    scaled = (sound / np.abs(sound).max() * loud * 32767).clip(-32768, 32767)
    return np.asarray(scaled, np.int16)


@cache
def said(text: str, voice: str = "en-us") -> Clause:
    """A text in espeak-ng's voice, as one clause: real speech, whose phonemes are known."""
    pcm, phonemes, seconds = [], [], 0.0
    with open_voice(voice) as speaker:
        for clause in speaker.speak(text):
            phonemes += [replace(p, start_s=p.start_s + seconds, end_s=p.end_s + seconds) for p in clause.phonemes]
            pcm.append(clause.pcm)
            seconds += clause.seconds
    return Clause(np.concatenate(pcm), tuple(phonemes))


def talk(seconds: float) -> Pcm:
    """As much of a sentence with wide vowels, over and over."""
    return np.resize(
        said("Father parked our car far apart and caught a cold at the harbour").pcm, round(seconds * RATE)
    )
