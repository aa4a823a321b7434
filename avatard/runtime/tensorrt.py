"""TensorRT 10 and 11: data-centre GPUs (Hopper and others). Built only: not run on a GPU yet.

Its libraries are an extra that does not come from PyPI itself; nothing else of avatard needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from avatard.errors import EngineError
from avatard.runtime.gpu import find_gpu, load_cuda, require_driver
from avatard.runtime.plan_cache import PlanCache, PlanKey
from avatard.runtime.tensorrt_build import OPTIONS, PRECISION, build_plan
from avatard.runtime.tensorrt_session import TensorRtSession

if TYPE_CHECKING:
    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder

NAME: Final = "tensorrt"
#: With networks whose precision is in the ONNX, and the interface used here.
_OLDEST: Final = 10


class TensorRt:
    """A `PlanProvider`. A plan is for one GPU model, driver and version."""

    name = NAME

    def check(self) -> str:
        library = load_library()
        require_driver()
        gpu = find_gpu(load_cuda())
        return f"TensorRT {library.__version__} on {gpu.name}"

    def key(self, model: EngineFolder) -> PlanKey:
        library, gpu = load_library(), find_gpu(load_cuda())
        return PlanKey(
            engine=model.name,
            onnx_sha256=model.sha256,
            library=f"tensorrt {library.__version__}",
            gpu=gpu.name,
            compute_capability=gpu.compute_capability,
            driver=gpu.driver,
            precision=PRECISION,
            options=OPTIONS,
        )

    def build(self, model: EngineFolder) -> bytes:
        return build_plan(load_library(), model)

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        key = self.key(model)
        plan = cache.need(key)
        return TensorRtSession(NAME, load_library(), load_cuda(), model, plan, lambda: cache.discard(key))


def load_library() -> Any:
    """The module `tensorrt`. Raises EngineError where it is missing or too old."""
    try:
        import tensorrt
    except (ImportError, OSError) as e:
        raise EngineError(f"TensorRT cannot be loaded: {e}", "pip install tensorrt cuda-bindings") from e
    if int(tensorrt.__version__.partition(".")[0]) < _OLDEST:
        raise EngineError(
            f"TensorRT {tensorrt.__version__} is too old: {_OLDEST} or later", "pip install --upgrade tensorrt"
        )
    return tensorrt
