"""From Enter to the call's first sound, and what speaking costs the picture: `python benchmarks/speaking.py`.

Five minutes, on a private sound server where none runs. The performer drives the avatar through the whole live line
while typed sentences are said into the virtual microphone, which a process of its own records.

- first_sound: from the speaker's being told, as `avatard say` does, to the first sample louder than `LOUD` in the
  recording, by the sound server's clock. The voice, the device's buffer and the server are in it.
- after_rest: the same after the devices had nothing to play for so long that they were closed: who types rests often.
- age: of the pictures at the sink's write, while nothing was said and while something was.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from avatard.audio import open_audio
from avatard.audio.device_thread import REST_S
from avatard.audio.pulse_server import SOURCE
from avatard.avatars import open_store
from avatard.bench.child import Child
from avatard.bench.in_step.recorded import Recorded
from avatard.bench.in_step.server import sound_server
from avatard.bench.live import SETTLE_S, await_first_picture
from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.bench.window import Window
from avatard.config import AudioConfig, CaptureConfig, Config, OutputConfig
from avatard.daemon import tune_process
from avatard.errors import AudioError
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.speech.saying import Mode, Wish
from avatard.speech.speaker import Speaker
from avatard.timing import NS_PER_S, Percentiles
from avatard.utterance import Pcm
from benchmarks.voices import SENTENCES, VOICES

#: Of 32768: below it are a voice's breath and its filters' first samples.
LOUD: Final = 100
#: After a sentence, so that the next one's first sound is told from it.
PAUSE_S: Final = 0.5
#: Sentences after a rest of the devices; more would take ten seconds each.
RESTS: Final = 8
PATIENCE_S: Final = 60.0


def main() -> None:
    """Measure, print, and write the result down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", action="append", help=f"by default {' and '.join(VOICES)}")
    parser.add_argument("--rests", type=int, default=RESTS, help="sentences after a rest of ten seconds")
    parser.add_argument("--json", type=Path)
    wanted = parser.parse_args()
    tune_process()
    machine = this_machine()
    with sound_server() as server:
        voices = {name: measure(name, SENTENCES, wanted.rests) for name in wanted.voice or VOICES}
    print(json.dumps(voices, indent=1))
    if wanted.json:
        write_json({"schema": 1, "machine": asdict(machine), "server": server, "voices": voices}, wanted.json)


def measure(voice: str, sentences: Sequence[str], rests: int) -> dict[str, Any]:
    """All figures of one voice."""
    with tempfile.TemporaryDirectory(prefix="avatard-speaking-") as folder, ExitStack() as stack:
        config = Config(
            capture=CaptureConfig(source="performer"),
            output=OutputConfig(sinks=(f"y4m-ring:{folder}/ring",)),
            audio=AudioConfig(monitor="none"),
        )
        config = replace(config, speech=replace(config.speech, voice=voice))
        audio = stack.enter_context(open_audio(config.audio))
        speaker = stack.enter_context(Speaker(config.speech, audio))
        avatar = open_store().load(config.reenact.avatar)
        pipeline = stack.enter_context(Pipeline(config, avatar, parts_of(config), lips=speaker))
        await_first_picture(pipeline)
        if audio.call.missing:
            raise AudioError(f"there is no virtual microphone: {audio.call.missing}", "See: avatard doctor")
        file = Path(folder) / "heard.s16"
        ears = stack.enter_context(Child("avatard.bench.in_step.sound_reader", SOURCE, str(file)))
        speaker.go(Mode.LIVE)
        say(speaker, "Ready.")
        pipeline.wait(SETTLE_S)
        speaking = Window(pipeline.timers, pipeline.counters)
        at_once = [say(speaker, sentence) for sentence in sentences]
        speaking.poll()
        rested, silent = [], []
        for sentence in [*sentences][:rests]:
            time.sleep(1.0)
            window = Window(pipeline.timers, pipeline.counters)
            time.sleep(REST_S)
            window.poll()
            silent.append(window.samples_ns("age"))
            rested.append(say(speaker, "Now: " + sentence))
        told = ears.stop()
        heard = Recorded(np.fromfile(file, np.int16), np.asarray(told["blocks"], np.int64).reshape(-1, 2))
    return {
        "first_sound_ms": asdict(Percentiles.of_ns(first_sounds(heard, at_once))),
        "after_rest_ms": asdict(Percentiles.of_ns(first_sounds(heard, rested))),
        "age_silent_ms": asdict(Percentiles.of_ns(np.concatenate([np.zeros(0, np.int64), *silent]))),
        "age_speaking_ms": asdict(speaking.percentiles("age")),
    }


def say(speaker: Speaker, text: str) -> tuple[int, int]:
    """Say it, wait until it is over, and a pause: when it was asked for, and when that was over (monotonic ns)."""
    asked_ns = time.monotonic_ns()
    saying = speaker.say(Wish(text))
    while not speaker.stage(saying).over:
        if time.monotonic_ns() - asked_ns > PATIENCE_S * NS_PER_S:
            raise AudioError("the voice does not come to an end", "See: avatard voice test")
        time.sleep(0.02)
    if saying.failure is not None:
        raise saying.failure
    time.sleep(PAUSE_S)
    return asked_ns, time.monotonic_ns()


def first_sounds(heard: Recorded, said: Sequence[tuple[int, int]]) -> np.ndarray:
    """Nanoseconds from asking to the first sound. Raises AudioError where one was not heard."""
    return np.array([first_sound_ns(heard, asked_ns, over_ns) - asked_ns for asked_ns, over_ns in said], np.int64)


def first_sound_ns(heard: Recorded, asked_ns: int, over_ns: int) -> int:
    """When the first loud sample between the two was heard."""
    first = heard.sample(asked_ns)
    part: Pcm = heard.pcm[first : heard.sample(over_ns)]
    loud = np.flatnonzero(np.abs(part.astype(np.int32)) > LOUD)
    if not len(loud):
        raise AudioError("a sentence was not heard in the virtual microphone", "See: avatard doctor")
    return round(heard.time_ns(first + int(loud[0])))


if __name__ == "__main__":
    main()
