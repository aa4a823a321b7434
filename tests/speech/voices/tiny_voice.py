"""A voice for Piper of some hundred bytes: each sound is a tone of two frames. Runs in the real Piper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: Letters and marks of espeak-ng's English.
ALPHABET = "_^$ .,!?abcdefhijklmnopstuvwzæðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒˈˌːθ"  # noqa: RUF001 (IPA)
SAMPLE_RATE, HOP, FRAMES = 16_000, 256, 2
SETTINGS: dict[str, Any] = {
    "audio": {"sample_rate": SAMPLE_RATE},
    "espeak": {"voice": "en-us"},
    "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
    "phoneme_type": "espeak",
    "num_symbols": len(ALPHABET),
    "num_speakers": 1,
    "phoneme_id_map": {letter: [i] for i, letter in enumerate(ALPHABET)},
    "hop_length": HOP,
}


def network(inputs: Sequence[str] = ("input", "input_lengths", "scales"), domain: str = "", ceils: int = 1) -> Any:
    """The graph: samples of a sine, as many as the sounds' frames are long. ceils: how many nodes round up."""
    kinds = {"scales": TensorProto.FLOAT}
    node = helper.make_node
    constants = {
        "zero": np.float32(0),
        "frames": np.float32(FRAMES),
        "hop": np.float32(HOP),
        "start": np.float32(0),
        "step": np.float32(1),
        "pitch": np.float32(0.2),
        "half": np.float32(0.3),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "sound": np.array([1, 1, 1, -1], np.int64),
        "lengths": np.array([1, 1, -1], np.int64),
    }
    nodes = [
        node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        node("Mul", ["ids", "zero"], ["nothing"]),
        node("Slice", ["scales", "one", "two"], ["length_scale"]),
        node("Mul", ["frames", "length_scale"], ["each"]),
        node("Add", ["nothing", "each"], ["wanted"]),
        *(node("Ceil", ["wanted"], [f"whole{i}"]) for i in range(ceils)),
        node("Identity", ["whole0" if ceils else "wanted"], ["kept"]),
        node("ReduceSum", ["kept"], ["total"], keepdims=0),
        node("Mul", ["total", "hop"], ["samples"]),
        node("Range", ["start", "samples", "step"], ["time"]),
        node("Mul", ["time", "pitch"], ["phase"]),
        node("Sin", ["phase"], ["wave"]),
        node("Mul", ["wave", "half"], ["soft"], domain=domain),
        node("Reshape", ["soft", "sound"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kinds.get(name, TensorProto.INT64), None) for name in inputs],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 15), *([helper.make_opsetid(domain, 1)] if domain else [])]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def write_voice(folder: Path, model: Any = None, **settings: Any) -> Path:
    """tiny.onnx and its settings in `folder`; the path of the first."""
    file = folder / "tiny.onnx"
    onnx.save(model or network(), str(file))
    file.with_name("tiny.onnx.json").write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")
    return file
