"""A CUDA runtime and a TensorRT that keep to their rules in ordinary memory: there is no GPU where tests run.

Device memory is memory that only copies may touch; a graph replays what was put on the stream while it was captured,
with the addresses of then; a "plan" is the ONNX behind a mark, run by ONNX Runtime.
"""

from __future__ import annotations

import ctypes
import enum
import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime

MARK = b"a plan of the fake TensorRT:"


class Status(enum.IntEnum):
    cudaSuccess = 0  # noqa: N815
    cudaErrorMemoryAllocation = 2  # noqa: N815
    cudaErrorNoDevice = 100  # noqa: N815
    cudaErrorIllegalAddress = 700  # noqa: N815


class FakeCuda:
    """The functions of cuda.bindings.runtime that are used. fail: function → what it returns from now on."""

    cudaStreamNonBlocking = 1  # noqa: N815
    cudaMemcpyKind = SimpleNamespace(cudaMemcpyHostToDevice="up", cudaMemcpyDeviceToHost="down")  # noqa: N815
    cudaStreamCaptureMode = SimpleNamespace(cudaStreamCaptureModeThreadLocal=1)  # noqa: N815

    def __init__(self, compute_capability: tuple[int, int] = (8, 9)) -> None:
        self.fail: dict[str, Status] = {}
        self.memory: dict[int, Any] = {}
        self.pinned: set[int] = set()
        self.open: set[str] = set()  # streams and graphs
        self.captured: list[Callable[[], object]] | None = None
        self._graphs: dict[str, list[Callable[[], object]]] = {}
        self._capability = compute_capability

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name.startswith("cuda") and callable(found) and name in self.fail:
            return lambda *arguments: (self.fail[name], None)
        return found

    def enqueue(self, work: Callable[[], object]) -> None:
        if self.captured is not None:
            self.captured.append(work)
        else:
            work()

    def _allocate(self, count: int) -> int:
        memory = ctypes.create_string_buffer(count)
        self.memory[ctypes.addressof(memory)] = memory
        return ctypes.addressof(memory)

    def cudaGetDeviceCount(self) -> tuple[Status, int]:  # noqa: N802
        return Status.cudaSuccess, 1

    def cudaGetDeviceProperties(self, device: int) -> tuple[Status, Any]:  # noqa: N802
        major, minor = self._capability
        return Status.cudaSuccess, SimpleNamespace(name=b"Fake GPU\0", major=major, minor=minor)

    def cudaDriverGetVersion(self) -> tuple[Status, int]:  # noqa: N802
        return Status.cudaSuccess, 13010

    def cudaMalloc(self, count: int) -> tuple[Status, int]:  # noqa: N802
        return Status.cudaSuccess, self._allocate(count)

    def cudaFree(self, address: int) -> tuple[Status]:  # noqa: N802
        del self.memory[address]
        return (Status.cudaSuccess,)

    def cudaMallocHost(self, count: int) -> tuple[Status, int]:  # noqa: N802
        address = self._allocate(count)
        self.pinned.add(address)
        return Status.cudaSuccess, address

    def cudaFreeHost(self, address: int) -> tuple[Status]:  # noqa: N802
        self.pinned.remove(address)
        del self.memory[address]
        return (Status.cudaSuccess,)

    def cudaMemcpyAsync(self, to: int, source: int, count: int, kind: str, stream: str) -> tuple[Status]:  # noqa: N802
        host, device = (source, to) if kind == "up" else (to, source)
        assert host in self.pinned
        assert device in self.memory.keys() - self.pinned
        assert count <= len(self.memory[host]) == len(self.memory[device])
        self.enqueue(functools.partial(ctypes.memmove, to, source, count))
        return (Status.cudaSuccess,)

    def cudaStreamCreateWithFlags(self, flags: int) -> tuple[Status, Any]:  # noqa: N802
        self.open.add("stream")
        return Status.cudaSuccess, 7

    def cudaStreamDestroy(self, stream: Any) -> tuple[Status]:  # noqa: N802
        self.open.remove("stream")
        return (Status.cudaSuccess,)

    def cudaStreamSynchronize(self, stream: Any) -> tuple[Status]:  # noqa: N802
        assert self.captured is None, "synchronising a stream that is captured is an error"
        return (Status.cudaSuccess,)

    def cudaStreamBeginCapture(self, stream: Any, mode: Any) -> tuple[Status]:  # noqa: N802
        self.captured = []
        return (Status.cudaSuccess,)

    def cudaStreamEndCapture(self, stream: Any) -> tuple[Status, Any]:  # noqa: N802
        assert self.captured is not None
        recorded, self.captured = self.captured, None
        return Status.cudaSuccess, recorded

    def cudaGraphInstantiate(self, recorded: Any, flags: int) -> tuple[Status, str]:  # noqa: N802
        name = f"graph {len(self._graphs)}"
        self._graphs[name] = recorded
        self.open.add(name)
        return Status.cudaSuccess, name

    def cudaGraphDestroy(self, recorded: Any) -> tuple[Status]:  # noqa: N802
        return (Status.cudaSuccess,)

    def cudaGraphExecDestroy(self, graph: str) -> tuple[Status]:  # noqa: N802
        self.open.remove(graph)
        return (Status.cudaSuccess,)

    def cudaGraphLaunch(self, graph: str, stream: Any) -> tuple[Status]:  # noqa: N802
        assert graph in self.open
        for work in self._graphs[graph]:
            work()
        return (Status.cudaSuccess,)


