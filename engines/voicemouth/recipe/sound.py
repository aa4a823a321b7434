"""Clean voices made into what microphones hear: other throats, rooms, microphones, telephones, noise."""

from __future__ import annotations

import recipes  # noqa: F401
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.signal import fftconvolve, resample
from voices import Utterance

from avatard.utterance import RATE

Samples = NDArray[np.float64]

#: How far a voice is made higher (a smaller throat) or lower, in formants and pitch at once.
SHIFTS = {"espeak": (0.85, 1.2), "piper": (0.85, 1.4), "flite": (1.0, 1.0)}
#: Silence before and after, seconds.
PAUSE = (0.2, 0.9)
#: Where telephones, headsets on a wireless link, and old microphones end, Hz.
CUTS = ((300, 3400), (150, 3800), (60, 7000), (200, 5500))


def shifted(utterance: Utterance, by: float) -> tuple[Samples, list[tuple[str, float, float]]]:
    """At `RATE`, about `by` times as high and as fast, with its sounds; of a length that transforms are fast at."""
    pcm = np.pad(utterance.pcm / 32768, (0, next_fast_len(len(utterance.pcm)) - len(utterance.pcm)))
    count = next_fast_len(round(len(pcm) * RATE / (utterance.rate * by)))
    by = len(pcm) * RATE / (utterance.rate * count)
    samples = resample(pcm, count)
    return samples, [(symbol, start / by, end / by) for symbol, start, end in utterance.sounds]


def spoiled(clean: Samples, babble: Samples, random: Generator) -> NDArray[np.int16]:
    """`clean` through a room, a microphone and noise, as int16. babble: other voices, to be heard far off."""
    sound = clean
    if random.random() < 0.5:
        sound = _room(sound, random)
    sound = _coloured(sound, random)
    sound = sound / max(_loud(sound), 1e-6)
    if random.random() < 0.8:
        noise = _noise(len(sound), random, babble)
        sound = sound + noise * 10 ** (-random.uniform(8, 40) / 20)
    sound = sound * 10 ** (random.uniform(-44, -16) / 20)
    return (sound * 32767 + random.uniform(-0.5, 0.5, len(sound))).clip(-32768, 32767).astype(np.int16)


def noise_alone(count: int, random: Generator) -> NDArray[np.int16]:
    """A room where nobody speaks."""
    loud = 10 ** (random.uniform(-60, -25) / 20)
    sound = _coloured(_noise(count, random, None), random)
    return (sound / max(_loud(sound), 1e-6) * loud * 32767).clip(-32768, 32767).astype(np.int16)


def _loud(sound: Samples) -> float:
    """RMS of the louder half."""
    blocks = (sound[: len(sound) // 480 * 480].reshape(-1, 480) ** 2).mean(1)
    return float(np.sqrt(np.sort(blocks)[len(blocks) // 2 :].mean()))


def _room(sound: Samples, random: Generator) -> Samples:
    """With an echo that decays in 0.1 to 0.6 s, 2 to 18 dB below the direct sound."""
    decay = random.uniform(0.1, 0.6)
    t = np.arange(int(decay * RATE)) / RATE
    echo = random.standard_normal(len(t)) * 10 ** (-3 * t / decay)
    echo[: int(random.uniform(0.001, 0.008) * RATE)] = 0
    echo *= 10 ** (-random.uniform(2, 18) / 20) / np.sqrt((echo**2).sum())
    echo[0] = 1
    return np.asarray(fftconvolve(sound, echo)[: len(sound)])


def _coloured(sound: Samples, random: Generator) -> Samples:
    """Through a microphone that is flat within ±8 dB, or a narrow line."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    knots = np.array([50, 120, 300, 700, 1500, 3000, 6000, 12000])
    tilt = random.uniform(-3, 3) * np.log2(knots / 700)
    gain = np.interp(np.log(hertz + 1), np.log(knots), random.normal(0, 2.5, len(knots)) + tilt)
    if random.random() < 0.35:
        low, high = CUTS[random.integers(len(CUTS))]
        gain = gain - 24 * np.maximum(0, np.log2(low / (hertz + 1))) - 60 * np.maximum(0, np.log2((hertz + 1) / high))
    return np.asarray(np.fft.irfft(spectrum * 10 ** (gain.clip(-80, 20) / 20), len(sound)))


def _noise(count: int, random: Generator, babble: Samples | None) -> Samples:
    """Loudness 1: hiss of any colour, hum, a fan, knocks and keys, or other voices."""
    kind = random.integers(5 if babble is not None else 4)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    if kind == 4 and babble is not None:
        start = int(random.integers(max(1, len(babble) - count)))
        noise = np.resize(babble[start : start + count], count)
    else:
        spectrum = np.fft.rfft(random.standard_normal(count)) * (hertz + 20) ** -random.uniform(0, 1.2)
        noise = np.fft.irfft(spectrum, count)
        t = np.arange(count) / RATE
        noise /= noise.std()
        if kind == 1:
            base = random.choice([50, 60, 100, 120, 240])
            noise += sum(random.uniform(0, 2) * np.sin(2 * np.pi * base * k * t + k) for k in range(1, 12))
        elif kind == 2:
            noise *= 1 + random.uniform(0, 0.8) * np.sin(2 * np.pi * random.uniform(0.5, 12) * t)
        elif kind == 3:
            noise *= 0.1
            for at in random.integers(0, max(1, count - 4800), max(1, int(count / RATE * random.uniform(1, 6)))):
                knock = random.standard_normal(4800) * np.exp(-np.arange(4800) / random.uniform(50, 1200))
                noise[at : at + 4800] += random.uniform(1, 6) * knock[: count - at]
    return np.asarray(noise / max(_loud(noise), 1e-6))
