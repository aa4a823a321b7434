from __future__ import annotations

from pathlib import Path

import pytest

from avatard.bench import networks
from avatard.bench.networks import measure
from avatard.errors import EngineError
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.providers import ORDER
from tests.bench.conftest import MACHINE
from tests.runtime.network import make_engine


def test_every_provider_has_figures_or_a_reason(tmp_path: Path) -> None:
    told: list[str] = []
    model = make_engine(tmp_path / "meshnet")
    found = measure(model, ORDER, PlanCache(tmp_path / "plans"), MACHINE, 40, 0.0, told.append)
    assert [cost.provider for cost in found.costs] == list(ORDER)
    for cost in found.costs:
        assert (cost.wall_ms.n == 40) == (cost.core_ms > 0) == (not cost.why_not)
    assert found.costs[-1].what.startswith("ONNX Runtime")
    assert "cpu, 30 of 40 runs" in told
    written = found.as_json()
    assert (written["schema"], written["engine"], written["sha256"]) == (1, "meshnet", model.sha256)
    assert written["machine"]["cpu"] == MACHINE.cpu
    assert written["costs"][-1]["wall_ms"]["p50"] > 0


def test_runs_at_a_rate(tmp_path: Path) -> None:
    found = measure(make_engine(tmp_path / "meshnet"), ("cpu",), PlanCache(tmp_path / "plans"), MACHINE, 5, 50.0)
    assert found.costs[0].wall_ms.n == 5
    assert found.costs[0].core_ms > 0


def test_one_that_fails_does_not_end_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise EngineError("the GPU is full", "Close something.")

    monkeypatch.setattr(networks, "open_ready", fail)
    found = measure(make_engine(tmp_path / "meshnet"), ("cpu",), PlanCache(tmp_path / "plans"), MACHINE, 5, 0.0)
    assert (found.costs[0].why_not, found.costs[0].wall_ms.n) == ("the GPU is full", 0)
