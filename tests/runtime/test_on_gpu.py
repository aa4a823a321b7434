"""Each provider for NVIDIA GPUs on the real thing; skipped where it does not load."""

from __future__ import annotations

import numpy as np
import pytest

from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.parity import compare, open_ready, random_feeds
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.providers import look

pytestmark = pytest.mark.gpu

REFS = ("mouth_ref", "eyes_ref")


@pytest.fixture(params=["tensorrt", "tensorrt-rtx", "cuda"])
def provider(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if why_not := look(name).why_not:
        pytest.skip(why_not)
    return name


def test_parity_and_no_frozen_graph(provider: str, engine: EngineFolder, cache: PlanCache) -> None:
    parity = compare(engine, provider, cache)
    assert parity.ok, parity


def test_what_is_held_stays_until_it_is_set_again(provider: str, engine: EngineFolder, cache: PlanCache) -> None:
    one, two = random_feeds(engine, 1), random_feeds(engine, 2)
    rest = {name: feed for name, feed in one.items() if name not in REFS}
    with open_ready(engine, provider, cache) as session, open_ready(engine, "cpu", cache) as expected:
        for held in (one, two):
            session.hold({name: held[name] for name in REFS})
            whole = expected.run({**rest, **{name: held[name] for name in REFS}})
            np.testing.assert_allclose(session.run(rest)["mouth_out"], whole["mouth_out"], atol=0.02)


def test_it_opens_again_from_the_cache(provider: str, engine: EngineFolder, cache: PlanCache) -> None:
    for _ in range(2):
        with open_ready(engine, provider, cache) as session:
            assert session.provider == provider