class FakeTensorRt:
    """The module `tensorrt`, as far as it is used, over a `FakeCuda`."""

    __name__ = "tensorrt"
    __version__ = "11.0.0"

    class ILogger:
        INTERNAL_ERROR, ERROR, WARNING = "internal", "error", "warning"

    NetworkDefinitionCreationFlag = SimpleNamespace(STRONGLY_TYPED=1)

    def __init__(self, cuda: FakeCuda) -> None:
        self.cuda = cuda

    def Builder(self, logger: Any) -> Any:  # noqa: N802
        def build(network: dict[str, bytes], settings: Any) -> bytes:
            return MARK + network["onnx"]

        return SimpleNamespace(
            create_network=lambda flags: {}, create_builder_config=lambda: None, build_serialized_network=build
        )

    def OnnxParser(self, network: dict[str, bytes], logger: Any) -> Any:  # noqa: N802
        def parse(onnx: bytes) -> bool:
            network["onnx"] = onnx
            return True

        return SimpleNamespace(parse=parse)

    def Runtime(self, logger: Any) -> Any:  # noqa: N802
        def deserialize(plan: bytes) -> Any:
            if not plan.startswith(MARK):
                logger.log(self.ILogger.ERROR, "magic tag does not match\nmore")
                return None
            return SimpleNamespace(create_execution_context=lambda: _Context(self.cuda, plan.removeprefix(MARK)))

        return SimpleNamespace(deserialize_cuda_engine=deserialize)


class _Context:
    def __init__(self, cuda: FakeCuda, onnx: bytes) -> None:
        self._cuda = cuda
        self._session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
        self._addresses: dict[str, int] = {}

    def set_tensor_address(self, name: str, address: int) -> bool:
        assert address in self._cuda.memory
        assert address not in self._cuda.pinned
        self._addresses[name] = address
        return True

    def execute_async_v3(self, stream: int) -> bool:
        assert stream == 7
        addresses = dict(self._addresses)
        self._cuda.enqueue(lambda: self._execute(addresses))
        return True

    def _execute(self, addresses: dict[str, int]) -> None:
        def at(tensor: Any) -> Any:
            memory = np.frombuffer(self._cuda.memory[addresses[tensor.name]], np.uint8)
            return memory[: 4 * int(np.prod(tensor.shape))].view(np.float32).reshape(tensor.shape)

        outputs = self._session.get_outputs()
        results = self._session.run(None, {tensor.name: at(tensor) for tensor in self._session.get_inputs()})
        for tensor, result in zip(outputs, results, strict=True):
            at(tensor)[...] = result
