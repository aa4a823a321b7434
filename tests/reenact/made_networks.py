"""Both networks of `meshnet` as engine folders, with random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tests.runtime.network import OPSET, make_engine, write_folder

#: Output → picture it is made of, and both shapes.
_BRANCHES = {
    "mouth_ref": ("mouth", [1, 3, 96, 128], [1, 16, 24, 32]),
    "eyes_ref": ("eyes", [2, 3, 64, 64], [2, 16, 16, 16]),
}


def make_encoder(seed: int = 0) -> Any:
    """A convolution of step 4 for each picture."""
    random = np.random.default_rng(seed)
    nodes, weights, inputs, outputs = [], [], [], []
    for name, (picture, shape, out) in _BRANCHES.items():
        weights.append(numpy_helper.from_array(random.normal(0, 0.1, (16, 3, 4, 4)).astype(np.float32), f"w_{name}"))
        nodes.append(helper.make_node("Conv", [picture, f"w_{name}"], [name], kernel_shape=[4, 4], strides=[4, 4]))
        inputs.append(helper.make_tensor_value_info(picture, TensorProto.FLOAT, shape))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, out))
    graph = helper.make_graph(nodes, "meshnet_encoder", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def write_networks(folder: Path) -> Path:
    """Both, in `folder`, which is made."""
    make_engine(folder / "meshnet")
    write_folder(folder / "meshnet_encoder", make_encoder().SerializeToString())
    return folder
