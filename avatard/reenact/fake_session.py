"""Sessions without a network, and ones that misbehave on purpose: what `meshnet` is tested with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard.errors import EngineError
from avatard.reenact.networks import CORRECTIONS, Networks

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.reenact.fill import Floats
    from avatard.runtime import Array


class FakeSession:
    """Says the same of every patch: a displacement (patch pixels) and a colour (BGR 0..1) with its share. By default
    nothing. runs: how often it was asked. held, fed: what it was given last."""

    provider = "fake"

    def __init__(
        self,
        move: tuple[float, float] = (0.0, 0.0),
        colour: tuple[float, float, float] = (0.0, 0.0, 0.0),
        share: float = 0.0,
    ) -> None:
        self.outputs: dict[str, Floats] = {name: np.zeros(shape, np.float32) for name, shape in CORRECTIONS.items()}
        for array in self.outputs.values():
            array[:] = np.array([*move, *colour, share, 0], np.float32)[:, None, None]
        self.runs = 0
        self.held: dict[str, Array] = {}
        self.fed: dict[str, Array] = {}
        self.open = False

    def __enter__(self) -> Self:
        self.open = True
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self.open = False

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self.held = dict(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self.runs += 1
        self.fed = {name: array.copy() for name, array in feeds.items()}
        return self.outputs


class SlowSession(FakeSession):
    """Takes `seconds` for each run, asleep; they may be changed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(share=0.5)
        self.seconds = seconds

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        time.sleep(self.seconds)
        return super().run(feeds)


class RaisingSession(FakeSession):
    """Runs `good` times, then raises `bad` times as a device that failed does, then runs again."""

    def __init__(self, good: int, bad: int, error: Exception | None = None) -> None:
        super().__init__(share=0.5)
        self._good, self._bad = good, bad
        self._error = error or EngineError("the device failed, as it was told to", "This session exists for tests.")

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        outputs = super().run(feeds)
        if self._good < self.runs <= self._good + self._bad:
            raise self._error
        return outputs


class NanSession(FakeSession):
    """One value of one output of each run is `value`: no number, or none that can be drawn."""

    def __init__(self, output: str = "eyes_out", value: float = float("nan")) -> None:
        super().__init__(share=0.5)
        self.outputs[output].flat[-1] = value


class FakeEncoder(FakeSession):
    """Gives features that depend on the portrait: means of its patches."""

    def __init__(self, features: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__()
        self._shapes = features

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        super().run(feeds)
        means = {"mouth_ref": feeds["mouth"].mean(), "eyes_ref": feeds["eyes"].mean()}
        return {name: np.full(shape, means[name], np.float32) for name, shape in self._shapes.items()}


def fake_networks(corrector: FakeSession, cache: Path) -> Networks:
    """`corrector` as the network of a `MeshNet`, with a `FakeEncoder`."""
    features = {"mouth_ref": (1, 16, 24, 32), "eyes_ref": (2, 16, 16, 16)}
    return Networks(lambda: corrector, lambda: FakeEncoder(features), features, "0" * 64, cache)
