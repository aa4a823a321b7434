"""Flash and beep at the virtual camera and the virtual microphone of this machine: what a call here begins with."""

from __future__ import annotations

import mmap
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import cv2
import numpy as np

from avatard.bench.in_step import flashes
from avatard.bench.in_step.recorded import Recorded
from avatard.errors import AudioError
from avatard.output.y4m import FRAME
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.bench.in_step.flashes import Offset, Pixels
    from avatard.utterance import Pcm

    #: Gives pictures, HxW, and when each was seen (monotonic ns), until told to stop.
    Watch: TypeAlias = Callable[[threading.Event], Iterator[tuple[Pixels, int]]]

#: How often a ring is looked at: what the time of a flash can be too late by.
_LOOK_S: Final = 0.004
_PATIENCE_S: Final = 10.0
_SINK: Final = re.compile(r"(?P<path>/\S+?):? .*?(?P<width>\d+)x(?P<height>\d+)")


def measure(sinks: Sequence[str], flash: Callable[[], float]) -> Offset:
    """Watch these sinks of the avatard that runs, named as in its status, while it flashes and beeps. flash: has it do
    so, and says for how many seconds. Raises AudioError where they cannot be watched."""
    watch = _watcher(sinks)
    with ExitStack() as stack:
        stop = threading.Event()
        eyes, ears = _Eyes(watch, stop), _Ears(stop)
        stack.callback(stop.set)
        for thread in (eyes, ears):
            thread.start()
        _await(lambda: bool(eyes.times_ns) and bool(ears.blocks), eyes, ears)
        time.sleep(flash() + 1)
        stop.set()
        for thread in (eyes, ears):
            thread.join()
    for failure in (eyes.failure, ears.failure):
        if failure is not None:
            raise failure
    recorded = Recorded(np.concatenate(ears.pcm), np.asarray(ears.blocks, np.int64))
    times = np.asarray(eyes.times_ns, np.float64) / NS_PER_S
    return flashes.compare(
        times, np.asarray(eyes.pictures), recorded.pcm.astype(np.float32), recorded.time_ns(0) / NS_PER_S
    )


class _Gatherer(threading.Thread):
    """Gathers until told to stop. failure: why it could not."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.stop = stop
        self.failure: AudioError | None = None


class _Eyes(_Gatherer):
    """Pictures, small, and when each was seen."""

    def __init__(self, watch: Watch, stop: threading.Event) -> None:
        super().__init__(stop)
        self._watch = watch
        self.times_ns: list[int] = []
        self.pictures: list[Pixels] = []

    def run(self) -> None:
        """Until told to stop."""
        for luma, seen_ns in self._watch(self.stop):
            small = cv2.resize(luma, (flashes.COLUMNS, flashes.ROWS), interpolation=cv2.INTER_AREA)
            self.pictures.append(np.asarray(small, np.uint8))
            self.times_ns.append(seen_ns)


class _Ears(_Gatherer):
    """Sound, and when the first sample of each block was heard."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(stop)
        self.pcm: list[Pcm] = []
        self.blocks: list[tuple[int, int]] = []
        self._heard = 0

    def run(self) -> None:
        """Until told to stop."""
        from avatard.audio.devices import Kind, SoundDevice
        from avatard.audio.pulse import Pulse
        from avatard.audio.pulse_server import SOURCE

        try:
            with Pulse().recording(SoundDevice(SOURCE, "virtual microphone", Kind.MICROPHONE)) as recording:
                recording.record(self._hear, lambda: not self.stop.is_set())
        except AudioError as e:
            self.failure = e

    def _hear(self, pcm: Pcm, heard_ns: int) -> None:
        self.pcm.append(pcm)
        self.blocks.append((self._heard, heard_ns))
        self._heard += len(pcm)


def _watcher(sinks: Sequence[str]) -> Watch:
    """How to watch one of these sinks, as `avatard status` calls them. Raises AudioError where none can be."""
    for sink in sinks:
        found = _SINK.match(sink)
        if found is None:
            continue
        path, width, height = found["path"], int(found["width"]), int(found["height"])
        if path.startswith("/dev/video"):
            return lambda stop: _loopback(path, width, height, stop)
        if "y4m ring" in sink:
            return lambda stop: _ring(Path(path), width, height, stop)
    raise AudioError("the pictures cannot be watched here", "Record the other end instead: avatard calibrate")


def _loopback(path: str, width: int, height: int, stop: threading.Event) -> Iterator[tuple[Pixels, int]]:
    from avatard.bench.v4l2_reader import pictures

    return pictures(path, width, height, stop)


def _ring(path: Path, width: int, height: int, stop: threading.Event) -> Iterator[tuple[Pixels, int]]:
    """The ring's first place, as often as anything could change."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        start = view.find(b"\n") + 1 + len(FRAME)
        while not stop.is_set():
            luma = np.frombuffer(view[start : start + width * height], np.uint8)
            yield luma.reshape(height, width), time.monotonic_ns()
            time.sleep(_LOOK_S)


def _await(come: Callable[[], bool], *gatherers: _Gatherer) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not come():
        failure = next((each.failure for each in gatherers if each.failure is not None), None)
        if failure is not None:
            raise failure
        if time.monotonic() > end:
            raise AudioError("neither picture nor sound comes", "avatard status says what it does.")
        time.sleep(0.02)
