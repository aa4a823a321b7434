"""A plan, run: the same for TensorRT and TensorRT-RTX. Built only: not run on a GPU yet.

Addresses are set once. A run is one CUDA graph: copies up from pinned memory, the network, copies down. What is held is
copied up once and is not in the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.buffers import Buffers
from avatard.runtime.gpu import Cuda
from avatard.runtime.onnx_file import Tensor
from avatard.runtime.plan_cache import PlanMissingError
from avatard.runtime.tensorrt_build import make_logger

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime.engine_folder import EngineFolder

#: Runs before the graph is captured: lazy allocations and just-in-time compilation cannot be captured.
_WARM_UP: Final = 2


class TensorRtSession:
    """A `Session` on one stream. refuse: called when the library does not take the plan, before PlanMissingError."""

    def __init__(
        self,
        provider: str,
        library: Any,
        cuda: Cuda,
        model: EngineFolder,
        plan: bytes,
        refuse: Callable[[], None],
    ) -> None:
        self.provider = provider
        self._library, self._cuda, self._model, self._plan = library, cuda, model, plan
        self._refuse = refuse
        self._stack = ExitStack()
        self._device: dict[str, int] = {}
        self._graph: Any = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()

    def hold(self, feeds: Mapping[str, Array]) -> None:
        more = not feeds.keys() <= self._buffers.held
        self._buffers.hold(feeds)
        for name in feeds:
            self._up(name)
        self._cuda.call("cudaStreamSynchronize", self._stream)
        if more:
            self._capture()

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self._buffers.fill(feeds)
        self._cuda.call("cudaGraphLaunch", self._graph, self._stream)
        self._cuda.call("cudaStreamSynchronize", self._stream)
        return self._buffers.outputs

    def _open(self, stack: ExitStack) -> None:
        logger = make_logger(self._library)
        runtime = self._library.Runtime(logger)
        engine = runtime.deserialize_cuda_engine(self._plan)
        if engine is None:
            self._refuse()
            raise PlanMissingError(
                f"{self.provider} refused the plan of {self._model.name}: {logger.error}", "It is built anew."
            )
        stack.callback(self._forget)  # the context goes before the memory under it
        cuda = self._cuda
        self._stream = cuda.call("cudaStreamCreateWithFlags", cuda.library.cudaStreamNonBlocking)
        stack.callback(cuda.call, "cudaStreamDestroy", self._stream)
        self._context = self._start(engine)
        if self._context is None:
            raise EngineError(f"{self.provider} cannot start {self._model.name}: {logger.error}", "Free GPU memory.")
        self._buffers = Buffers(self._model.inputs, self._model.outputs, lambda tensor: self._pinned(stack, tensor))
        for name, array in {**self._buffers.inputs, **self._buffers.writable}.items():
            self._device[name] = int(cuda.call("cudaMalloc", array.nbytes))
            stack.callback(cuda.call, "cudaFree", self._device[name])
            assert self._context.set_tensor_address(name, self._device[name]), f"no tensor {name} in the plan"
        for _ in range(_WARM_UP):
            self._enqueue()
        cuda.call("cudaStreamSynchronize", self._stream)
        self._capture()
        stack.callback(self._drop_graph)

    def _start(self, engine: Any) -> Any:
        """The engine's execution context; None when it has none, for lack of memory."""
        return engine.create_execution_context()

    def _pinned(self, stack: ExitStack, tensor: Tensor) -> Array:
        array = self._cuda.pinned(tensor)
        stack.callback(self._cuda.free_pinned, array)
        return array

    def _enqueue(self) -> None:
        """One whole run, put on the stream."""
        for name in self._buffers.inputs:
            if name not in self._buffers.held:
                self._up(name)
        if not self._context.execute_async_v3(self._stream_handle()):
            raise EngineError(
                f"{self.provider} failed in {self._model.name}",
                "Free memory, or use another provider of `avatard engine list`.",
            )
        kind = self._cuda.library.cudaMemcpyKind.cudaMemcpyDeviceToHost
        for name, array in self._buffers.writable.items():
            self._copy(array.ctypes.data, self._device[name], array.nbytes, kind)

    def _up(self, name: str) -> None:
        array = self._buffers.inputs[name]
        kind = self._cuda.library.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._copy(self._device[name], array.ctypes.data, array.nbytes, kind)

    def _copy(self, to: int, source: int, count: int, kind: Any) -> None:
        self._cuda.call("cudaMemcpyAsync", to, source, count, kind, self._stream)

    def _capture(self) -> None:
        """Record a run as a graph: one launch instead of some hundred. What other threads do is not recorded."""
        mode = self._cuda.library.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        self._cuda.call("cudaStreamBeginCapture", self._stream, mode)
        try:
            self._enqueue()
        finally:
            recorded = self._cuda.call("cudaStreamEndCapture", self._stream)
        self._drop_graph()
        self._graph = self._cuda.call("cudaGraphInstantiate", recorded, 0)
        self._cuda.call("cudaGraphDestroy", recorded)

    def _drop_graph(self) -> None:
        if self._graph is not None:
            graph, self._graph = self._graph, None
            self._cuda.call("cudaGraphExecDestroy", graph)

    def _forget(self) -> None:
        self._context = None

    def _stream_handle(self) -> int:
        return int(self._stream)
