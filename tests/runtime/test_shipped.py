"""The engines that ship: whole, built ahead of time by TensorRT-RTX without a GPU, and alive."""

from __future__ import annotations

import pytest

from avatard.runtime.engine_folder import engine_names, engines_folder, find_engine
from avatard.runtime.parity import compare
from avatard.runtime.plan_build import build
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.providers import get_plan_provider

MAX_BYTES = 16_000_000


@pytest.fixture(params=engine_names())
def name(request: pytest.FixtureRequest) -> str:
    shipped: str = request.param
    return shipped


def test_the_engine_of_each_picture_and_that_of_each_portrait_ship() -> None:
    assert {"meshnet", "meshnet_encoder"} <= set(engine_names())


def test_it_is_whole_and_small(name: str) -> None:
    engine = find_engine(name)
    assert engine.licence == "Apache-2.0"
    assert len(engine.onnx) < MAX_BYTES
    assert engine.training


def test_it_is_a_triton_model(name: str) -> None:
    config = (engines_folder() / name / "config.pbtxt").read_text()
    assert f'name: "{name}"' in config
    assert all(f'name: "{t.name}"' in config for t in (*find_engine(name).inputs, *find_engine(name).outputs))


def test_tensorrt_rtx_builds_it_without_a_gpu(name: str, cache: PlanCache) -> None:
    pytest.importorskip("tensorrt_rtx_bindings")
    engine = find_engine(name)
    build(engine, "tensorrt-rtx", cache)
    plan = cache.load(get_plan_provider("tensorrt-rtx").key(engine))
    assert plan is not None
    assert len(plan) > 10_000


def test_other_inputs_give_other_outputs(name: str, cache: PlanCache) -> None:
    assert compare(find_engine(name), "cpu", cache).ok
