from __future__ import annotations

import pytest

from avatard.avatar import Avatar
from avatard.avatars import open_store
from avatard.config import Config


@pytest.fixture(scope="session")
def avatar() -> Avatar:
    return open_store().load(Config().reenact.avatar)
