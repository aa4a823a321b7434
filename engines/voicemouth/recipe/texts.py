"""What the voices say: our own words (texts.toml), put together at random, so that every sound follows every other.

English words in no order, sentences, and made-up syllables, which have lip sounds and round vowels far more often than
any language. Other languages say a few sentences each.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

TEXTS = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
WORDS = TEXTS["words"].split()
LETTERS = "AEIOUAEIOUBCDFGHJKLMNPQRSTVXYZ"
FOREIGN: dict[str, list[str]] = TEXTS["foreign"]
STARTS, VOWELS, ENDS = (TEXTS["syllables"][name].split() for name in ("starts", "vowels", "ends"))
OPEN = [""] * 3  # ends of as many syllables


def words(random: Random, most: int = 9) -> str:
    """English words and letters in no order, some of them one by one: a vowel after a pause starts as hard as a "b"."""
    chosen = random.choices(WORDS, k=random.randint(3, most))
    chosen = [random.choice(LETTERS) if random.random() < 0.15 else word for word in chosen]
    return "".join(word + (", " if random.random() < 0.3 else " ") for word in chosen).strip(", ") + random.choice(
        ".?!"
    )


def sentence(random: Random) -> str:
    """An English sentence."""
    parts = [random.choice(TEXTS[name]) for name in ("people", "deeds", "things", "places", "things")]
    text = random.choice(TEXTS["frames"]).format(*parts)
    return text[0].upper() + text[1:]


def syllables(random: Random) -> str:
    """Made-up words in espeak's letters; every second syllable is stressed."""
    return " ".join(
        "[[" + "".join(_syllable(random) for _ in range(random.randint(1, 3))) + "]]"
        for _ in range(random.randint(3, 7))
    )


def _syllable(random: Random) -> str:
    stress = "'" if random.random() < 0.5 else ""
    return stress + random.choice(STARTS) + random.choice(VOWELS) + random.choice(OPEN + ENDS)
