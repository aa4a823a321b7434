"""ONNX Runtime on an NVIDIA GPU (the wheel onnxruntime-gpu). Written only: not run on a GPU yet.

Held inputs stay on the GPU; the others and the outputs are copied by ONNX Runtime within each run.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.gpu import require_driver
from avatard.runtime.host_session import first_line
from avatard.runtime.onnx_cpu import session_options
from avatard.runtime.onnx_session import OnnxSession, load_runtime

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder
    from avatard.runtime.plan_cache import PlanCache

_PROVIDER: Final = "CUDAExecutionProvider"
#: Both put their files into the folder `onnxruntime`: what is installed last wins, parts of the other stay.
_RIVALS: Final = ("onnxruntime", "onnxruntime-gpu")
_FIX: Final = "pip uninstall -y onnxruntime onnxruntime-gpu\npip install 'onnxruntime-gpu[cuda,cudnn]'"


class OnnxCuda:
    """A `Provider`."""

    name = "cuda"

    def check(self) -> str:
        runtime = load_runtime()
        if both := _both():
            raise EngineError(f"{both} overwrite each other", _FIX)
        if _PROVIDER not in runtime.get_available_providers():
            raise EngineError(f"ONNX Runtime {runtime.__version__} as installed is for the CPU alone", _FIX)
        require_driver()
        return f"ONNX Runtime {runtime.__version__}, CUDA"

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        if hasattr(runtime := load_runtime(), "preload_dlls"):
            runtime.preload_dlls()  # CUDA and cuDNN out of their wheels
        return _CudaSession(self.name, model, [_PROVIDER, "CPUExecutionProvider"], session_options())


class _CudaSession(OnnxSession):
    def __enter__(self) -> Self:
        super().__enter__()
        if (used := self._session.get_providers()[0]) != _PROVIDER:
            # It falls back without a word when a library of CUDA is missing or the GPU's memory is full.
            super().__exit__(None, None, None)
            raise EngineError(f"ONNX Runtime loaded {used} in place of CUDA", _FIX)
        return self

    def hold(self, feeds: Mapping[str, Array]) -> None:
        super().hold(feeds)
        runtime: Any = load_runtime()
        for name in feeds:
            try:
                value = runtime.OrtValue.ortvalue_from_numpy(self._buffers.inputs[name], "cuda", 0)
            except Exception as e:
                raise EngineError(
                    f"the GPU does not take {name}: {first_line(e)}", "Close what else uses its memory."
                ) from e
            self._binding.bind_ortvalue_input(name, value)


def _both() -> str:
    """Both wheels and their versions, when both are installed; else nothing."""
    versions = []
    for wheel in _RIVALS:
        try:
            versions.append(f"{wheel} {metadata.version(wheel)}")
        except metadata.PackageNotFoundError:
            return ""
    return " and ".join(versions)
