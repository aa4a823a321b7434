"""One open sound device, as the threads that serve it see it: of PulseAudio, PortAudio or the fakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.utterance import Pcm

    #: Gives the next N samples, of which the first is heard at a time (monotonic ns). Quick, waits for nothing.
    Take: TypeAlias = Callable[[int, int], Pcm]
    #: Takes samples, of which the first was spoken at a time (monotonic ns). Quick, waits for nothing.
    Give: TypeAlias = Callable[[Pcm, int], None]
    #: Whether to go on; asked ten times a second at least.
    On: TypeAlias = Callable[[], bool]


class Device(Protocol):
    """A context manager: entering opens it and raises AudioError. One thread uses it, but for `hush`."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def xruns(self) -> int:
        """How often it was served too late since it was opened: sound that was missing, or lost."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Playback(Device, Protocol):
    """Plays what is taken from `take`."""

    @property
    def rewinds(self) -> bool:
        """Whether `hush` reaches what has been taken and not yet heard."""

    def play(self, take: Take, on: On) -> None:
        """Play for as long as `on` says so. Raises AudioError when the device is lost."""

    def hush(self) -> None:
        """Fade out what has been taken, where it `rewinds`: silence within 30 ms. Any thread; does not wait."""


class Recording(Device, Protocol):
    """Gives what it hears to `give`."""

    def record(self, give: Give, on: On) -> None:
        """Record for as long as `on` says so. Raises AudioError when the device is lost."""
