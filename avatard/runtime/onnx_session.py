"""A network run by ONNX Runtime: what its CPU and CUDA providers share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from avatard.errors import EngineError
from avatard.runtime.host_session import HostSession, first_line

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime.engine_folder import EngineFolder


class OnnxSession(HostSession):
    """A `Session`, bound once. provider: our name of it; providers, options: ONNX Runtime's."""

    _library = "ONNX Runtime"

    def __init__(self, provider: str, model: EngineFolder, providers: Sequence[Any], options: Any) -> None:
        super().__init__(provider, model)
        self._providers, self._options = providers, options

    def __enter__(self) -> Self:
        runtime = load_runtime()
        try:
            self._session = runtime.InferenceSession(self._model.onnx, self._options, providers=list(self._providers))
        except Exception as e:  # each version raises classes of its own
            raise EngineError(
                f"ONNX Runtime does not take {self._model.name}: {self._told(e)}",
                "Export it again; `avatard engine list` says what else runs it.",
            ) from e
        self._binding = self._session.io_binding()
        for name, array in self._buffers.inputs.items():
            self._binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        for name, array in self._buffers.writable.items():
            self._binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        self._run()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        del self._binding, self._session

    def _infer(self) -> None:
        self._session.run_with_iobinding(self._binding)


def load_runtime() -> Any:
    """The module `onnxruntime`, the one place that imports it. Raises EngineError where it cannot be loaded.

    Its wheels for Linux (seen in 1.31.1) report to their maker: a device id is kept in the cache folder, events go to
    an address in the library. Only this variable, set before the import, turns all of that off:
    https://github.com/microsoft/onnxruntime/pull/27379
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except (ImportError, OSError) as e:
        raise EngineError(f"ONNX Runtime cannot be loaded: {first_line(e)}", "pip install onnxruntime") from e
    onnxruntime.set_default_logger_severity(4)  # errors come as exceptions already
    return onnxruntime
