from __future__ import annotations

from typing import cast

from avatard.speech.voices.open_voices import OpenVoices
from avatard.speech.voices.voice import Voice
from tests.speech.stand_ins import Tones


def test_two_stay_loaded_and_the_one_unused_longest_makes_room() -> None:
    loaded: dict[str, list[Tones]] = {}

    def load(name: str) -> Voice:
        voice = Tones()
        loaded.setdefault(name, []).append(voice)
        return cast(Voice, voice)

    with OpenVoices(load) as voices:
        first = voices.get("a")
        voices.get("b")
        assert voices.get("a") is first
        voices.get("c")
        assert loaded["b"][0].closed
        assert not loaded["a"][0].closed
        voices.get("b")
        assert len(loaded["b"]) == 2
        voices.cancel()
        assert [loaded["a"][0].cancelled, loaded["b"][1].cancelled, loaded["c"][0].cancelled] == [0, 1, 1]
    assert all(voice.closed for several in loaded.values() for voice in several)
