"""A voice for Piper as a user brings it: NAME.onnx and NAME.onnx.json, checked before anything runs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from avatard.errors import AudioError, EngineError
from avatard.runtime.onnx_file import OnnxFile, examine

#: Piper's own, of high quality, have 114 MB.
MAX_MODEL_MB: Final = 512
_MAX_SETTINGS_BYTES: Final = 1 << 20
_MB: Final = 10**6
#: Piper's export: https://github.com/OHF-Voice/piper1-gpl (docs/TRAINING.md). sid: with several speakers only.
_INPUTS: Final = {"input": "int64", "input_lengths": "int64", "scales": "float32"}
_SPEAKER: Final = {"sid": "int64"}
#: The others need dictionaries that Piper downloads.
_ALPHABETS: Final = ("espeak", "text")
_EXPORT: Final = "Export it with Piper's own: python -m piper.train.export_onnx"


@dataclass(frozen=True, slots=True)
class PiperFiles:
    """A voice that passed every check. language: espeak-ng's code. model, settings: the bytes that were checked."""

    language: str
    speakers: int
    model: bytes
    settings: bytes


def read_piper_files(file: Path) -> PiperFiles:
    """Read and check FILE.onnx and the FILE.onnx.json beside it. Nothing is run.

    Raises AudioError: one is missing, unreadable or too large; no ONNX, or one with other inputs than Piper's, with
    operators beyond ONNX's own, or with data in other files; settings that do not fit.
    """
    model = _read(file, MAX_MODEL_MB * _MB, "A voice for Piper is NAME.onnx with NAME.onnx.json beside it.")
    beside = file.with_name(f"{file.name}.json")
    if not beside.is_file():
        raise AudioError(
            f"{beside} is missing: without its settings nobody knows which sounds the voice has",
            f"Copy it there; it comes with the voice: {beside.name}",
        )
    settings = _read(beside, _MAX_SETTINGS_BYTES, "It is some KiB of JSON.")
    try:
        found = examine(model)
    except EngineError as e:
        raise AudioError(f"{file} is no voice: {e.message}", _EXPORT) from e
    language, speakers = _check_settings(beside, settings)
    _check_model(file, found, speakers)
    return PiperFiles(language, speakers, model, settings)


def _read(file: Path, limit: int, hint: str) -> bytes:
    try:
        if not file.is_file():
            raise AudioError(f"there is no file {file}", hint)
        size = file.stat().st_size
        if size > limit:
            raise AudioError(f"{file} has {size / _MB:.0f} MB, more than any voice", hint)
        return file.read_bytes()
    except OSError as e:
        raise AudioError(f"{file} cannot be read: {e.strerror}", hint) from e


def _check_model(file: Path, found: OnnxFile, speakers: int) -> None:
    if found.domains:
        raise AudioError(
            f"{file} uses operators beyond ONNX's own ({', '.join(sorted(found.domains))})",
            f"They could run anything, and are refused. {_EXPORT}",
        )
    if found.external:
        raise AudioError(f"{file} keeps its data in other files", "Save it as one file: onnx.save(model, file)")
    wanted = {**_INPUTS, **(_SPEAKER if speakers > 1 else {})}
    inputs = {tensor.name: tensor.dtype for tensor in found.inputs}
    if inputs != wanted:
        has = ", ".join(map(str, found.inputs)) or "none"
        raise AudioError(f"{file} is no voice for Piper: its inputs are {has}, not {', '.join(wanted)}", _EXPORT)
    if not found.outputs:
        raise AudioError(f"{file} is no voice for Piper: it puts nothing out", _EXPORT)


def _check_settings(file: Path, raw: bytes) -> tuple[str, int]:
    """Language and number of speakers."""
    try:
        data: Any = json.loads(raw)
        sample_rate, language = data["audio"]["sample_rate"], data["espeak"]["voice"]
        symbols, speakers, id_map = data["num_symbols"], data["num_speakers"], data["phoneme_id_map"]
        alphabet = data.get("phoneme_type", "espeak")
        scales = [data.get("inference", {}).get(name, 1.0) for name in ("noise_scale", "length_scale", "noise_w")]
        ids = [i for name, several in id_map.items() for i in several]
    except KeyError as e:
        raise _unfit(file, f"it has no {e}") from e
    except (ValueError, TypeError, AttributeError, RecursionError) as e:
        raise _unfit(file, f"it cannot be read: {e}") from e
    if not _is_whole(sample_rate, 8_000, 48_000):
        raise _unfit(file, f"sample_rate {sample_rate} is not from 8000 to 48000")
    if not isinstance(language, str) or not language.isascii() or not 1 <= len(language) <= 32:
        raise _unfit(file, "espeak's voice is no name of a language")
    if alphabet not in _ALPHABETS:
        raise _unfit(file, f"phoneme_type {alphabet} is none that works without a download")
    if not _is_whole(symbols, 1, 10_000) or not _is_whole(speakers, 0, 10_000):
        raise _unfit(file, "num_symbols or num_speakers is no such number")
    if not {"_", "^", "$"} <= id_map.keys() or not all(_is_whole(i, 0, symbols - 1) for i in ids):
        raise _unfit(file, f"phoneme_id_map has not _, ^ and $, or numbers beyond num_symbols ({symbols})")
    if not all(isinstance(s, (int, float)) and 0 <= s <= 10 for s in scales):
        raise _unfit(file, "inference has a scale that cannot be")
    return language, speakers


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _unfit(file: Path, why: str) -> AudioError:
    return AudioError(f"{file} is not the settings of a voice: {why}", "It must be the one made with the voice.")
