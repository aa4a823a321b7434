"""An ONNX graph under construction, and the blocks that these networks are made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

#: The first with a GridSample of volumes.
OPSET = 20
_IR = 10
#: So many random numbers come again and again: a hundred million different ones would cost nothing else but time.
_DIFFERENT = 1_000_003


class Graph:
    """Adds one node after the other; each method returns the name of what it makes.

    parameters: how many learned numbers were added, batch normalisation's statistics not counted, as torch counts.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._names = count()
        self._noise = np.random.default_rng(0).standard_normal(_DIFFERENT, np.float32)
        self.parameters = 0

    def input(self, name: str, *shape: int) -> str:
        """A float32 input."""
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def constant(self, value: Any, dtype: npt.DTypeLike = np.float32) -> str:
        """A number or an array that is not learned."""
        name = f"c{next(self._names)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def whole(self, *values: int) -> str:
        """A list of int64: a shape, or axes."""
        return self.constant(values, np.int64)

    def weight(self, *shape: int) -> str:
        """Learned numbers, (into, from, …): random, as He et al. start them, so that nothing dies away or overflows
        through forty layers. Arithmetic on the smallest of floats would cost more than the real network's."""
        self.parameters += int(np.prod(shape))
        fan = int(np.prod(shape[1:]))
        return self.constant(np.resize(self._noise, shape) * np.float32((2 / fan) ** 0.5))

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node with one output."""
        (made,) = self.ops(kind, 1, *inputs, **attributes)
        return made

    def ops(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """A node with several."""
        names = [f"t{next(self._names)}" for _ in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def model(self, output: str) -> onnx.ModelProto:
        """The whole, with `output` as its output."""
        self._nodes.append(helper.make_node("Identity", [output], ["out"]))
        out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
        graph = helper.make_graph(self._nodes, self._name, self._inputs, [out], self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR)

    # Blocks.

    def conv(
        self, x: str, channels: int, into: int, kernel: int, pad: int, *, volume: bool = False, bias: bool = True
    ) -> str:
        """A convolution of stride 1, of pictures or of volumes."""
        axes = 3 if volume else 2
        inputs = [x, self.weight(into, channels, *[kernel] * axes)]
        if bias:
            self.parameters += into
            inputs.append(self.constant(np.zeros(into)))
        return self.op("Conv", *inputs, kernel_shape=[kernel] * axes, pads=[pad] * 2 * axes)

    def linear(self, x: str, channels: int, into: int) -> str:
        """A fully connected layer over the last axis."""
        self.parameters += into
        weights = self.op("Transpose", self.weight(into, channels), perm=[1, 0])  # folded when the model is loaded
        return self.op("Add", self.op("MatMul", x, weights), self.constant(np.zeros(into)))

    def batch_norm(self, x: str, channels: int) -> str:
        """Batch normalisation at inference, with its own scale and shift."""
        self.parameters += 2 * channels
        ones, zeros = np.ones(channels), np.zeros(channels)
        return self.op("BatchNormalization", x, *map(self.constant, (ones, zeros, zeros, ones)))

    def down(self, x: str, channels: int, into: int, *, volume: bool = False) -> str:
        """3x3(x3) convolution, normalisation, ReLU, mean over 2x2: a volume keeps its depth."""
        y = self.op("Relu", self.batch_norm(self.conv(x, channels, into, 3, 1, volume=volume), into))
        window = [1, 2, 2] if volume else [2, 2]
        return self.op("AveragePool", y, kernel_shape=window, strides=window)

    def up(self, x: str, channels: int, into: int, *, volume: bool = False) -> str:
        """Twice the size, each pixel copied; then 3x3(x3) convolution, normalisation, ReLU."""
        y = self.resize(x, [1, 1, 1, 2, 2] if volume else [1, 1, 2, 2])
        return self.op("Relu", self.batch_norm(self.conv(y, channels, into, 3, 1, volume=volume), into))

    def resize(self, x: str, scales: Sequence[float], mode: str = "nearest") -> str:
        """Scale each axis by a factor."""
        return self.op("Resize", x, "", self.constant(scales), mode=mode, nearest_mode="floor")

    def hourglass(self, x: str, channels: int, base: int, most: int, blocks: int, *, volume: bool = False) -> str:
        """Down `blocks` times and up again, with what was on the way down put beside; gives base + channels ones."""
        sizes = [channels, *(min(most, base * 2 ** (index + 1)) for index in range(blocks))]
        way = [x]
        for before, after in pairwise(sizes):
            way.append(self.down(way[-1], before, after, volume=volume))
        y = way.pop()
        for index in reversed(range(blocks)):
            beside = 1 if index == blocks - 1 else 2
            into = min(most, base * 2**index)
            y = self.up(y, beside * min(most, base * 2 ** (index + 1)), into, volume=volume)
            y = self.op("Concat", y, way.pop(), axis=1)
        return y


def grid(*sizes: int) -> npt.NDArray[np.float32]:
    """Coordinates -1..1 of each point, x first: sizes (D, H, W) give DxHxWx3, (H, W) give HxWx2."""
    axes = [np.linspace(-1, 1, size, dtype=np.float32) for size in sizes]
    return np.stack(np.meshgrid(*axes, indexing="ij")[::-1], -1)
