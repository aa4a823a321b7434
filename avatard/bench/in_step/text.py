"""What is said while sound is held against picture: common words, in which lips meet often and open widely between."""

from __future__ import annotations

from typing import Final

SENTENCES: Final = (
    "My mother bought a beautiful purple blanket.",
    "Five happy people happen to be above the bay.",
    "Maybe Bob will pay for a map of Africa.",
    "A famous poppy may open before the afternoon.",
    "Papa, have a bite of my apple pie.",
    "The baby of a farmer has a woollen cap.",
    "Over the bar we have a very old lamp.",
    "Amy may have given a pet rabbit a hat.",
    "Half of a coffee pot, and a cup of tea above.",
    "Every evening a happy puppy ran up a path.",
    "I will be back by half past five.",
    "Have a pie, have a coffee, have a map.",
)
