"""What a TensorRT session does with CUDA, over a fake of both: see fake_tensorrt.py for what that shows."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.runtime import Session, tensorrt
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.gpu import Cuda
from avatard.runtime.onnx_cpu import OnnxCpu
from avatard.runtime.parity import random_feeds
from avatard.runtime.plan_build import build
from avatard.runtime.plan_cache import PlanCache, PlanMissingError
from avatard.runtime.tensorrt import TensorRt
from tests.runtime.fake_tensorrt import FakeCuda, FakeTensorRt, Status

REFS = ("mouth_ref", "eyes_ref")


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> FakeCuda:
    cuda = FakeCuda()
    library = FakeTensorRt(cuda)
    monkeypatch.setattr(tensorrt, "load_library", lambda: library)
    monkeypatch.setattr(tensorrt, "load_cuda", lambda: Cuda(cuda))
    monkeypatch.setattr(tensorrt, "require_driver", lambda: None)
    return cuda


def opened(engine: EngineFolder, cache: PlanCache) -> Session:
    build(engine, "tensorrt", cache)
    return TensorRt().open(engine, cache)


def test_it_names_the_gpu(cuda: FakeCuda) -> None:
    assert TensorRt().check() == "TensorRT 11.0.0 on Fake GPU"


def test_without_a_plan_it_says_that_one_can_be_built(cuda: FakeCuda, engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(PlanMissingError) as failure:
        TensorRt().open(engine, cache)
    assert failure.value.hint == "avatard engine build meshnet"


def test_each_run_reads_its_own_inputs(cuda: FakeCuda, engine: EngineFolder, cache: PlanCache) -> None:
    with opened(engine, cache) as session, OnnxCpu().open(engine, cache) as expected:
        for seed in (1, 2, 3):
            feeds = random_feeds(engine, seed)
            outputs = session.run(feeds)
            for name, array in expected.run(feeds).items():
                np.testing.assert_allclose(outputs[name], array, atol=1e-5)


def test_what_is_held_stays_and_is_not_copied_again(cuda: FakeCuda, engine: EngineFolder, cache: PlanCache) -> None:
    one, two = random_feeds(engine, 1), random_feeds(engine, 2)
    rest = {name: feed for name, feed in one.items() if name not in REFS}
    with opened(engine, cache) as session, OnnxCpu().open(engine, cache) as expected:
        for held in (one, two):
            session.hold({name: held[name] for name in REFS})
            whole = expected.run({**rest, **{name: held[name] for name in REFS}})
            np.testing.assert_allclose(session.run(rest)["mouth_out"], whole["mouth_out"], atol=1e-5)
        copies: list[int] = []
        cuda.enqueue = lambda work: copies.append(1)  # type: ignore[method-assign]
        session.run(rest)
        assert copies == []


def test_it_gives_everything_back(cuda: FakeCuda, engine: EngineFolder, cache: PlanCache) -> None:
    with opened(engine, cache) as session:
        session.hold({"mouth_ref": random_feeds(engine, 1)["mouth_ref"]})
        assert cuda.memory
    assert (cuda.memory, cuda.pinned, cuda.open) == ({}, set(), set())


@pytest.mark.parametrize("function", ["cudaMalloc", "cudaMallocHost", "cudaGraphInstantiate"])
def test_a_full_gpu_leaves_nothing_behind(
    cuda: FakeCuda, engine: EngineFolder, cache: PlanCache, function: str
) -> None:
    session = opened(engine, cache)
    cuda.fail[function] = Status.cudaErrorMemoryAllocation
    with pytest.raises(EngineError, match=f"cudaErrorMemoryAllocation from {function}") as failure, session:
        pass
    assert "memory" in failure.value.hint
    assert (cuda.memory, cuda.pinned, cuda.open) == ({}, set(), set())


def test_a_gpu_that_fails_in_a_run_is_an_engine_error(cuda: FakeCuda, engine: EngineFolder, cache: PlanCache) -> None:
    with opened(engine, cache) as session:
        cuda.fail["cudaStreamSynchronize"] = Status.cudaErrorIllegalAddress
        with pytest.raises(EngineError, match="cudaErrorIllegalAddress"):
            session.run(random_feeds(engine, 1))


def test_a_plan_that_tensorrt_refuses_is_deleted(
    cuda: FakeCuda, engine: EngineFolder, cache: PlanCache, caplog: pytest.LogCaptureFixture
) -> None:
    key = TensorRt().key(engine)
    cache.store(key, b"a plan of another library")
    with caplog.at_level(logging.WARNING), pytest.raises(PlanMissingError, match="magic tag does not match"):
        TensorRt().open(engine, cache).__enter__()
    assert not cache.path(key).exists()


def test_the_key_names_the_gpu_and_the_driver(cuda: FakeCuda, engine: EngineFolder) -> None:
    key = TensorRt().key(engine)
    assert (key.gpu, key.compute_capability, key.driver) == ("Fake GPU", "8.9", "13.1")
    assert (key.library, key.onnx_sha256) == ("tensorrt 11.0.0", engine.sha256)


def test_a_machine_without_a_gpu(cuda: FakeCuda) -> None:
    cuda.fail["cudaGetDeviceCount"] = Status.cudaErrorNoDevice
    with pytest.raises(EngineError, match="cudaErrorNoDevice") as failure:
        TensorRt().check()
    assert "nvidia-smi" in failure.value.hint
