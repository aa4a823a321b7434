"""OpenVINO on the CPU (an extra).

Measured beside ONNX Runtime on two Zen 4 cores with a 0.32 GMAC network of the engine's shape, two threads each:

    one after the other              3.4 ms and 6.9 core-ms a run, ONNX Runtime 5.2 and 9.1
    30 runs a second                 6.9 ms and 8.8, ONNX Runtime 8.7 and 9.2
    the same, one core of two taken  23 ms and 8.2, ONNX Runtime 28 and 9.3

So it comes first where it is installed. Pinned to cores, as it is by default, it takes 4.9 ms on an idle machine, but
28 to 60 where a core is taken: off.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from avatard.errors import EngineError
from avatard.runtime.host_session import HostSession, first_line
from avatard.runtime.onnx_cpu import THREADS

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder
    from avatard.runtime.plan_cache import PlanCache


class OpenVino:
    """A `Provider`."""

    name = "openvino"

    def check(self) -> str:
        return f"OpenVINO {load_library().__version__.partition('-')[0]}"

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        return _Session(self.name, model)


class _Session(HostSession):
    _library = "OpenVINO"

    def __enter__(self) -> Self:
        library = load_library()
        settings = {
            "INFERENCE_NUM_THREADS": THREADS,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "ENABLE_CPU_PINNING": False,
            # On CPUs with bf16 it would compute in that, unasked: 0.01 off where 0.00001 is usual.
            "INFERENCE_PRECISION_HINT": "f32",
        }
        try:
            core = library.Core()
            self._compiled = core.compile_model(core.read_model(self._model.onnx), "CPU", settings)
            self._request = self._compiled.create_infer_request()
            for name, array in {**self._buffers.inputs, **self._buffers.writable}.items():
                self._request.set_tensor(name, library.Tensor(array, shared_memory=True))
        except RuntimeError as e:
            raise EngineError(
                f"OpenVINO does not take {self._model.name}: {self._told(e)}",
                "ONNX Runtime runs it: avatard config set reenact.provider cpu",
            ) from e
        self._run()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        del self._request, self._compiled

    def _infer(self) -> None:
        self._request.infer()

    @staticmethod
    def _told(e: Exception) -> str:
        """The last line: the first ones name the library's own source files."""
        return (str(e).strip() or type(e).__name__).splitlines()[-1]


def load_library() -> Any:
    """The module `openvino`, the one place that imports it. Raises EngineError where it cannot be loaded.

    Its import reports to its maker (seen in 2026.4.1): a client id is kept in ~/intel, an event goes to an analytics
    service unless a file there forbids it. Without the package openvino_telemetry, which it requires, it does neither.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # cannot be imported from now on
    try:
        import openvino
    except (ImportError, OSError) as e:
        raise EngineError(f"OpenVINO cannot be loaded: {first_line(e)}", "pip install openvino") from e
    return openvino
