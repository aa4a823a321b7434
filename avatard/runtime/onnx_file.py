"""What an ONNX file says of itself, without running it: tensors, opset, operator domains, external data.

The part of onnx.proto that is needed is declared here and read by protobuf's own parser (it comes with MediaPipe and
skips what it does not know). The `onnx` package would do the same for 17 MB more, and its new versions need a
protobuf that MediaPipe refuses. ONNX Runtime tells neither opset nor domains, and follows external data by itself.
Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from avatard.errors import EngineError

#: TensorProto.DataType → numpy's name.
DTYPES: Final = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}
#: TensorProto.DataLocation.EXTERNAL
_EXTERNAL: Final = 1
#: The default operator set has two names.
_STANDARD: Final = frozenset({"", "ai.onnx"})

#: Message → field → (number, type, repeated). A type in capitals is another message.
_SCHEMA: Final[dict[str, dict[str, tuple[int, str, bool]]]] = {
    "Dim": {"value": (1, "int64", False), "param": (2, "string", False)},
    "Shape": {"dim": (1, "Dim", True)},
    "TensorType": {"elem_type": (1, "int32", False), "shape": (2, "Shape", False)},
    "Type": {"tensor_type": (1, "TensorType", False)},
    "ValueInfo": {"name": (1, "string", False), "type": (2, "Type", False)},
    "Tensor": {"name": (8, "string", False), "data_location": (14, "int32", False)},
    "SparseTensor": {"values": (1, "Tensor", False), "indices": (2, "Tensor", False)},
    "Attribute": {
        "t": (5, "Tensor", False),
        "g": (6, "Graph", False),
        "tensors": (10, "Tensor", True),
        "graphs": (11, "Graph", True),
        "sparse_tensor": (22, "SparseTensor", False),
        "sparse_tensors": (23, "SparseTensor", True),
    },
    "Node": {
        "output": (2, "string", True),
        "op_type": (4, "string", False),
        "attribute": (5, "Attribute", True),
        "domain": (7, "string", False),
    },
    "Graph": {
        "node": (1, "Node", True),
        "initializer": (5, "Tensor", True),
        "input": (11, "ValueInfo", True),
        "output": (12, "ValueInfo", True),
        "sparse_initializer": (15, "SparseTensor", True),
    },
    "OperatorSet": {"domain": (1, "string", False), "version": (2, "int64", False)},
    "Function": {"node": (7, "Node", True)},
    "Model": {
        "graph": (7, "Graph", False),
        "opset_import": (8, "OperatorSet", True),
        "functions": (25, "Function", True),
    },
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output: name, fixed shape, numpy's name of the dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{self.name} {list(self.shape)} {self.dtype}"


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What was found. A dimension that is not fixed is -1. domains: of operators beyond ONNX's own."""

    opset: int
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    domains: frozenset[str]
    external: tuple[str, ...]  #: names of tensors whose data lies in other files


def examine(data: bytes) -> OnnxFile:
    """Look into the bytes of a model.onnx. Raises EngineError when they are no whole ONNX model."""
    model = _parsed(data)
    initialised = {tensor.name for tensor in model.graph.initializer}
    nodes = [*_nodes(model.graph.node), *(node for f in model.functions for node in _nodes(f.node))]
    domains = {node.domain for node in nodes} | {used.domain for used in model.opset_import}
    tensors = [*_initializers(model.graph), *(tensor for node in nodes for tensor in _attached(node))]
    return OnnxFile(
        opset=max((used.version for used in model.opset_import if used.domain in _STANDARD), default=0),
        # Before IR 4 initializers were listed among the inputs.
        inputs=tuple(_tensor(info) for info in model.graph.input if info.name not in initialised),
        outputs=tuple(_tensor(info) for info in model.graph.output),
        domains=frozenset(domains - _STANDARD),
        external=tuple(tensor.name for tensor in tensors if tensor.data_location == _EXTERNAL),
    )


def outputs_of(data: bytes, op_type: str) -> tuple[str, ...]:
    """Names of what the nodes of that operator put out, in the graph itself. Raises EngineError as `examine`."""
    return tuple(name for node in _parsed(data).graph.node if node.op_type == op_type for name in node.output)


def with_output(data: bytes, tensor: str) -> bytes:
    """The model with `tensor`, which a node puts out, as an output more, behind its others.

    Protobuf adds up the parts of a message that comes twice, so these are a few bytes behind the file.
    """
    more = _message("Model")()
    more.graph.output.add(name=tensor)
    added: bytes = more.SerializeToString()
    return data + added


def _parsed(data: bytes) -> Any:
    """The model. Raises EngineError."""
    from google.protobuf.message import DecodeError

    model = _message("Model")()
    try:
        model.ParseFromString(data)
    except DecodeError as e:
        raise EngineError("it is not a whole ONNX model") from e
    if not model.opset_import or not model.graph.node:
        raise EngineError("it is not a whole ONNX model: no operators in it")
    return model


def _nodes(nodes: Any) -> Iterator[Any]:
    """All nodes, those of subgraphs (If, Loop, Scan) too."""
    for node in nodes:
        yield node
        for attribute in node.attribute:
            for graph in (attribute.g, *attribute.graphs):
                yield from _nodes(graph.node)


def _initializers(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)


def _attached(node: Any) -> Iterator[Any]:
    """The tensors in a node's attributes, those of its subgraphs' initializers too."""
    for attribute in node.attribute:
        yield from (attribute.t, *attribute.tensors)
        for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
            yield from (sparse.values, sparse.indices)
        for graph in (attribute.g, *attribute.graphs):
            yield from _initializers(graph)


def _tensor(info: Any) -> Tensor:
    kind = info.type.tensor_type
    shape = tuple(dim.value if dim.HasField("value") else -1 for dim in kind.shape.dim)
    return Tensor(info.name, shape, DTYPES.get(kind.elem_type, f"type {kind.elem_type}"))


@functools.cache
def _message(name: str) -> Any:
    """The class of a message of `_SCHEMA`."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    of = descriptor_pb2.FieldDescriptorProto
    scalars = {"int32": of.TYPE_INT32, "int64": of.TYPE_INT64, "string": of.TYPE_STRING}
    file = descriptor_pb2.FileDescriptorProto(name="avatard/onnx_part.proto", package="avatard.onnx", syntax="proto2")
    for message, fields in _SCHEMA.items():
        declared = file.message_type.add(name=message)
        for field, (number, kind, repeated) in fields.items():
            label = of.LABEL_REPEATED if repeated else of.LABEL_OPTIONAL
            if kind in scalars:
                declared.field.add(name=field, number=number, label=label, type=scalars[kind])
            else:
                kind = f".avatard.onnx.{kind}"
                declared.field.add(name=field, number=number, label=label, type=of.TYPE_MESSAGE, type_name=kind)
    pool = descriptor_pool.DescriptorPool()  # a pool of its own: the real onnx package may be loaded too
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"avatard.onnx.{name}"))
