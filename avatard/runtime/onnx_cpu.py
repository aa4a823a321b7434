"""ONNX Runtime on the CPU: always there, and what the others are held against.

The options were measured on two Zen 4 cores with a 0.32 GMAC network of the engine's shape:

    threads     back to back 5.2 ms and 9.1 core-ms a run in two, 8.2 and 8.2 in one; at 30 runs a second 8.7 and 8.5 ms
                (the second thread sleeps between and wakes late), beside other load two are sooner done: two
    spinning    at 30 runs a second 39 core-ms a run by default, 11 to 14 with its time limited, 9 without it, and
                beside other load no sooner done: off
    layout      ALL (blocked layouts) 8.2 ms in one thread, EXTENDED 8.9: all
    binding     as fast as without at these sizes; the outputs are reused buffers that nothing copies
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.buffers import Buffers

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime.engine_folder import EngineFolder

NAME: Final = "cpu"
#: The calling thread is one of them.
THREADS: Final = min(2, os.cpu_count() or 1)


class OnnxCpu:
    """A `Session` on the CPU."""

    provider = NAME

    def __init__(self, model: EngineFolder) -> None:
        self._model = model

    def __enter__(self) -> Self:
        ort = load_runtime()
        options = ort.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(self._model.onnx, options, providers=["CPUExecutionProvider"])
        except Exception as e:  # each version raises classes of its own
            raise EngineError(
                f"ONNX Runtime does not take {self._model.name}: {first_line(e)}", "Export it again."
            ) from e
        self._buffers = Buffers(self._model.inputs, self._model.outputs)
        self._binding = self._session.io_binding()
        for name, array in self._buffers.inputs.items():
            self._binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        for name, array in self._buffers.writable.items():
            self._binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        self._run()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        del self._binding, self._session

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self._buffers.hold(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self._buffers.fill(feeds)
        self._run()
        return self._buffers.outputs

    def _run(self) -> None:
        try:
            self._session.run_with_iobinding(self._binding)
        except Exception as e:
            raise EngineError(
                f"ONNX Runtime failed in {self._model.name}: {first_line(e)}", "`avatard engine verify` says more."
            ) from e


def load_runtime() -> Any:
    """The module `onnxruntime`. Raises EngineError where it cannot be loaded."""
    try:
        import onnxruntime
    except (ImportError, OSError) as e:
        raise EngineError(f"ONNX Runtime cannot be loaded: {first_line(e)}", "pip install onnxruntime") from e
    # Errors come as exceptions already; warnings are about the graph's inside.
    onnxruntime.set_default_logger_severity(4)
    return onnxruntime


def first_line(e: Exception) -> str:
    """What an exception says, without the lines on where in the library."""
    return (str(e).strip() or type(e).__name__).splitlines()[0]
