from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

import pytest

from avatard.errors import EngineError
from avatard.runtime import Array, parity
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.onnx_cpu import OnnxCpu
from avatard.runtime.parity import compare, open_ready
from avatard.runtime.plan_cache import PlanCache

if TYPE_CHECKING:
    from typing_extensions import Self


class Wrong:
    """A session on the CPU that is `off` by so much, or gives its first outputs for ever. A fake."""

    provider = "wrong"

    def __init__(self, model: EngineFolder, cache: PlanCache, off: float, frozen: bool) -> None:
        self._session = OnnxCpu().open(model, cache)
        self._off, self._frozen = off, frozen
        self._first: dict[str, Array] = {}

    def __enter__(self) -> Self:
        self._session.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._session.__exit__(kind, e, tb)

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self._session.hold(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        outputs = {name: array + self._off for name, array in self._session.run(feeds).items()}
        self._first = self._first or outputs
        return self._first if self._frozen else outputs


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """What is wrong with the provider "cuda"."""
    faults = {"off": 0.0, "frozen": 0.0}
    real = open_ready

    def opened(model: EngineFolder, provider: str, cache: PlanCache) -> object:
        if provider == "cuda":
            return Wrong(model, cache, faults["off"], bool(faults["frozen"]))
        return real(model, provider, cache)

    monkeypatch.setattr(parity, "open_ready", opened)
    return faults


def test_the_reference_agrees_with_itself(engine: EngineFolder, cache: PlanCache) -> None:
    found = compare(engine, "cpu", cache)
    assert found.ok
    assert found.difference == {"mouth_out": 0.0, "eyes_out": 0.0}


def test_within_the_tolerance(engine: EngineFolder, cache: PlanCache, wrong: dict[str, float]) -> None:
    wrong["off"] = 0.01
    found = compare(engine, "cuda", cache)
    assert found.ok
    assert found.difference["mouth_out"] == pytest.approx(0.01, abs=1e-4)


@pytest.mark.parametrize("off", [0.05, float("nan")])
def test_beyond_the_tolerance(engine: EngineFolder, cache: PlanCache, wrong: dict[str, float], off: float) -> None:
    wrong["off"] = off
    found = compare(replace(engine, tolerance={"mouth_out": 0.02, "eyes_out": 0.02}), "cuda", cache)
    assert not found.ok
    assert found.excess == ("mouth_out", "eyes_out")


def test_outputs_that_never_change(engine: EngineFolder, cache: PlanCache, wrong: dict[str, float]) -> None:
    wrong["frozen"] = 1.0
    assert compare(engine, "cuda", cache).frozen == ("mouth_out", "eyes_out")


def test_what_does_not_load_is_an_error(engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match="'quantum'"):
        compare(engine, "quantum", cache)
