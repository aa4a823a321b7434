"""What speech asks of the avatar's face at one instant, whoever speaks: a typed text or a microphone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt

from avatard import motion

if TYPE_CHECKING:
    from collections.abc import Iterable


#: `len(UNITS)` bool: the units that speech owns: jaw, lips, tongue. Cheeks, nose, brows and eyes stay whose they are.
MOUTH: Final = np.array([name.startswith(("jaw", "mouth", "tongue")) for name in motion.UNITS])


@dataclass(frozen=True, slots=True)
class Spoken:
    """One instant of speech, to be blended with what camera or idle give.

    units: `len(UNITS)` float32, as of `Motion`. Those of jaw, mouth and tongue are what the sounds want; those of
        brows, eyes and cheeks come on top of the face's own: emotion, gestures, blinks.
    mouth: 0..1, how much of the mouth is speech's; the rest stays whose it is. It eases: no jump at either end.
    rotation: 3 float32, radians, as of `Motion`, on top of the head's own.
    driver: `Driver.SPEECH` or `Driver.VOICE`.
    """

    units: npt.NDArray[np.float32]
    mouth: float
    rotation: npt.NDArray[np.float32]
    driver: motion.Driver = motion.Driver.SPEECH


class Lips(Protocol):
    """Who may speak. Called on the render thread, once a picture; must return within 0.2 ms and never raises."""

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        """For a picture that will be seen at `now_ns` (monotonic), so that sound heard then belongs to it; None while
        nobody speaks. face: whether a camera sees the driver's own mouth."""


class Together:
    """Several that may speak, each before those that come after it: what is typed goes before a microphone. All are
    asked for each picture, so that each eases on its own."""

    def __init__(self, lips: Iterable[Lips]) -> None:
        self._lips = tuple(lips)

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        """As of `Lips`."""
        spoken = [found for one in self._lips if (found := one.at(now_ns, face)) is not None]
        return reduce(_before, spoken) if spoken else None


def _before(first: Spoken, second: Spoken) -> Spoken:
    """The first one's mouth, and the second one's where the first leaves it; of the rest both."""
    own, rest = np.float32(first.mouth), np.float32((1 - first.mouth) * second.mouth)
    mouth = float(own + rest)
    lips = (own * first.units + rest * second.units) / np.float32(max(mouth, 1e-6))
    units = np.where(MOUTH, lips, first.units + second.units).astype(np.float32)
    driver = first.driver if first.mouth else second.driver
    return Spoken(units, mouth, first.rotation + second.rotation, driver)
