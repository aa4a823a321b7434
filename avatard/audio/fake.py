"""Sound devices for tests: paced like real ones, they keep what was played, and can be unplugged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.devices import Kind, SoundDevice
from avatard.errors import AudioError
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.audio.device import Give, On, Take
    from avatard.utterance import Pcm

VIRTUAL_MICROPHONE: Final = SoundDevice("fake_call", "fake virtual microphone", Kind.VIRTUAL_MICROPHONE)
HEADPHONES: Final = SoundDevice("fake_headphones", "fake headphones", Kind.HEADPHONES, default=True)
MICROPHONE: Final = SoundDevice("fake_microphone", "fake microphone", Kind.MICROPHONE, default=True)
_BLOCK: Final = RATE // 100
_AHEAD_NS: Final = 20_000_000


class FakeSystem:
    """A `SoundSystem` of three devices. heard: what the microphone hears, from the beginning each time it is opened;
    then silence."""

    def __init__(self, heard: Pcm | None = None) -> None:
        self._heard = np.zeros(0, np.int16) if heard is None else heard
        self._played: dict[str, list[Pcm]] = {}
        self._plugged = {device.name: device for device in (VIRTUAL_MICROPHONE, HEADPHONES, MICROPHONE)}
        self._news = threading.Event()
        self.released = False

    def played(self, device: SoundDevice) -> Pcm:
        """All that was played on `device`, silence too. Any thread."""
        return np.concatenate([np.zeros(0, np.int16), *self._played.get(device.name, [])])

    def unplug(self, device: SoundDevice) -> None:
        """Whoever uses it loses it. Any thread."""
        self._plugged.pop(device.name)
        self._news.set()

    def plug(self, device: SoundDevice) -> None:
        """It is there again, or a new one is. Any thread."""
        self._plugged[device.name] = device
        self._news.set()

    def has(self, device: SoundDevice) -> bool:
        """Whether it is plugged in."""
        return device.name in self._plugged

    def devices(self) -> Sequence[SoundDevice]:
        return list(self._plugged.values())

    def virtual_microphone(self) -> SoundDevice:
        if not self.has(VIRTUAL_MICROPHONE):
            raise AudioError("there is no virtual microphone", "It is a fake.", retryable=True)
        return VIRTUAL_MICROPHONE

    def release(self) -> None:
        self.released = True

    def playback(self, device: SoundDevice, latency_s: float) -> FakePlayback:
        return FakePlayback(self, device, self._played.setdefault(device.name, []))

    def recording(self, device: SoundDevice) -> FakeRecording:
        return FakeRecording(self, device, self._heard)

    def watch(self, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        while on():
            if self._news.wait(0.02):
                self._news.clear()
                changed()


class _FakeDevice:
    """One that is lost when it is unplugged."""

    xruns = 0

    def __init__(self, system: FakeSystem, device: SoundDevice) -> None:
        self._system, self._device = system, device
        self.name = device.description

    def __enter__(self) -> Self:
        self._there()
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def _there(self) -> None:
        if not self._system.has(self._device):
            raise AudioError(f"{self.name} has gone", "It is a fake.", retryable=True)


class FakePlayback(_FakeDevice):
    """Keeps what was played in `played`."""

    rewinds = False

    def __init__(self, system: FakeSystem, device: SoundDevice, played: list[Pcm]) -> None:
        super().__init__(system, device)
        self._played = played

    def play(self, take: Take, on: On) -> None:
        due_ns = time.monotonic_ns()
        while on():
            self._there()
            self._played.append(take(_BLOCK, due_ns + _AHEAD_NS))
            due_ns = _pace(due_ns)

    def hush(self) -> None:
        pass


class FakeRecording(_FakeDevice):
    """Hears `heard`, then silence."""

    def __init__(self, system: FakeSystem, device: SoundDevice, heard: Pcm) -> None:
        super().__init__(system, device)
        self._heard = heard

    def record(self, give: Give, on: On) -> None:
        due_ns, at = time.monotonic_ns(), 0
        while on():
            self._there()
            pcm = np.zeros(_BLOCK, np.int16)
            piece = self._heard[at : at + _BLOCK]
            pcm[: len(piece)] = piece
            started_ns, due_ns, at = due_ns, _pace(due_ns), at + _BLOCK
            give(pcm, started_ns)


def _pace(due_ns: int) -> int:
    """Wait until the block that began at `due_ns` is over; that instant."""
    over_ns = due_ns + _BLOCK * NS_PER_S // RATE
    time.sleep(max(0, over_ns - time.monotonic_ns()) / NS_PER_S)
    return over_ns
