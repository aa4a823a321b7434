"""Audio: sound devices, the virtual microphone, and the delay that keeps a real one in step with the picture.

`open_audio` opens what `[audio]` of the settings names. Sound goes two ways: into the call, by the virtual microphone,
and to the user's own ears, by the monitor. Either may be missing: then its `Feed` is silent and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from avatard.config import AudioConfig
    from avatard.metronome import Metronome
    from avatard.utterance import Pcm


class Feed(Protocol):
    """Sound queued for one output device, in order, on the device's own clock. Any thread; nothing blocks, none raises.

    Where the device is missing or lost, samples are let go as time passes, so that lips and words go on without sound.
    """

    #: Why nobody hears it, "" where somebody does.
    missing: str
    #: How often what was queued was let go, as another device had come in the place of the one it was meant for.
    moved: int

    def write(self, pcm: Pcm) -> int:
        """Queue `pcm` behind what is queued; the index of its first sample, counted since the feed was opened."""

    def wake(self) -> None:
        """Something will be written soon: a device that rests is opened, which takes some 30 ms."""

    def cut(self) -> None:
        """Forget what is queued: silence within 30 ms, faded, without a click."""

    def sample_at(self, now_ns: int) -> float:
        """The index of the sample that the listener hears at `now_ns` (monotonic): the device's own delay is in it."""

    @property
    def queued_s(self) -> float:
        """Seconds queued, and not yet heard."""


class Audio(Protocol):
    """The sound devices while they are open. A context manager: entering never fails for want of a device."""

    #: Into the call: the virtual microphone. And to the user's own ears.
    call: Feed
    monitor: Feed

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

    def keep_step(self, picture_age_s: Callable[[], float]) -> None:
        """Delay the real microphone by what `picture_age_s` gives, asked once a second; 0 while nothing is known."""

    def listen(self, hear: Callable[[Pcm, int], None]) -> None:
        """Have `hear` called with 10 ms of the real microphone and the monotonic ns at which its first sample was
        spoken: on a thread of its own, never the device's. Samples are dropped and counted where it is too slow."""

    def calibrate(self, metronome: Metronome) -> None:
        """Have the call hear its beeps in place of the real microphone, by the same way and as late, while it goes.
        Raises AudioError where no microphone is passed into the call."""

    @property
    def microphone_delay_s(self) -> float:
        """Seconds from a sound at the microphone to the call's hearing it; 0 while there is none."""

    def status(self) -> Mapping[str, object]:
        """For `avatard status`: names of the devices, or why there is none; xruns; delay and offset in ms."""


def open_audio(config: AudioConfig) -> Audio:
    """The devices that `config` names, not yet entered. Raises AudioError for a name that several devices have.

    One that none has may yet be plugged in: until then its feed is silent, and says so."""
    from avatard.audio.sound import Sound
    from avatard.audio.system import open_system

    return Sound(config, open_system())
