"""What a voice makes of a text: sound, and when each phoneme and each word of it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

#: Samples a second of all sound inside avatard, mono: what calls and sound servers use. Voices are resampled to it.
RATE: Final = 48_000

Pcm: TypeAlias = npt.NDArray[np.int16]
"""N int16, mono, at `RATE`."""


@dataclass(frozen=True, slots=True)
class Phoneme:
    """One sound. symbol: IPA, one phoneme or a diphthong, with neither stress nor length marks; "" is silence.
    stressed: whether its syllable is. start_s, end_s: seconds from the start of the clause's sound."""

    symbol: str
    start_s: float
    end_s: float
    stressed: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word. first, last: characters `text[first:last]` of the text that was to be said. start_s, end_s: seconds
    from the start of the clause's sound."""

    first: int
    last: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of speech, synthesised at once. Phonemes and words in the order of time, within the sound.

    Speech without known phonemes (a recorded phrase) has none: its lips follow the sound's own loudness.
    ending: the punctuation mark that ends it in the text (".", "?", "!", ",", or those of other scripts), "" where none
    does: brows and head go by it.
    """

    pcm: Pcm
    phonemes: tuple[Phoneme, ...] = ()
    words: tuple[Word, ...] = ()
    ending: str = ""

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / RATE
