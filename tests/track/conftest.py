from pathlib import Path

import numpy as np
import pytest
from skimage import data

from avatard.frame import Picture

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"needs {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def astronaut() -> Picture:
    """512x512 BGR: a face with 60 px between the outer eye corners, its eyes about (225, 103)."""
    return np.ascontiguousarray(data.astronaut()[..., ::-1], np.uint8)  # type: ignore[no-untyped-call]
