"""The independent reader of a sound source: `python -m avatard.bench.in_step.sound_reader SOURCE FILE`, a `Child`.

What it hears goes into FILE, bare int16; when each block was heard is told at the end. The time is the sound server's:
when the sample passed the device, not when this process got around to it; a call takes the same for its own step.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from avatard.bench.child import cannot, ready, tell, watching
from avatard.errors import AudioError

if TYPE_CHECKING:
    from avatard.utterance import Pcm


def main(source: str, file: Path) -> None:
    """Record until told to stop."""
    from avatard.audio.devices import Kind, SoundDevice
    from avatard.audio.pulse import Pulse

    stop = ready()
    blocks: list[tuple[int, int, int]] = []
    heard = 0
    with file.open("wb") as out:

        def hear(pcm: Pcm, heard_ns: int) -> None:
            nonlocal heard
            if not blocks:
                watching()
            blocks.append((heard, heard_ns, time.monotonic_ns()))
            heard += len(pcm)
            out.write(pcm.tobytes())

        try:
            with Pulse().recording(SoundDevice(source, source, Kind.MICROPHONE)) as recording:
                recording.record(hear, lambda: not stop.is_set())
                xruns = recording.xruns
        except AudioError as e:
            cannot(e.message)
    tell(
        {"blocks": [block[:2] for block in blocks], "late_ns": [at - heard for _, heard, at in blocks], "xruns": xruns}
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
