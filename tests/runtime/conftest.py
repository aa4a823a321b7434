from pathlib import Path

import pytest

from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.plan_cache import PlanCache
from tests.runtime.network import make_engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EngineFolder:
    return make_engine(tmp_path_factory.mktemp("engines") / "meshnet")


@pytest.fixture
def cache(tmp_path: Path) -> PlanCache:
    return PlanCache(tmp_path / "plans")
