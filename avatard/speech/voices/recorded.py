"""Recorded phrases: a sound file said as it is, in the user's own voice of once, say."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np

from avatard.audio.resample import Resampler
from avatard.errors import AudioError
from avatard.utterance import RATE, Clause

#: A phrase, no lecture: two minutes, and that in stereo at 96 kHz as 32-bit floats.
MAX_SECONDS: Final = 120
MAX_BYTES: Final = 100 << 20
_CONVERT: Final = "Save it as WAV, PCM, 16 bit: ffmpeg -i FILE -ac 1 -c:a pcm_s16le phrase.wav"


def read_recording(file: Path) -> Clause:
    """The WAV file as a clause without phonemes. Raises AudioError as `recording`, and for one that cannot be read."""
    try:
        if not file.is_file():
            raise AudioError(f"there is no file {file}", "Record the phrase again, or correct its path.")
        if file.stat().st_size > MAX_BYTES:
            raise AudioError(f"{file} has more than {MAX_BYTES >> 20} MiB", _CONVERT)
        return recording(file.read_bytes(), str(file))
    except OSError as e:
        raise AudioError(f"{file} cannot be read: {e.strerror}", "Correct its rights or its path.") from e


def recording(wav: bytes, name: str) -> Clause:
    """A WAV file's bytes as a clause without phonemes: mono at `RATE`, whatever its rate, channels and sample format
    (8 to 32 bit, float). `name` is for messages.

    Raises AudioError: no WAV, compressed, damaged, without sound, or longer than `MAX_SECONDS`.
    """
    import av

    parts = []
    seconds = 0.0
    resampler = Resampler()
    try:
        # By the demuxer's name: whatever else the bytes are, nothing but a WAV reader sees them.
        with av.open(io.BytesIO(wav), format="wav") as container:
            stream = container.streams.audio[0]
            codec = stream.codec_context.name if stream.codec_context else "in an unknown way"
            if not codec.startswith("pcm_"):
                raise AudioError(f"{name} is compressed ({codec})", _CONVERT)
            for frame in container.decode(stream):
                seconds += frame.samples / frame.sample_rate
                if seconds > MAX_SECONDS:
                    raise AudioError(f"{name} is longer than {MAX_SECONDS} s", "Cut it into phrases.")
                parts.append(resampler.add(frame))
        parts.append(resampler.end())
    except (av.error.FFmpegError, IndexError, ValueError) as e:
        raise AudioError(f"{name} is no WAV file that can be played", _CONVERT) from e
    pcm = np.concatenate(parts)[: round(seconds * RATE)]
    if not len(pcm):
        raise AudioError(f"{name} has no sound in it", "Record it again.")
    return Clause(pcm)
