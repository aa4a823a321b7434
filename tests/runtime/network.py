"""Small networks with random weights and the tensors of the engine `meshnet`, as engine folders."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tomli_w
from onnx import TensorProto, helper, numpy_helper

from avatard.runtime.engine_folder import EngineFolder, read_engine

OPSET = 17

#: Branch → its inputs (name, shape): picture, code, features of the portrait at half size.
BRANCHES: dict[str, tuple[tuple[str, list[int]], ...]] = {
    "mouth": (("mouth", [1, 9, 96, 128]), ("mouth_code", [1, 74]), ("mouth_ref", [1, 16, 24, 32])),
    "eyes": (("eyes", [2, 4, 64, 64]), ("eye_code", [2, 12]), ("eyes_ref", [2, 16, 16, 16])),
}
CHANNELS_OUT = 7


class _Graph:
    """Nodes and weights, named as they come."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._random = np.random.default_rng(seed)

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, value: Any) -> str:
        name = f"constant_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def conv(self, x: str, before: int, after: int, size: int = 3, stride: int = 1, relu: bool = True) -> str:
        weights = self._random.normal(0, (before * size * size) ** -0.5, (after, before, size, size))
        pad = size // 2
        y = self.add(
            "Conv", x, self.constant(weights.astype(np.float32)), kernel_shape=[size] * 2,
            strides=[stride] * 2, pads=[pad] * 4,
        )  # fmt: skip
        return self.add("Relu", y) if relu else y


def make_network(widths: tuple[int, int, int] = (8, 12, 16), blocks: int = 1, seed: int = 0) -> Any:
    """A model of `widths` channels at half, quarter and eighth size, with `blocks` convolutions at each."""
    graph, inputs, outputs = _Graph(seed), [], []
    for branch, tensors in BRANCHES.items():
        y = _branch(graph, widths, blocks, *tensors)
        name, shape = tensors[0]
        out = [shape[0], CHANNELS_OUT, *shape[2:]]
        graph.nodes.append(helper.make_node("Identity", [y], [f"{name}_out"], name=branch))
        inputs += [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in tensors]
        outputs.append(helper.make_tensor_value_info(f"{name}_out", TensorProto.FLOAT, out))
    made = helper.make_graph(graph.nodes, "meshnet", inputs, outputs, graph.weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _branch(
    g: _Graph,
    widths: tuple[int, int, int],
    blocks: int,
    picture: tuple[str, list[int]],
    code: tuple[str, list[int]],
    ref: tuple[str, list[int]],
) -> str:
    a, b, c = widths
    n = picture[1][0]
    half = _deep(g, g.conv(picture[0], picture[1][1], a, stride=2), a, blocks)
    quarter = g.add("Concat", g.conv(half, a, b, stride=2), ref[0], axis=1)
    quarter = _deep(g, g.conv(quarter, b + ref[1][1], b, 1), b, blocks)
    low = g.conv(quarter, b, c, stride=2)
    weights = np.random.default_rng(len(g.nodes)).normal(0, 0.1, (code[1][1], c)).astype(np.float32)
    bias = g.add("Reshape", g.add("MatMul", code[0], g.constant(weights)), g.constant(np.array([n, c, 1, 1], np.int64)))
    low = _deep(g, g.add("Add", low, bias), c, blocks)
    up = g.add("DepthToSpace", g.conv(low, c, 4 * b, 1), blocksize=2, mode="CRD")
    quarter = _deep(g, g.add("Add", quarter, up), b, blocks)
    up = g.add("DepthToSpace", g.conv(quarter, b, 4 * a, 1), blocksize=2, mode="CRD")
    half = _deep(g, g.add("Add", half, up), a, blocks)
    return g.add("DepthToSpace", g.conv(half, a, 4 * CHANNELS_OUT, 1, relu=False), blocksize=2, mode="CRD")


def _deep(g: _Graph, x: str, channels: int, blocks: int) -> str:
    for _ in range(blocks):
        x = g.conv(x, channels, channels)
    return x


def write_folder(folder: Path, data: bytes, model: Any = None, **changed: Any) -> Path:
    """An engine folder with `data` as its model.onnx, and an engine.toml that describes `model`, but for `changed`.

    model: by default what `data` holds. A key of `changed` that is None is left out.
    """
    model = model if model is not None else onnx.load_from_string(data)
    outputs = _tensors(model.graph.output)
    toml = {
        "schema": 1,
        "name": folder.name,
        "licence": "Apache-2.0",
        "opset": OPSET,
        "sha256": hashlib.sha256(data).hexdigest(),
        "inputs": _tensors(model.graph.input),
        "outputs": outputs,
        "tolerance": {tensor["name"]: 0.02 for tensor in outputs},
        "training": {"seed": 0},
        **changed,
    }
    (folder / "1").mkdir(parents=True)
    (folder / "1" / "model.onnx").write_bytes(data)
    (folder / "engine.toml").write_text(tomli_w.dumps({k: v for k, v in toml.items() if v is not None}))
    return folder


def _tensors(infos: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"name": i.name, "shape": [dim.dim_value for dim in i.type.tensor_type.shape.dim], "dtype": "float32"}
        for i in infos
    ]


def make_engine(folder: Path, **network: Any) -> EngineFolder:
    """An engine with random weights, written to `folder` and read back."""
    return read_engine(write_folder(folder, make_network(**network).SerializeToString()))
