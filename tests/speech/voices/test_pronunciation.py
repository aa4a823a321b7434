# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import os
from pathlib import Path

import pytest

from avatard.errors import AudioError
from avatard.speech.voices.ipa import bracketed, espeak_names, unknown
from avatard.speech.voices.pronunciation import PronunciationFile, Pronunciations, read_pronunciations
from avatard.speech.voices.wording import clean


def applied(text: str, **entries: str) -> str:
    return Pronunciations(entries).applied(clean(text)).text


def test_whole_words_alone() -> None:
    assert applied("gif gifs a-gif gif.", gif="jif") == "jif gifs a-jif jif."
    assert Pronunciations({"c++": "see plus plus"}).applied(clean("C++ or cc++")).text == "see plus plus or cc++"


def test_small_letters_mean_any_case_and_capitals_only_themselves() -> None:
    assert applied("gif Gif GIF", gif="jif") == "jif jif jif"
    assert applied("US us Us", US="you ess") == "you ess us Us"
    assert applied("US us", US="you ess", us="uz") == "you ess uz"


def test_the_longest_wins_and_nothing_is_replaced_twice() -> None:
    assert Pronunciations({"new": "old", "new york": "the city", "old": "x"}).applied(clean("new york new")).text == (
        "the city old"
    )


def test_words_keep_their_place_in_the_text() -> None:
    text = "a  nginx  server"
    wording = Pronunciations({"nginx": "engine x"}).applied(clean(text))
    assert wording.text == "a engine x server"
    engine, server = wording.text.index("engine"), wording.text.index("server")
    assert text[slice(*wording.source(engine, engine + 6))] == "nginx"
    assert text[slice(*wording.source(engine + 7, engine + 8))] == "nginx"
    assert text[slice(*wording.source(server, server + 6))] == "server"


def test_sounds_stay_with_their_word() -> None:
    wording = Pronunciations({"tomato": "/təˈmɑːtəʊ/", "a": "an"}).applied(clean("a tomato, Tomato"))
    assert wording.text == "an tomato, Tomato"
    assert wording.sounds == ((3, 9, "təˈmɑːtəʊ"), (11, 17, "təˈmɑːtəʊ"))
    assert [wording.text[a:b] for a, b, _ in wording.sounds] == ["tomato", "Tomato"]


def test_ipa_as_espeak_has_it() -> None:
    assert espeak_names("təˈmɑːtəʊ") == "t@'mA:toU"
    assert espeak_names("tʃɜːtʃ") == "tS3:tS"
    assert unknown("tʘk") == "ʘ"
    assert unknown("ˈdʒʌmp ˌɒf") == ""


def test_brackets_for_the_engines() -> None:
    text, origin = bracketed("a [[b]] c", [(8, 9, "si:")])
    assert text == "a [ [b] ] [[si:]]"
    assert [origin[text.index(letter)] for letter in "abs"] == [0, 4, 8]
    assert origin[-1] == 9


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("a = 1", "line 1: 'a' must be a text"),
        ('\n\n"b c" = ""', "line 3: 'b c' must be said with"),
        ('x = "/tʘ/"', "line 1: 'x' has 'ʘ' in it"),
        ('ok = "fine"\n[de]\nja = "yes"', "line 2: 'de' must be a text"),
        ('x = "a\\u0000b"', "line 1: 'x' has characters that cannot be said"),
        ('"" = "x"', "is no word"),
        ("a b = 1", "line 1"),
        ('a = "x"\na = "y"', "line 2"),
        ("x = [" * 5000, "is not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "p.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(AudioError) as e:
        read_pronunciations(tmp_path / "p.toml")
    assert said in e.value.message
    assert e.value.hint


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b'x = "\xe9"')
    (tmp_path / "long").write_bytes(b"#" * (2 << 20))
    for name in ("latin", "long", "none"):
        with pytest.raises(AudioError):
            read_pronunciations(tmp_path / name)


def test_the_file_is_read_again_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    file = PronunciationFile(path)
    assert file.current().applied(clean("gif")).text == "gif"
    path.write_text('gif = "jif"')
    assert file.current().applied(clean("gif")).text == "jif"
    path.write_text("gif = 1")
    os.utime(path, ns=(1, 1))
    with pytest.raises(AudioError):
        file.current()
    assert file.current().applied(clean("gif")).text == "jif"  # told once; the last good one holds
    path.unlink()
    assert file.current().applied(clean("gif")).text == "gif"
    path.mkdir()
    with pytest.raises(AudioError):
        file.current()
