from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.config import Config, ReenactConfig
from avatard.doctor.finding import Level
from avatard.doctor.network import check_network
from avatard.errors import EngineError
from avatard.programs import Answer
from avatard.runtime.plan_cache import PlanMissingError
from avatard.runtime.providers import Availability
from tests.doctor.machine import answers, machine, only

GPU = answers({"nvidia-smi": Answer(0, "NVIDIA GeForce RTX 4090, 580.95")})
NO_CUDA = Availability("cuda", why_not="ONNX Runtime as installed is for the CPU alone", fix="pip install it")
CUDA = Availability("cuda", "ONNX Runtime 1, CUDA")
CPU = Availability("cpu", "ONNX Runtime 1")


def fails(*names: str, error: Exception | None = None) -> Callable[[str], float]:
    def run(provider: str) -> float:
        if provider in names:
            raise error or EngineError("the GPU failed: out of memory", "Close what else uses it.")
        return 90.0

    return run


def test_on_the_cpu_without_a_gpu(tmp_path: Path) -> None:
    finding = only(check_network, machine(tmp_path))

    assert finding.level is Level.OK
    assert finding.text == "cpu: ONNX Runtime 1, opened and run in 90 ms; the engine mesh needs none"


def test_on_the_cpu_beside_a_gpu(tmp_path: Path) -> None:
    runs, beside = check_network(machine(tmp_path, run=GPU, providers=lambda: [NO_CUDA, CPU]))

    assert runs.level is Level.OK
    assert (beside.level, beside.advice) == (Level.WARN, "pip install it")
    assert beside.text == "not on the GPU: cuda: ONNX Runtime as installed is for the CPU alone"


def test_on_the_cpu_by_choice_beside_a_gpu(tmp_path: Path) -> None:
    settings = Config(reenact=ReenactConfig(engine="meshnet", provider="cpu"))
    system = machine(tmp_path, run=GPU, providers=lambda: [NO_CUDA, CPU], settings=lambda: settings)

    assert only(check_network, system).text == "cpu: ONNX Runtime 1, opened and run in 90 ms"


def test_on_the_gpu(tmp_path: Path) -> None:
    finding = only(check_network, machine(tmp_path, run=GPU, providers=lambda: [CUDA, CPU]))

    assert finding.text.startswith("cuda: ONNX Runtime 1, CUDA, opened and run")


def test_one_that_loads_but_does_not_run(tmp_path: Path) -> None:
    system = machine(tmp_path, providers=lambda: [CUDA, CPU], network_ms=fails("cuda"))
    cuda, cpu = check_network(system)

    assert (cuda.level, cuda.advice) == (Level.WARN, "Close what else uses it.")
    assert "loads but does not run: the GPU failed" in cuda.text
    assert cpu.level is Level.OK


def test_a_plan_that_is_compiled_later(tmp_path: Path) -> None:
    rtx = Availability("tensorrt-rtx", "TensorRT-RTX 1.2")
    missing = PlanMissingError("no plan", "avatard engine build")
    system = machine(tmp_path, run=GPU, providers=lambda: [rtx, CPU], network_ms=fails("tensorrt-rtx", error=missing))
    finding = only(check_network, system)

    assert (finding.level, finding.text) == (
        Level.OK,
        "tensorrt-rtx: TensorRT-RTX 1.2; its plan is compiled at the first use",
    )


@pytest.mark.parametrize(("provider", "level"), [("auto", Level.WARN), ("cuda", Level.FAIL)])
def test_nothing_runs(tmp_path: Path, provider: str, level: Level) -> None:
    settings = Config(reenact=ReenactConfig(engine="meshnet", provider=provider))  # type: ignore[arg-type]
    finding = only(check_network, machine(tmp_path, providers=lambda: [NO_CUDA], settings=lambda: settings))

    assert (finding.level, finding.error, finding.advice) == (level, EngineError, "pip install it")
    assert "mesh draws without: cuda: ONNX" in finding.text
