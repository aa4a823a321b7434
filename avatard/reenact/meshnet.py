"""The `meshnet` engine: `mesh` draws, a small network corrects mouth and eyes at the picture's own resolution."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Final

from avatard.errors import EngineError
from avatard.motion import rest
from avatard.reenact import NetworkState, correction, prepared
from avatard.reenact.corrector import Corrector
from avatard.reenact.crew import Crew
from avatard.reenact.features import features
from avatard.reenact.feeds import Feeds, still_feeds
from avatard.reenact.likeness import Pose
from avatard.reenact.patches import EYE, MOUTH, window
from avatard.reenact.puppet import Puppet
from avatard.reenact.steady import Steady

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.reenact.networks import Networks
    from avatard.reenact.puppet import Drawn
    from avatard.runtime import Session
    from avatard.sealed import VideoFormat

log = logging.getLogger("avatard.reenact")

#: Corrections that were away come back over this many pictures: a fifth of a second, no jump.
RISE_PICTURES: Final = 6


class MeshNet:
    """Draws what `Mesh` draws and corrects it. Where the network cannot run, mesh's picture stays as it is.

    find: the networks; may raise EngineError. Called when the engine is entered.
    """

    def __init__(self, format: VideoFormat, find: Callable[[], Networks]) -> None:  # noqa: A002
        self._format = format
        self._find = find
        self._networks: Networks | None = None
        self._session: Session | None = None
        self._stack = ExitStack()
        self._crew = Crew()
        self._puppet: Puppet | None = None
        self._feeds: Feeds | None = None
        self._corrector: Corrector | None = None
        eye = window(EYE), correction.COARSE_EYES
        self._fades = ((window(MOUTH), correction.COARSE), eye, eye)
        self._mouth = Steady()
        self._share = 1.0
        self.network = NetworkState.NONE

    @property
    def name(self) -> str:
        return "mesh" if self._corrector is None else f"meshnet ({self._corrector.provider})"

    def __enter__(self) -> Self:
        self._stack.enter_context(self._crew)
        try:
            self._networks = self._find()
            self._session = self._stack.enter_context(self._networks.corrector())
        except EngineError as e:
            log.error("meshnet cannot run, mesh draws instead: %s. %s", e.message, e.hint)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._puppet = self._feeds = self._corrector = self._session = None
        self._stack.close()

    def set_avatar(self, avatar: Avatar) -> None:
        self._puppet = puppet = Puppet(avatar, self._format.width, self._format.height, self._crew)
        self._feeds = Feeds(puppet)
        self._corrector = None
        self._mouth.forget()
        if self._networks is None or self._session is None:
            return
        stills = still_feeds(puppet, Pose(puppet.likeness, rest(0)))
        try:
            self._corrector = Corrector(self._session, features(self._networks, stills))
        except EngineError as e:
            log.error("meshnet cannot use this portrait, mesh draws instead: %s. %s", e.message, e.hint)

    def warm_up(self) -> None:
        puppet = prepared(self._puppet, "warm_up")
        self._draw(puppet, rest(time.monotonic_ns()), None, 1.0)
        puppet.forget()
        self._mouth.forget()

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        puppet = prepared(self._puppet, "render")
        self._draw(puppet, motion, patch, detail)
        return puppet.picture()

    def _draw(self, puppet: Puppet, motion: Motion, patch: DriverPatch | None, detail: float) -> None:
        drawn = puppet.draw(motion, patch)
        share = min(detail, self._share + 1 / RISE_PICTURES)
        self.network = self._correct(puppet, drawn, motion, share, own_mouth=patch is not None)
        self._share = share if self.network is NetworkState.ON else 0.0
        if self.network is not NetworkState.ON:
            self._mouth.forget()

    def _correct(self, puppet: Puppet, drawn: Drawn, motion: Motion, share: float, *, own_mouth: bool) -> NetworkState:
        """Correct the puppet's canvas by `share` of what the network says: wholly, or not at all."""
        if self._corrector is None or self._feeds is None:
            return NetworkState.NONE
        if share <= 0:
            return NetworkState.OFF
        places = self._feeds.fill(drawn, motion)
        corrections = self._corrector.run(self._feeds.arrays)
        if corrections is None:
            return NetworkState.FAILING
        mouth, *eyes = corrections
        # Lids and irises are steady as they are: held back, they flicker more.
        patches = list(zip(places, (self._mouth.hold(mouth), *eyes), self._fades, strict=True))
        for place, what, (fade, coarse) in patches[own_mouth:]:  # the driver's own mouth needs no correction
            correction.apply(puppet.canvas, place, what, fade if share == 1 else fade * share, coarse)
        return NetworkState.ON
