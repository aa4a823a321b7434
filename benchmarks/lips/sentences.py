"""Sentences in which lips meet often: common words, put together by a seeded generator."""

from __future__ import annotations

from typing import Final

import numpy as np

_WHO: Final = (
    "My brother", "Every farmer", "The baby", "A famous poet", "Our family", "Some people", "The whole village",
    "Her mother", "Five workers", "Philip", "Emma", "The happy couple", "A clever boy", "My best friend", "Bob",
)  # fmt: skip
_DOES: Final = (
    "bought", "made", "found", "kept", "borrowed", "packed", "paid for", "moved", "prefers", "believed in",
    "photographed", "remembered", "wrapped up", "forgot about", "gave away", "improved", "spoke of", "put back",
)  # fmt: skip
_WHAT: Final = (
    "a purple map", "the empty bottle", "a simple poem", "my apple pie", "five happy puppies", "a very big umbrella",
    "the old film", "a warm blanket", "some fresh coffee", "the next project", "a lamp from the cupboard", "half a cup",
    "the number of the bus", "a voice from above", "the best photo of them", "an offer", "two pumpkins", "a van",
)  # fmt: skip
_WHEN: Final = (
    "before five", "in the evening", "after a brief pause", "above the bay", "for a moment", "on the phone",
    "by the river", "in November", "every morning", "behind the house", "with both hands", "for the first time",
    "at half past four", "on the way up", "in front of everybody", "from time to time",
)  # fmt: skip
_ASKS: Final = (
    "Could you have",
    "May we bring",
    "Did Pam leave",
    "Will they move",
    "Have you ever seen",
    "Shall I buy",
)


def sentences(count: int, seed: int = 0) -> list[str]:
    """`count` different ones, every sixth a question."""
    chance = np.random.default_rng(seed)

    def one(words: tuple[str, ...]) -> str:
        return words[int(chance.integers(len(words)))]

    made: list[str] = []
    while len(made) < count:
        if len(made) % 6 == 5:
            sentence = f"{one(_ASKS)} {one(_WHAT)} {one(_WHEN)}?"
        else:
            sentence = f"{one(_WHO)} {one(_DOES)} {one(_WHAT)} {one(_WHEN)}."
        if sentence not in made:
            made.append(sentence)
    return made
