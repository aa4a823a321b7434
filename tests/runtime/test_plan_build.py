"""TensorRT-RTX plans built without a GPU, here and in the child process."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.plan_build import PlanBuild, build, main
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.tensorrt_rtx import TensorRtRtx

pytest.importorskip("tensorrt_rtx_bindings")


def test_a_plan_is_built_and_found_again(engine: EngineFolder, cache: PlanCache) -> None:
    path = build(engine, "tensorrt-rtx", cache)
    plan = cache.load(TensorRtRtx().key(engine))
    assert plan is not None
    assert path.stat().st_size > len(plan) > 10_000


def test_a_child_process_builds_it(engine: EngineFolder, cache: PlanCache) -> None:
    with PlanBuild(engine, "tensorrt-rtx", cache) as child:
        child.wait()
    assert cache.load(TensorRtRtx().key(engine))


def test_the_childs_failure_is_the_parents_error(engine: EngineFolder, cache: PlanCache) -> None:
    (cache.folder.parent / "plans").touch()
    with (
        pytest.raises(EngineError, match="no tensorrt-rtx plan of meshnet: the plan cannot be kept") as failure,
        PlanBuild(engine, "tensorrt-rtx", cache) as child,
    ):
        child.wait()
    assert "avatard engine build" in failure.value.hint


def test_a_child_that_is_stopped_leaves_no_plan(engine: EngineFolder, cache: PlanCache) -> None:
    with PlanBuild(engine, "tensorrt-rtx", cache) as child:
        threading.Timer(0.01, child.stop).start()
        with pytest.raises(EngineError, match="its process ended with"):
            child.wait()
    assert not cache.folder.exists() or list(cache.folder.iterdir()) == []


def test_leaving_ends_the_child(engine: EngineFolder, cache: PlanCache) -> None:
    with PlanBuild(engine, "tensorrt-rtx", cache) as child:
        pass
    with pytest.raises(EngineError, match="its process ended with"):
        child.wait()


def test_main_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tensorrt-rtx", str(tmp_path), str(tmp_path / "plans")]) == EngineError.exit_code
    assert "engine.toml cannot be read" in capsys.readouterr().err


def test_a_provider_without_plans(engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match="cpu needs no plans"):
        build(engine, "cpu", cache)


def test_an_onnx_that_it_cannot_parse(engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match=r"tensorrt_rtx_bindings [\d.]+ cannot build meshnet: .*ONNX"):
        build(replace(engine, onnx=engine.onnx[:-100]), "tensorrt-rtx", cache)
    assert not cache.folder.exists()
