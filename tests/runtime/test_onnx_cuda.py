"""ONNX Runtime's CUDA provider where it cannot run: the messages. What it does on a GPU is in test_on_gpu.py."""

from __future__ import annotations

from importlib import metadata
from types import SimpleNamespace

import pytest

from avatard.errors import EngineError
from avatard.runtime import onnx_cuda
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.onnx_cuda import OnnxCuda
from avatard.runtime.plan_cache import PlanCache


def wheels(monkeypatch: pytest.MonkeyPatch, *installed: str) -> None:
    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return "1.31.1"

    monkeypatch.setattr(metadata, "version", version)


def test_the_wheel_for_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(monkeypatch, "onnxruntime")
    with pytest.raises(EngineError, match="is for the CPU alone") as failure:
        OnnxCuda().check()
    assert "onnxruntime-gpu" in failure.value.hint


def test_both_wheels_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(monkeypatch, "onnxruntime", "onnxruntime-gpu")
    with pytest.raises(EngineError, match=r"onnxruntime 1\.31\.1 and onnxruntime-gpu 1\.31\.1 overwrite") as failure:
        OnnxCuda().check()
    assert failure.value.hint.startswith("pip uninstall -y onnxruntime onnxruntime-gpu")


def test_the_wheel_for_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(monkeypatch, "onnxruntime-gpu")
    runtime = SimpleNamespace(__version__="1.31.1", get_available_providers=lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnx_cuda, "load_runtime", lambda: runtime)
    monkeypatch.setattr(onnx_cuda, "require_driver", lambda: None)
    assert OnnxCuda().check() == "ONNX Runtime 1.31.1, CUDA"


@pytest.mark.filterwarnings("ignore:Specified provider 'CUDAExecutionProvider' is not in available provider names")
def test_its_silent_fall_back_is_an_error(engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match="loaded CPUExecutionProvider in place of CUDA"):
        OnnxCuda().open(engine, cache).__enter__()
