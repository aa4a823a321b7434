"""A better session that becomes ready while frames flow must say the same first; one that fails is opened again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.auto import AutoSession
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.parity import random_feeds
from avatard.runtime.plan_cache import PlanCache
from tests.runtime.network import make_engine

if TYPE_CHECKING:
    from typing_extensions import Self

HELD = ("mouth_ref", "eyes_ref")


class Better:
    """A fake session of a planned provider: says what the CPU says, `off` away; raises when `fails`."""

    provider = "tensorrt"

    def __init__(self, truth: AutoSession, off: float, fails: bool) -> None:
        self._truth, self._off, self._fails = truth, off, fails
        self.held: Mapping[str, Array] = {}
        self.runs = 0
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.closed = True

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self.held = feeds
        self._truth.hold(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self.runs += 1
        if self._fails:
            raise EngineError("out of memory")
        return {name: array + np.float32(self._off) for name, array in self._truth.run(feeds).items()}


class Ready:
    """A fake promotion whose session is there at once."""

    def __init__(self, session: Better) -> None:
        self._session: Better | None = session

    def take(self) -> Better | None:
        session, self._session = self._session, None
        return session

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> EngineFolder:
    return make_engine(tmp_path_factory.mktemp("engines") / "meshnet")


@pytest.mark.parametrize(
    ("off", "fails", "swapped"),
    [(0.0, False, True), (0.015, False, True), (0.05, False, False), (float("nan"), False, False), (0.0, True, False)],
)
def test_it_is_taken_only_when_it_says_the_same(
    model: EngineFolder, tmp_path: Path, off: float, fails: bool, swapped: bool
) -> None:
    feeds = random_feeds(model, 1)
    held = {name: feeds.pop(name) for name in HELD}
    with AutoSession(model, "cpu", PlanCache(tmp_path)) as session, AutoSession(model, "cpu") as truth:
        session.hold(held)
        before = {name: array.copy() for name, array in session.run(feeds).items()}
        better = Better(truth, off, fails)
        session._promotion = Ready(better)  # type: ignore[assignment]
        after = session.run(feeds)
        assert session.provider == ("tensorrt" if swapped else "cpu")
        assert better.closed != swapped
        assert better.held.keys() == held.keys()
        for name, array in after.items():
            assert np.abs(array - before[name]).max() <= model.tolerance[name]
        runs = better.runs
        session.run(feeds)
        assert (better.runs > runs) == swapped
        if not swapped:
            assert session.why_not["tensorrt"]


def test_the_last_one_is_opened_again_after_it_failed(
    model: EngineFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = random_feeds(model, 1)
    held = {name: feeds.pop(name) for name in HELD}
    with AutoSession(model, "cpu", PlanCache(tmp_path)) as session:
        session.hold(held)
        before = {name: array.copy() for name, array in session.run(feeds).items()}

        def fail(feeds: Mapping[str, Array]) -> Mapping[str, Array]:
            raise EngineError("out of memory")

        monkeypatch.setattr(session._current, "run", fail)
        with pytest.raises(EngineError, match="out of memory"):
            session.run(feeds)
        again = session.run(feeds)
        assert all(np.array_equal(again[name], before[name]) for name in before)
