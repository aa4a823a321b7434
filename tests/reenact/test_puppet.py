from dataclasses import replace

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.motion import UNIT, Driver, Motion, Part, rest
from avatard.reenact.puppet import CLOSING_PICTURES, SPOKEN_PICTURES, Puppet


@pytest.fixture(scope="module")
def puppet(astronaut: Avatar) -> Puppet:
    return Puppet(astronaut, 640, 480)


def pressed(driver: Driver) -> Motion:
    """Lips that must be closed, whoever moves them."""
    still = rest(0)
    units = still.units.copy()
    units[UNIT["mouthClose"]] = 0.05
    return replace(still, units=units, mouth=Part(driver, 0))


@pytest.mark.parametrize(
    ("driver", "pictures"),
    [(Driver.CAMERA, CLOSING_PICTURES), (Driver.SPEECH, SPOKEN_PICTURES), (Driver.VOICE, SPOKEN_PICTURES)],
)
def test_a_smiling_portrait_s_lips_meet_after_so_many_pictures(puppet: Puppet, driver: Driver, pictures: int) -> None:
    puppet.forget()
    puppet.draw(rest(0))
    gaps = [float(puppet.draw(pressed(driver)).expression.gap.max()) for _ in range(pictures)]
    assert gaps[-1] == 0
    assert gaps[0] > 0
    assert all(np.diff(gaps) <= 0)
