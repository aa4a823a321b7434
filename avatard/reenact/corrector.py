"""The corrector's session while pictures flow: what it says, or nothing while it fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from avatard.errors import EngineError
from avatard.reenact.fill import Floats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from avatard.runtime import Session

log = logging.getLogger("avatard.reenact")

#: After a failure the network rests so long, after each further one twice as long: mesh draws meanwhile.
FIRST_S: Final = 0.5
LONGEST_S: Final = 10.0
#: No displacement is larger than a patch, and colours are 0..1.
LARGEST: Final = 256.0


class Corrector:
    """Runs an entered session for one portrait. One thread. clock: seconds, monotonic."""

    def __init__(
        self, session: Session, features: Mapping[str, Floats], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Raises EngineError when the session does not take the portrait's features."""
        self._session = session
        self._clock = clock
        self._again_s = float("-inf")
        self._rest_s = FIRST_S
        session.hold(features)

    @property
    def provider(self) -> str:
        """What runs the network."""
        return self._session.provider

    def run(self, feeds: Mapping[str, Floats]) -> tuple[Floats, Floats, Floats] | None:
        """Corrections of mouth, right and left eye, `PLANES` x H x W each, valid until the next call.

        None when the network fails, whatever it raises: a picture without corrections is `mesh`, no picture is worse.
        Then also while it rests.
        """
        if self._clock() < self._again_s:
            return None
        try:
            outputs = self._session.run(feeds)
            mouth, eyes = outputs["mouth_out"], outputs["eyes_out"]
            if not (_sound(mouth) and _sound(eyes)):
                raise EngineError("the network gave values that cannot be drawn")
        except Exception as e:
            log.warning("the network failed, mesh draws alone; next try in %.1f s", self._rest_s, exc_info=e)
            self._again_s = self._clock() + self._rest_s
            self._rest_s = min(2 * self._rest_s, LONGEST_S)
            return None
        self._rest_s = FIRST_S
        return mouth[0], eyes[0], eyes[1]


def _sound(values: Floats) -> bool:
    """Whether all of them are numbers and within reason: what is no number makes the least and greatest none."""
    return bool(values.min() > -LARGEST and values.max() < LARGEST)
