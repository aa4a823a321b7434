"""What a call hears: PulseAudio's own recorder, a program that knows nothing of avatard."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from avatard.utterance import RATE, Pcm
from tests.output.private_pipewire import PATIENCE_S


class Recorded:
    """All that was heard up to now."""

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def pcm(self) -> Pcm:
        with open(self._path, "rb") as file:
            data = file.read()
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16)

    def find(self, pcm: Pcm) -> int:
        """Where `pcm` was heard, sample by sample; -1 where it was not."""
        at = -1
        heard, wanted = self.pcm.tobytes(), pcm.tobytes()
        while (at := heard.find(wanted, at + 1)) >= 0:
            if at % 2 == 0:
                return at // 2
        return -1


@contextmanager
def recording(device: str, rate: int = RATE) -> Iterator[Recorded]:
    """Records `device` while entered, from the beginning on."""
    command = ["parec", f"--device={device}", f"--rate={rate}", "--channels=1", "--format=s16le", "--latency-msec=20"]
    with tempfile.NamedTemporaryFile() as file:
        process = subprocess.Popen([*command, "--raw"], stdout=file, stdin=subprocess.DEVNULL)
        try:
            recorded = Recorded(file.name)
            until(lambda: len(recorded.pcm) > 0)
            yield recorded
        finally:
            process.kill()
            process.wait()


def until(done: Callable[[], object]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def noise(seconds: float, seed: int = 1) -> Pcm:
    """Sound that is like no other place of itself."""
    return np.random.default_rng(seed).integers(-12_000, 12_000, round(seconds * RATE)).astype(np.int16)
