from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from avatard.errors import AudioError
from avatard.speech.voices import piper_files
from avatard.speech.voices.piper_files import read_piper_files
from tests.speech.voices.tiny_voice import SETTINGS, network, write_voice


def test_a_sound_voice(tmp_path: Path) -> None:
    files = read_piper_files(write_voice(tmp_path))
    assert (files.language, files.speakers) == ("en-us", 1)
    assert files.model == (tmp_path / "tiny.onnx").read_bytes()


def test_several_speakers_have_one_input_more(tmp_path: Path) -> None:
    several = network(("input", "input_lengths", "scales", "sid"))
    assert read_piper_files(write_voice(tmp_path, several, num_speakers=3)).speakers == 3
    with pytest.raises(AudioError, match="its inputs are"):
        read_piper_files(write_voice(tmp_path, several))


def refused(file: Path) -> AudioError:
    with pytest.raises(AudioError) as e:
        read_piper_files(file)
    assert e.value.hint
    return e.value


def test_a_missing_json_is_named(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    file.with_name("tiny.onnx.json").unlink()
    assert f"{file}.json is missing" in refused(file).message


def test_files_that_are_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_voice(tmp_path)
    assert "there is no file" in refused(tmp_path / "none.onnx").message
    whole = file.read_bytes()
    for data in (b"", b"\x80\x02pickle", whole[: len(whole) // 2], b"<html>"):
        file.write_bytes(data)
        assert "is no voice" in refused(file).message
    monkeypatch.setattr(piper_files, "MAX_MODEL_MB", 0)
    file.write_bytes(whole)
    assert "more than any voice" in refused(file).message
    file.unlink()
    file.mkdir()
    assert "there is no file" in refused(file).message


def test_models_that_are_no_voice_or_could_run_anything(tmp_path: Path) -> None:
    assert (
        "its inputs are" in refused(write_voice(tmp_path, network(("input", "input_lengths", "scales", "x")))).message
    )
    assert "operators beyond ONNX's own (evil)" in refused(write_voice(tmp_path, network(domain="evil"))).message
    outside = network()
    outside.graph.initializer.append(numpy_helper.from_array(np.zeros(4, np.float32), "more"))
    tensor = outside.graph.initializer[-1]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    (tmp_path / "tiny.onnx").write_bytes(outside.SerializeToString())
    assert "in other files" in refused(tmp_path / "tiny.onnx").message


BAD: dict[str, Any] = {
    "no rate": {"audio": {}},
    "a rate of another world": {"audio": {"sample_rate": 10**9}},
    "no alphabet": {"phoneme_id_map": {"a": [1]}},
    "numbers beyond": {"phoneme_id_map": {**SETTINGS["phoneme_id_map"], "x": [999]}},
    "numbers that are none": {"phoneme_id_map": {**SETTINGS["phoneme_id_map"], "x": ["1"]}},
    "a path for a language": {"espeak": {"voice": "../" * 20}},
    "an alphabet that needs a download": {"phoneme_type": "pinyin"},
    "speakers": {"num_speakers": True},
    "a scale": {"inference": {"length_scale": float("inf")}},
    "no scale": {"inference": {"length_scale": "fast"}},
    "a list": {"audio": []},
}


@pytest.mark.parametrize("settings", BAD.values(), ids=BAD.keys())
def test_settings_that_do_not_fit(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert "is not the settings of a voice" in refused(write_voice(tmp_path, **settings)).message


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"3", b"{" * 9000, json.dumps({"audio": 1}).encode()])
def test_settings_that_are_none(tmp_path: Path, raw: bytes) -> None:
    file = write_voice(tmp_path)
    file.with_name("tiny.onnx.json").write_bytes(raw)
    assert "is not the settings of a voice" in refused(file).message
