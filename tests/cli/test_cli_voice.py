from __future__ import annotations

import importlib.util
import json
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result

from avatard import audio, paths
from avatard.cli.group import cli
from avatard.config import AudioConfig
from avatard.utterance import RATE, Pcm
from tests.speech.voices.tiny_voice import network, write_voice


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATARD_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text('[speech]\nvoice = "en-gb"\nvolume = 1.0\n')
    monkeypatch.setattr(paths, "voices", lambda: tmp_path / "voices")
    monkeypatch.setattr(paths, "aligned_voices", lambda: tmp_path / "cache")
    monkeypatch.setattr(paths, "pronunciation_file", lambda: tmp_path / "pronunciation.toml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["voice", *arguments])


def test_list_for_people() -> None:
    lines = run("list", "en").stdout.splitlines()
    assert any(line.startswith("* en-gb ") and "English (Great Britain)" in line for line in lines)
    assert any(line.startswith("  joe ") and "Piper" in line for line in lines)
    assert not any(line.startswith("  de ") for line in lines)
    assert len(run("list").stdout.splitlines()) > 100
    assert run("list", "tlh").stdout == "No voice speaks tlh.\n"


def test_list_for_programs() -> None:
    listed = json.loads(run("list", "--json").stdout)
    by_id = {voice["id"]: voice for voice in listed["voices"]}
    assert by_id["en-gb"] == {
        "id": "en-gb",
        "name": "English (Great Britain)",
        "language": "en-gb",
        "engine": "espeak-ng",
        "licence": "GPL-3.0-or-later",
        "rights": "nobody's: it is computed",
        "installed": True,
        "in_use": True,
    }
    assert by_id["joe"]["licence"].startswith("CC0")
    assert "f3" in listed["variants"]


def test_a_voice_comes_and_goes(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    done = run("add", str(file), "--name", "me")
    assert done.exit_code == 15
    assert f'avatard voice add {file} --name me --rights "' in done.stderr
    assert run("add", str(file), "--name", "joe", "--rights", "mine").exit_code == 17
    assert run("add", str(file), "--name", "de", "--rights", "mine").exit_code == 17

    done = run("add", str(file), "--name", "me", "--rights", "mine")
    assert "avatard config set speech.voice me" in done.stdout
    (mine,) = (voice for voice in json.loads(run("list", "--json").stdout)["voices"] if voice["id"] == "me")
    assert (mine["engine"], mine["language"], mine["rights"]) == ("Piper", "en-us", "mine")

    assert "It is kept." in CliRunner().invoke(cli, ["voice", "remove", "me"], input="n\n").stdout
    assert run("remove", "me", "--yes").exit_code == 0
    assert run("remove", "me", "--yes").exit_code == 17


def test_a_voice_that_does_not_run_is_not_kept(tmp_path: Path) -> None:
    pytest.importorskip("piper", reason="pip install 'avatard[voices]'")
    silent = network()
    silent.graph.node[-2].op_type = "Nonsense"
    done = run("add", str(write_voice(tmp_path, silent)), "--name", "me", "--rights", "mine")
    assert done.exit_code == 17
    assert "cannot be loaded" in done.stderr
    assert list((tmp_path / "voices").iterdir()) == []


def test_without_piper_it_is_kept_for_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "piper" else real(name))
    done = run("add", str(write_voice(tmp_path)), "--name", "me", "--rights", "mine")
    assert "pip install 'avatard[voices]'" in done.stdout
    assert "not installed" in run("list", "en").stdout


def test_a_missing_json_is_named(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    (tmp_path / "tiny.onnx.json").unlink()
    done = run("add", str(file), "--name", "me", "--rights", "mine")
    assert done.exit_code == 17
    assert f"{file}.json is missing" in done.stderr


def test_a_try_as_a_file(tmp_path: Path) -> None:
    out = tmp_path / "voice.wav"
    done = run("test", "en-us+f3", "Hello, you.", "--out", str(out))
    assert done.exit_code == 0
    assert done.stdout.startswith("en-us+f3 (espeak-ng): ")
    with wave.open(str(out), "rb") as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (RATE, 1, 2)
        sound = np.frombuffer(wav.readframes(wav.getnframes()), np.int16)
    assert 0.5 < len(sound) / RATE < 2
    assert np.abs(sound).max() > 3000


def test_an_own_voice_speaks(tmp_path: Path) -> None:
    pytest.importorskip("piper", reason="pip install 'avatard[voices]'")
    run("add", str(write_voice(tmp_path)), "--name", "me", "--rights", "mine")
    done = run("test", "me", "Papa.", "--out", str(tmp_path / "voice.wav"))
    assert done.stdout.startswith("me (Piper): 0.")


def test_what_cannot_be_said_or_written(tmp_path: Path) -> None:
    assert run("test", "en-us", "...", "--out", str(tmp_path / "x.wav")).stdout == "There is nothing to say in it.\n"
    assert run("test", "en-us", "hello", "--out", str(tmp_path / "no" / "x.wav")).exit_code == 17
    done = run("test", "en-su")
    assert done.exit_code == 17
    assert "en-us" in done.stderr


def test_a_mistake_in_the_pronunciations_is_told(tmp_path: Path) -> None:
    (tmp_path / "pronunciation.toml").write_text("\ngif = 1")
    done = run("test", "en-us", "hello", "--out", str(tmp_path / "x.wav"))
    assert done.exit_code == 17
    assert "pronunciation.toml, line 2" in done.stderr


class FakeFeed:
    """Takes sound at once, as a device of no delay."""

    queued_s = 0.0

    def __init__(self, missing: str = "") -> None:
        self.missing = missing
        self.heard: list[Pcm] = []

    def write(self, pcm: Pcm) -> int:
        self.heard.append(pcm)
        return 0


@pytest.mark.parametrize("missing", ["", "no sound server answers"])
def test_played_to_the_user_alone(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    feed = FakeFeed(missing)

    @contextmanager
    def fake_audio(config: AudioConfig) -> Iterator[SimpleNamespace]:
        assert (config.output, config.microphone) == ("none", "none")
        yield SimpleNamespace(monitor=feed)

    monkeypatch.setattr(audio, "open_audio", fake_audio)
    done = run("test", "en-us", "Hello, you.")
    if missing:
        assert done.exit_code == 17
        assert "--out voice.wav" in done.stderr
        assert feed.heard == []
    else:
        assert done.exit_code == 0
        assert len(feed.heard) == 2
