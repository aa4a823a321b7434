"""All sound of one avatard: two feeds, the microphone between, and the threads that serve their devices."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.choice import Choice
from avatard.audio.delay import DelayLine
from avatard.audio.device_thread import PlaybackThread, RecordingThread
from avatard.audio.feed import QueuedFeed
from avatard.audio.follow import Follower
from avatard.audio.hops import Hops
from avatard.errors import AudioError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.audio import Feed
    from avatard.audio.devices import SoundDevice
    from avatard.audio.system import SoundSystem
    from avatard.config import AudioConfig
    from avatard.metronome import Metronome
    from avatard.utterance import Pcm

#: Ahead of what is heard, in seconds. Speech is known beforehand: deep, so that a busy machine tears no gap.
DEEP_S: Final = 0.08
#: A microphone's sound is not, and each of these would be added to its delay.
SHALLOW_S: Final = 0.03
_FOLLOW_S: Final = 1.0
#: How often a device is chosen anew while devices come and go: each choice may be out of date when it is made.
_LOOKS: Final = 5


class Sound:
    """The `Audio` of avatard: what `config` names, by the devices of `system`.

    Constructing it raises AudioError for a name that several devices have. One that none has is waited for, and is told
    in the log and by the feed: headphones that are not plugged in must not keep the picture away.
    """

    def __init__(self, config: AudioConfig, system: SoundSystem) -> None:
        self._config = config
        self._system = system
        self._choice = Choice(config, system)
        for problem in self._choice.problems():
            if not problem.retryable:
                raise problem
        self._line = DelayLine()
        self._follower = Follower(self._line, lambda: 0.0, config.offset_ms)
        self._hops: Hops | None = None
        self._has_microphone = config.microphone != "none"
        self._speech, private = QueuedFeed(), QueuedFeed()
        self.call: Feed = self._speech
        self.monitor: Feed = private
        take = self._mixed if self._has_microphone else self._speech.take
        ahead_s = SHALLOW_S if self._has_microphone else DEEP_S
        self._call = PlaybackThread(
            "call",
            self._speech,
            take,
            lambda: system.playback(self._meant("call"), ahead_s),
            rests=not self._has_microphone,
        )
        self._monitor = PlaybackThread(
            "monitor", private, private.take, lambda: system.playback(self._meant("monitor"), DEEP_S), private=True
        )
        self._microphone = RecordingThread(self._heard, lambda: system.recording(self._meant("microphone")))
        self._threads: dict[str, PlaybackThread | RecordingThread] = {
            "call": self._call,
            "monitor": self._monitor,
            "microphone": self._microphone,
        }
        self._last_meant: dict[str, str] = {}
        self._changes = 0
        self._stopped = threading.Event()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self._release)
        for thread in self._threads.values():
            thread.start()
            self._stack.callback(thread.stop)
        for name, work in (("devices", self._watch), ("step", self._follow)):
            watching = threading.Thread(target=work, name=f"avatard-{name}", daemon=True)
            watching.start()
            self._stack.callback(watching.join)
        self._stack.callback(self._stopped.set)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def keep_step(self, picture_age_s: Callable[[], float]) -> None:
        self._follower = Follower(self._line, picture_age_s, self._config.offset_ms)

    def listen(self, hear: Callable[[Pcm, int], None]) -> None:
        hops = Hops(hear)
        hops.start()
        self._stack.callback(hops.stop)
        self._hops = hops

    def calibrate(self, metronome: Metronome) -> None:
        if not self._has_microphone:
            hint = "Typed speech is in step by itself. For a microphone: avatard config set audio.microphone default"
            raise AudioError("no microphone is passed into the call", hint)
        self._line.metronome = metronome

    @property
    def microphone_delay_s(self) -> float:
        return self._line.delay_s

    def status(self) -> Mapping[str, object]:
        status: dict[str, object] = {"call": _told(self._call), "monitor": _told(self._monitor)}
        if self._has_microphone:
            dropped = self._hops.dropped if self._hops else 0
            status["microphone"] = {**_told(self._microphone), "dropped": dropped, **self._follower.status()}
        return status

    def _mixed(self, count: int, heard_ns: int) -> Pcm:
        """Speech and the delayed microphone, as loud as both: what is too loud for 16 bits is clipped, not wrapped."""
        speech, microphone = self._speech.take(count, heard_ns), self._line.read(count, heard_ns)
        mixed: Pcm = np.clip(speech.astype(np.int32) + microphone, -32768, 32767).astype(np.int16)
        return mixed

    def _heard(self, pcm: Pcm, spoken_ns: int) -> None:
        self._line.write(pcm, spoken_ns)
        if self._hops is not None:
            self._hops.give(pcm, spoken_ns)

    def _watch(self) -> None:
        self._system.watch(self._changed, lambda: not self._stopped.is_set())

    def _meant(self, role: str) -> SoundDevice:
        """The device to be opened. Raises AudioError where it is not there."""
        self._last_meant.pop(role, None)
        for _ in range(_LOOKS):
            before = self._changes
            device = self._choice.of(role)
            self._last_meant[role] = device.name
            if self._changes == before:
                break  # else it may be the default of a moment ago, and `_changed` has left it to us
        return device

    def _changed(self) -> None:
        """Another default, or a device that has come: whoever opened another one, or none, looks again."""
        self._changes += 1
        for role, thread in self._threads.items():
            last = self._last_meant.get(role)
            if last is None and not thread.lost:
                continue  # it is about to look
            with suppress(AudioError):
                # What avatard makes itself is made by the thread that plays to it, and nobody else.
                made = role == "call" and self._config.output == "auto"
                if last is None if made else self._choice.of(role).name != last:
                    thread.reopen()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._follower.look()
            self._stopped.wait(_FOLLOW_S)

    def _release(self) -> None:
        with suppress(AudioError):  # where the server has gone, so has what it made
            self._system.release()


def _told(thread: PlaybackThread | RecordingThread) -> dict[str, object]:
    return {"device": thread.device, "missing": thread.missing, "xruns": thread.xruns, "lost": thread.lost}
