# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import threading

import pytest

from avatard.speech.worker.engine import EngineError, Stop, StoppedError
from avatard.speech.worker.espeak import Espeak
from avatard.speech.worker.protocol import Said, Say


def said(voice: Espeak, text: str, **fields: object) -> Said:
    return voice.say(Say(1, text, **fields), Stop())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def voice() -> Espeak:
    return Espeak("en-us")


def names(clause: Said) -> str:
    return "".join(name for name, _, _ in clause.phonemes)


def seconds(clause: Said) -> float:
    return len(clause.sound) / 2 / clause.sample_rate


def test_a_clause_has_sound_phonemes_and_words(voice: Espeak) -> None:
    clause = said(voice, "Maybe Pam.")

    assert clause.language == "en-us"
    assert names(clause) == "mˈeɪbiːpˈæm"
    assert [(first, last) for first, last, _ in clause.words] == [(0, 5), (6, 9)]
    starts = [start for _, start, _ in clause.phonemes]
    assert starts == sorted(starts)
    assert clause.phonemes[-1][2] == pytest.approx(seconds(clause))
    assert 0.5 < seconds(clause) < 1.5


def test_characters_count_not_bytes(voice: Espeak) -> None:
    text = "Müller's naïve café 👍 ok"
    clause = said(voice, text)
    assert [text[first:last] for first, last, _ in clause.words][:3] == ["Müller", "naïve", "café"]
    assert text[clause.words[-1][0] : clause.words[-1][1]] == "ok"


def test_rate_and_pitch(voice: Espeak) -> None:
    usual, fast, slow = (seconds(said(voice, "one two three four", rate=rate)) for rate in (1.0, 2.0, 0.5))
    assert fast < 0.7 * usual
    assert slow > 1.5 * usual
    assert said(voice, "ah", pitch=1.5).sound != said(voice, "ah").sound
    assert said(voice, "ah", rate=99.0, pitch=99.0).sound  # as far as it goes


def test_another_language_for_one_phrase(voice: Espeak) -> None:
    assert said(voice, "Grüße", language="de").language == "de"
    assert names(said(voice, "bonjour", language="fr-fr")).endswith("ʒˈuʁ")
    assert said(voice, "hello", language="klingon-on-the-moon").language == "en-us"
    assert said(voice, "hello").language == "en-us"


def test_given_sounds_are_spoken(voice: Espeak) -> None:
    clause = said(voice, "A tomato [[now]].", sounds=((2, 8, "təˈmɑːtəʊ"),))
    assert "təmˈɑːɾoʊnˈaʊ" in names(clause)
    assert (2, 2, clause.words[1][2]) == clause.words[1]  # where the word begins; how far it goes the caller knows


@pytest.mark.parametrize("text", ["", " ", "...", "\u200b", "?"])
def test_nothing_to_say_is_almost_silence(voice: Espeak, text: str) -> None:
    assert seconds(said(voice, text)) < 0.5


def test_markup_is_text(voice: Espeak) -> None:
    assert "spˈiːk" in names(said(voice, "<speak>hi</speak>"))
    assert seconds(said(voice, '<break time="9s"/>')) < 5
    assert "ˈeɪtʃ" in names(said(voice, "[[h@l'oU]]"))


def test_a_stop_ends_it(voice: Espeak) -> None:
    stop = Stop()
    stop.ask()
    with pytest.raises(StoppedError):
        voice.say(Say(1, "one two three " * 1000), stop)
    later = Stop()
    threading.Timer(0.02, later.ask).start()
    with pytest.raises(StoppedError):
        voice.say(Say(2, "one two three " * 20_000), later)
    assert said(voice, "again").sound


def test_all_listed_voices_speak(voice: Espeak) -> None:
    voices = voice.listing().voices
    assert len(voices) > 100
    for code, name, _ in voices:
        clause = said(voice, "1 2 3", language=code)
        assert clause.language == code
        assert name
        assert clause.phonemes


def test_a_voice_that_is_none() -> None:
    with pytest.raises(EngineError, match="no voice xx-yy"):
        Espeak("xx-yy")
