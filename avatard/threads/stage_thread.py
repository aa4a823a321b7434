"""What the three threads have in common: one switch, and a failure that reaches whoever waits for the pipeline."""

from __future__ import annotations

import abc
import enum
import threading


class Hold(enum.Enum):
    """Why the threads rest: the camera closed, nothing drawn, a card shown; the first that holds is told.

    The values are those of the cards.
    """

    PAUSED = "paused"  #: the user asked for it
    ASLEEP = "asleep"  #: nobody reads the sinks


class Switch:
    """On, held or stopped, and why. Any thread may call any method."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._lock = threading.Lock()
        self._holds: set[Hold] = set()
        self.error: Exception | None = None

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called or a thread failed for good."""
        return self._stopping.is_set()

    @property
    def held(self) -> Hold | None:
        """What holds it, the user's word first; None while it goes, or is stopped."""
        return None if self.stopped else next((why for why in Hold if why in self._holds), None)

    def hold(self, why: Hold) -> bool:
        """Rest until this and every other hold is released. Returns whether this one is new."""
        with self._lock:
            new = why not in self._holds
            self._holds.add(why)
            if not self.stopped:
                self._going.clear()
            return new

    def release(self, why: Hold) -> bool:
        """Go on, unless something else holds it. Returns whether this one did."""
        with self._lock:
            held = why in self._holds
            self._holds.discard(why)
            if not self._holds:
                self._going.set()
            return held

    def stop(self, error: Exception | None = None) -> None:
        """End all threads; the first `error` given is kept as the reason."""
        with self._lock:
            self.error = self.error or error
            self._stopping.set()
            self._going.set()

    def wait_stopped(self, timeout_s: float) -> bool:
        """Wait until stopped, at most `timeout_s`; whether it is."""
        return self._stopping.wait(timeout_s)

    def wait_going(self, timeout_s: float) -> None:
        """Wait until nothing holds it, at most `timeout_s`."""
        self._going.wait(timeout_s)


class StageThread(threading.Thread, abc.ABC):
    """A thread whose failure stops the switch, with its reason, rather than ending unseen.

    A daemon thread: a device that never returns from its driver must not keep the process alive.
    """

    def __init__(self, name: str, switch: Switch) -> None:
        super().__init__(name=f"avatard-{name}", daemon=True)
        self.switch = switch

    def run(self) -> None:
        """Work until stopped."""
        try:
            self.work()
        except Exception as e:
            self.switch.stop(e)

    @abc.abstractmethod
    def work(self) -> None:
        """The thread's loop: returns once the switch is stopped, raises what ends the pipeline."""
