from __future__ import annotations

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.config import ReenactConfig
from avatard.errors import EngineError
from avatard.motion import rest
from avatard.reenact import open_engine
from avatard.sealed import VideoFormat
from tests.reenact.drawn_face import Move


def test_still_ignores_motion(drawn: Avatar, move: Move) -> None:
    with open_engine(ReenactConfig(engine="still"), VideoFormat(320, 240)) as engine:
        with pytest.raises(EngineError, match="no avatar"):
            engine.render(rest(0))
        engine.set_avatar(drawn)
        engine.warm_up()
        first = engine.render(rest(0))
        assert first.shape == (240, 320, 3)
        assert first.flags.c_contiguous
        assert np.array_equal(engine.render(move(20, jawOpen=1.0)), first)
        assert engine.name == "still"
