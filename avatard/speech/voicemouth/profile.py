"""The calibrated voice, kept in the user's data folder: 26 numbers that say nothing of what was said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import cattrs
import numpy as np
import tomli_w

from avatard.errors import AudioError
from avatard.speech.voicemouth.log_mel import BANDS
from avatard.speech.voicemouth.speaker import Speaker
from avatard.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_AGAIN = "Make it anew: avatard voice calibrate"


def save(speaker: Speaker, file: Path) -> None:
    """Write `file` (`paths.speaker()`) whole or not at all. Raises AudioError."""
    table = {"mean": [round(float(each), 3) for each in speaker.mean], "floor_db": round(speaker.floor_db, 1)}
    text = tomli_w.dumps({**table, "frames": speaker.frames})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, f"# Your voice at your microphone: `avatard voice calibrate`.\n{text}".encode())
    except OSError as e:
        raise AudioError(f"{file} cannot be written: {e.strerror or e}", "Free space, or correct its rights.") from e


def load(file: Path) -> Speaker | None:
    """What `save` wrote; None where nobody calibrated. Raises AudioError where it cannot be read as that."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        mean = cattrs.structure(table["mean"], list[float])
        speaker = Speaker(np.array(mean, np.float32), float(table["floor_db"]), int(table["frames"]))
    except FileNotFoundError:
        return None
    except OSError as e:
        raise AudioError(f"{file} cannot be read: {e.strerror or e}", "Correct its rights, or remove it.") from e
    except (ValueError, KeyError, TypeError, cattrs.BaseValidationError) as e:
        raise AudioError(f"{file} is no calibrated voice", _AGAIN) from e
    if speaker.mean.shape != (BANDS,) or not np.isfinite([*speaker.mean, speaker.floor_db]).all():
        raise AudioError(f"{file} is no calibrated voice", _AGAIN)
    return speaker
