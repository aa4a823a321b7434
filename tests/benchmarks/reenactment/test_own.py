from __future__ import annotations

import pytest

from benchmarks.reenactment.own import lost
from tests.benchmarks.reenactment.conftest import Make


def test_lost_is_the_share_of_the_drivers_faces_that_the_output_lacks(face: Make) -> None:
    one = face()
    assert lost([one, one, None, one, one], [one, None, None, one, one]) == pytest.approx(0.25)
    assert lost([None], [one]) == 0
