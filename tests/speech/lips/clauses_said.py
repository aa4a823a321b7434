"""Clauses as an espeak-ng voice would give them, made by hand."""

from __future__ import annotations

import numpy as np

from avatard.utterance import RATE, Clause, Phoneme, Word

SILENT = frozenset({"", "p", "t", "k"})


def clause(*sounds: tuple[str, float], stressed: str = "", ending: str = "", words: bool = True) -> Clause:
    """Sounds as (symbol, milliseconds), one after the other: a hum while they are voiced, a murmur before the burst of
    b, silence before those of p, t and k. The vowels among `stressed` are; each sound is a word of one letter."""
    phonemes, parts, t = [], [], 0.0
    noise = np.random.default_rng(7)
    for symbol, ms in sounds:
        end = t + ms / 1000
        phonemes.append(Phoneme(symbol, t, end, symbol in stressed.split()))
        n = round(end * RATE) - round(t * RATE)
        hum = 6000 * np.sin(2 * np.pi * 140 * np.arange(n) / RATE)
        if symbol == "b":
            hum[: round(0.7 * n)] *= 0.15
        if symbol in SILENT:
            hum[:] = 0
            hum[round(0.7 * n) :] = noise.normal(0, 2500, n - round(0.7 * n)) * bool(symbol)
        parts.append(hum)
        t = end
    said = tuple(Word(i, i + 1, p.start_s, p.end_s) for i, p in enumerate(phonemes)) if words else ()
    return Clause(np.concatenate(parts).astype(np.int16), tuple(phonemes), said, ending)
