"""TensorRT-RTX: GeForce RTX 20 and later. Its plans are built here, without a GPU; not run on one yet.

A plan is for all of these GPUs. The kernels are compiled for the user's card when a session opens; what was compiled is
kept in the plan cache, under a key that names the card.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from avatard.errors import EngineError
from avatard.runtime.gpu import Cuda, find_gpu, load_cuda, require_driver
from avatard.runtime.plan_cache import PlanCache, PlanKey
from avatard.runtime.tensorrt_build import OPTIONS, PRECISION, build_plan
from avatard.runtime.tensorrt_session import TensorRtSession

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder

NAME: Final = "tensorrt-rtx"


class TensorRtRtx:
    """A `PlanProvider`."""

    name = NAME

    def check(self) -> str:
        library = load_library()
        require_driver()
        gpu = find_gpu(load_cuda())
        if f"SM{gpu.compute_capability.replace('.', '')}" not in library.ComputeCapability.__members__:
            raise EngineError(
                f"TensorRT-RTX has no kernels for {gpu.name} (compute capability {gpu.compute_capability})",
                "TensorRT itself runs there: pip install tensorrt",
            )
        return f"TensorRT-RTX {library.__version__} on {gpu.name}"

    def key(self, model: EngineFolder) -> PlanKey:
        return PlanKey(
            engine=model.name,
            onnx_sha256=model.sha256,
            library=f"tensorrt-rtx {load_library().__version__}",
            gpu="any",
            compute_capability="any",
            driver="any",
            precision=PRECISION,
            options=OPTIONS,
        )

    def build(self, model: EngineFolder) -> bytes:
        return build_plan(load_library(), model)

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        library, cuda, key = load_library(), load_cuda(), self.key(model)
        plan = cache.need(key)
        gpu = find_gpu(cuda)
        kernels = replace(
            key, gpu=gpu.name, compute_capability=gpu.compute_capability, driver=gpu.driver, options="kernels"
        )
        return _RtxSession(library, cuda, model, plan, cache, (key, kernels))


class _RtxSession(TensorRtSession):
    """keys: of the plan, and of the kernels for this card."""

    def __init__(
        self,
        library: Any,
        cuda: Cuda,
        model: EngineFolder,
        plan: bytes,
        cache: PlanCache,
        keys: tuple[PlanKey, PlanKey],
    ) -> None:
        super().__init__(NAME, library, cuda, model, plan, lambda: cache.discard(keys[0]))
        self._cache, self._key = cache, keys[1]
        self._kernels: Any = None
        self._known: bytes | None = None

    def __enter__(self) -> Self:
        super().__enter__()
        if self._known is None:  # compiled now, by the warm-up at the latest
            with suppress(EngineError):  # the next start compiles again; the plan's own place was writable
                self._cache.store(self._key, bytes(self._kernels.serialize()))
        return self

    def _start(self, engine: Any) -> Any:
        settings = engine.create_runtime_config()
        self._kernels = settings.create_runtime_cache()
        self._known = self._cache.load(self._key)
        if self._known is not None and not self._kernels.deserialize(self._known):
            self._known = None  # the library compares more than the key can
        settings.set_runtime_cache(self._kernels)
        return engine.create_execution_context(settings)


def load_library() -> Any:
    """TensorRT-RTX's bindings. Raises EngineError where they are missing.

    The package `tensorrt_rtx` only names them, and is a source archive; these are wheels.
    """
    try:
        import tensorrt_rtx_bindings
    except (ImportError, OSError) as e:
        raise EngineError(
            f"TensorRT-RTX cannot be loaded: {e}",
            "pip install tensorrt-rtx-cu13-bindings tensorrt-rtx-cu13-libs cuda-bindings",
        ) from e
    return tensorrt_rtx_bindings
