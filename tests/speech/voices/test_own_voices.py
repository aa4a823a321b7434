from __future__ import annotations

from pathlib import Path

import pytest

from avatard.errors import AudioError, ConsentError
from avatard.speech.voices.own_voices import OwnVoices
from tests.speech.voices.tiny_voice import write_voice

RIGHTS = "my own voice, recorded for me"


@pytest.fixture
def kept(tmp_path: Path) -> OwnVoices:
    return OwnVoices(tmp_path / "voices")


def test_a_voice_is_kept_with_its_rights(kept: OwnVoices, tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    added = kept.add(file, "mine", f"  {RIGHTS}\n")
    data = file.read_bytes()
    file.unlink()

    (voice,) = kept.list()
    assert voice == added
    assert (voice.name, voice.language, voice.rights) == ("mine", "en-us", RIGHTS)
    assert voice.model.read_bytes() == data
    assert (tmp_path / "voices").stat().st_mode & 0o077 == 0

    kept.remove("mine")
    assert kept.list() == ()
    assert list((tmp_path / "voices").iterdir()) == []


@pytest.mark.parametrize("rights", ["", "  \n"])
def test_without_rights_there_is_a_line_to_paste(kept: OwnVoices, tmp_path: Path, rights: str) -> None:
    file = write_voice(tmp_path)
    with pytest.raises(ConsentError, match="whose voice mine is") as e:
        kept.add(file, "mine", rights)
    assert f'avatard voice add {file} --name mine --rights "' in e.value.hint
    assert not (tmp_path / "voices").exists()


def test_what_cannot_be_kept_leaves_nothing_behind(kept: OwnVoices, tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    for name in ("", "Mine", "../mine", "a" * 33, "-x", "a b"):
        with pytest.raises(AudioError, match="is no name for a voice"):
            kept.add(file, name, RIGHTS)
    with pytest.raises(AudioError, match="there is a voice joe already"):
        kept.add(file, "joe", RIGHTS, taken={"joe"})
    with pytest.raises(AudioError, match="characters"):
        kept.add(file, "mine", "x" * 501)
    file.write_bytes(b"")
    with pytest.raises(AudioError, match="is no voice"):
        kept.add(file, "mine", RIGHTS)
    assert not (tmp_path / "voices").exists()


def test_a_name_is_taken_once(kept: OwnVoices, tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    kept.add(file, "mine", RIGHTS)
    with pytest.raises(AudioError, match="already") as e:
        kept.add(file, "mine", RIGHTS)
    assert "avatard voice remove mine" in e.value.hint


def test_damaged_ones_are_not_listed_but_can_be_removed(kept: OwnVoices, tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    for name in ("a", "b", "c", "d"):
        kept.add(file, name, RIGHTS)
    (tmp_path / "voices/a/voice.toml").write_text("name = 3")
    (tmp_path / "voices/b/voice.onnx.json").unlink()
    (tmp_path / "voices/c").rename(tmp_path / "voices/renamed")
    assert [voice.name for voice in kept.list()] == ["d"]
    for name in ("a", "b", "renamed", "d"):
        kept.remove(name)
    for name in ("d", "..", ""):
        with pytest.raises(AudioError, match="no voice of yours"):
            kept.remove(name)


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "voices").write_text("a file")
    with pytest.raises(AudioError, match="cannot keep the voice"):
        OwnVoices(tmp_path / "voices").add(write_voice(tmp_path), "mine", RIGHTS)
