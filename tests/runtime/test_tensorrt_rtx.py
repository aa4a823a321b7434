"""TensorRT-RTX as it really is without a GPU; with one, over the fake CUDA."""

from __future__ import annotations

import ctypes.util

import pytest

from avatard.errors import EngineError
from avatard.runtime import tensorrt_rtx
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.gpu import Cuda
from avatard.runtime.plan_build import build
from avatard.runtime.plan_cache import PlanCache, PlanMissingError
from avatard.runtime.tensorrt_build import make_logger
from avatard.runtime.tensorrt_rtx import TensorRtRtx
from tests.runtime.fake_tensorrt import FakeCuda

library = pytest.importorskip("tensorrt_rtx_bindings")
no_driver = pytest.mark.skipif(bool(ctypes.util.find_library("cuda")), reason="there is a driver")


@no_driver
def test_without_a_driver_it_says_so() -> None:
    with pytest.raises(EngineError, match="there is no NVIDIA driver") as failure:
        TensorRtRtx().check()
    assert "nvidia-smi" in failure.value.hint


@no_driver
def test_without_a_driver_a_plan_is_none_and_not_a_crash(engine: EngineFolder, cache: PlanCache) -> None:
    build(engine, "tensorrt-rtx", cache)
    plan = cache.load(TensorRtRtx().key(engine))
    logger = make_logger(library)
    assert library.Runtime(logger).deserialize_cuda_engine(plan) is None
    assert logger.error


@no_driver
def test_without_a_driver_opening_is_an_engine_error(engine: EngineFolder, cache: PlanCache) -> None:
    build(engine, "tensorrt-rtx", cache)
    with pytest.raises(EngineError, match="cudaErrorInsufficientDriver"):
        TensorRtRtx().open(engine, cache)
    assert cache.load(TensorRtRtx().key(engine)), "the plan is kept: it was not at fault"


@pytest.mark.parametrize("plan", [b"nonsense", b"vtrt" + bytes(100)])
def test_what_it_refuses_is_deleted_and_can_be_built_anew(
    engine: EngineFolder, cache: PlanCache, monkeypatch: pytest.MonkeyPatch, plan: bytes
) -> None:
    monkeypatch.setattr(tensorrt_rtx, "load_cuda", lambda: Cuda(FakeCuda()))
    key = TensorRtRtx().key(engine)
    cache.store(key, plan)
    with pytest.raises(PlanMissingError, match=r"refused the plan of meshnet: .*runtime"):
        TensorRtRtx().open(engine, cache).__enter__()
    with pytest.raises(PlanMissingError, match="has no plan"):
        TensorRtRtx().open(engine, cache)
    build(engine, "tensorrt-rtx", cache)
    TensorRtRtx().open(engine, cache)


@pytest.mark.parametrize(
    ("capability", "runs"), [((7, 5), True), ((8, 9), True), ((12, 0), True), ((9, 0), False), ((7, 0), False)]
)
def test_it_knows_its_gpus(monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], runs: bool) -> None:
    monkeypatch.setattr(tensorrt_rtx, "load_cuda", lambda: Cuda(FakeCuda(capability)))
    monkeypatch.setattr(tensorrt_rtx, "require_driver", lambda: None)
    if runs:
        assert TensorRtRtx().check() == f"TensorRT-RTX {library.__version__} on Fake GPU"
    else:
        with pytest.raises(EngineError, match="no kernels for Fake GPU"):
            TensorRtRtx().check()


def test_a_plan_is_for_every_gpu(engine: EngineFolder) -> None:
    key = TensorRtRtx().key(engine)
    assert (key.gpu, key.compute_capability, key.driver) == ("any", "any", "any")
