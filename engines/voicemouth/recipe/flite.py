"""Voices of flite (CMU), for judging alone: recorded people of another family than those the training hears.

Made with the program `flite` (apt install flite), which prints when each sound is. Without it there is no such set.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import texts
from voices import Utterance

VOICES = ("slt", "rms", "awb", "kal16")
#: CMU's names of American sounds, as IPA.
IPA = dict(pair.split(":") for pair in texts.TEXTS["flite"]["sounds"].split())


def flite(random: Random, count: int) -> Iterator[Utterance]:
    """`count` utterances, the voices in turn; none where there is no flite."""
    if shutil.which("flite") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for index in range(count):
            voice = VOICES[index % len(VOICES)]
            text = texts.words(random, 12) if random.random() < 0.5 else texts.sentence(random)
            printed = subprocess.run(
                ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(file)],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            with wave.open(str(file)) as wav:
                pcm, rate = np.frombuffer(wav.readframes(wav.getnframes()), np.int16), wav.getframerate()
            now, sounds = 0.0, []
            for name, end in re.findall(r"(\S+):([\d.]+)", printed):
                sounds.append((IPA.get(name, ""), now, float(end)))
                now = float(end)
            yield Utterance(f"flite {voice}", pcm, rate, sounds)
