"""The thread of one sound device: opens it, serves it, and opens it again when it was lost."""

from __future__ import annotations

import abc
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from avatard.audio.device import Device, Playback, Recording
from avatard.audio.silent import Silent
from avatard.backoff import Backoff
from avatard.errors import AudioError

if TYPE_CHECKING:
    from avatard.audio.device import Give, Take
    from avatard.audio.feed import QueuedFeed

log = logging.getLogger("avatard.audio")

#: A device that went for so long has worked: when it is lost, that is a first failure.
_WORKED_S: Final = 2.0
_HANGS_S: Final = 5.0
#: Longer than people pause between two sentences that they type.
REST_S: Final = 10.0


class NotWantedError(AudioError):
    """The settings want no such device."""


AnyDevice = TypeVar("AnyDevice", bound=Device)


class DeviceThread(threading.Thread, abc.ABC, Generic[AnyDevice]):
    """Serves what `open_device` gives until stopped. Nothing that a device does ends it: the picture goes on.

    role: what the device is for, as logs call it. missing: why there is none, "" while there is one.
    lost: how often it was lost or could not be opened.
    """

    def __init__(self, role: str, open_device: Callable[[], AnyDevice]) -> None:
        super().__init__(name=f"avatard-{role}", daemon=True)
        self._role = role
        self._open = open_device
        self._backoff = Backoff(self._pass_time)
        self._stopping = False
        self._news = threading.Event()
        self._device: AnyDevice | None = None
        self._resting = ""  # the name of one that is closed for now, as nothing is to be played
        self._xruns = 0
        self.missing = "not opened yet"
        self.lost = 0

    @property
    def device(self) -> str:
        """Its name; "" while there is none."""
        device = self._device
        return device.name if device is not None else self._resting

    @property
    def xruns(self) -> int:
        """How often a device was served too late: sound that was missing, or lost."""
        device = self._device
        return self._xruns + (device.xruns if device is not None else 0)

    def reopen(self) -> None:
        """The device may have become another one, or have come back. Any thread."""
        self._news.set()

    def stop(self) -> None:
        """End, and close the device; one that hangs is left to itself."""
        self._stopping = True
        self._news.set()
        self.join(_HANGS_S)

    def run(self) -> None:
        """Open, serve, and so on until stopped."""
        while not self._stopping:
            self._news.clear()
            started = time.monotonic()
            try:
                with self._open() as device:
                    started = time.monotonic()
                    self._attend(device)
                self._rest()
            except NotWantedError as e:
                self.missing = e.message
                self._pass_time(math.inf)
            except Exception as e:
                if time.monotonic() - started > _WORKED_S:
                    self._backoff.reset()
                self._lack(e)
                self._backoff.wait()

    @abc.abstractmethod
    def _serve(self, device: AnyDevice) -> None:
        """Until not `_on`. Raises AudioError when the device is lost."""

    def _rest(self) -> None:
        """Without the device, until there is something for it again."""

    def _on(self) -> bool:
        return not (self._stopping or self._news.is_set())

    def _pass_time(self, seconds: float) -> None:
        """Wait, at most until there are news."""
        self._news.wait(min(seconds, threading.TIMEOUT_MAX))

    def _attend(self, device: AnyDevice) -> None:
        self._device, self.missing = device, ""
        log.info("%s: %s", self._role, device.name)
        try:
            self._serve(device)
        finally:
            self._xruns += device.xruns
            self._device = None

    def _lack(self, e: Exception) -> None:
        self.lost += 1
        expected = isinstance(e, AudioError)
        reason = e.message if isinstance(e, AudioError) else f"failed: {type(e).__name__}"
        hint = e.hint if isinstance(e, AudioError) else "A bug in avatard: please report it."
        if reason != self.missing:  # told once, however often it is tried
            log.warning("%s: %s. %s", self._role, reason, hint, exc_info=None if expected else e)
        self.missing = reason


class PlaybackThread(DeviceThread[Playback]):
    """Has `feed` heard. take: what is played, `feed.take` or that with other sound in it.

    While the device is missing, time goes on in silence. rests: where nothing is to be heard for `REST_S`, the device
    is closed until something is; an open one costs 1 % of a core. private: what began on one device does not go on on
    another: who unplugs headphones has not chosen the loudspeakers for it.
    """

    def __init__(
        self,
        role: str,
        feed: QueuedFeed,
        take: Take,
        open_device: Callable[[], Playback],
        *,
        rests: bool = True,
        private: bool = False,
    ) -> None:
        super().__init__(role, open_device)
        self._feed = feed
        self._take = take
        self._rests = rests
        self._private = private
        self._last = ""  # the name of the device that what is queued may have begun on

    def _serve(self, device: Playback) -> None:
        if self._private and self._last not in ("", device.name):
            self._feed.move()
        self._last = device.name
        self._feed.begin(device)
        device.play(self._take, lambda: self._on() and not self._quiet())
        self._resting = device.name if self._on() else ""
        if self._resting:
            self._last = ""  # all of it was heard

    def _rest(self) -> None:
        if self._resting:
            # While it is quiet, and not until it is told: between the device's end and here somebody may have written.
            self._in_silence(self._quiet, call=self.reopen)
            self._resting = ""

    def _pass_time(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._in_silence(lambda: time.monotonic() < end)

    def _quiet(self) -> bool:
        return self._rests and self._feed.quiet_s > REST_S

    def _in_silence(self, on: Callable[[], bool], call: Callable[[], None] = lambda: None) -> None:
        silent = Silent(due_ns=self._feed.due_ns(), wait=self._news.wait)
        self._feed.begin(silent, self.missing, call)
        silent.play(self._take, lambda: self._on() and on())


class RecordingThread(DeviceThread[Recording]):
    """Has `give` called with what the microphone hears."""

    def __init__(self, give: Give, open_device: Callable[[], Recording]) -> None:
        super().__init__("microphone", open_device)
        self._give = give

    def _serve(self, device: Recording) -> None:
        device.record(self._give, self._on)
