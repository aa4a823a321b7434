"""Flash and beep in a recording of the far end: how much later the sound is than the picture there.

The recording may be a call's own, a screen's, or a telephone's film of one. Only the metronome's pattern is known of
it: where in the picture it flashes, and when it began, is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.audio.resample import Resampler
from avatard.errors import AudioError
from avatard.metronome import BEAT_S, BEATS, LENGTH_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.bench.in_step.lips import Series

#: Pictures are looked at this small: a flash is much larger than a pixel then.
COLUMNS, ROWS = 48, 27
#: Both patterns are looked for on a grid of this step.
_STEP_S: Final = 0.01
#: How like the pattern it must be, 0..1.
_CLEAR: Final = 0.6
#: Sound and picture of a beat that are further apart than this are no pair.
_FURTHEST_S: Final = 0.8
#: Beats that must be found in both; fewer tell nothing.
_FEWEST: Final = 3
#: What is so much softer than the loudest beep is none.
_FAINT: Final = 0.2
#: The longest recording that is looked at, seconds: a call of an hour would not fit.
_LONGEST_S: Final = 180.0

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Offset:
    """late_ms: by how much the sound is later than the picture, the median; below 0 it is early. spread_ms: half the
    beats are within so much of it. beats: how many of `of` were found in both."""

    late_ms: float
    spread_ms: float
    beats: int
    of: int = len(BEATS)


def measure(path: Path) -> Offset:
    """In a file. Raises AudioError where it cannot be read, has no sound or picture, or no metronome in it."""
    return compare(*_read(path))


def compare(times: Series, pictures: Pixels, sound: npt.NDArray[np.float32], sound_s: float) -> Offset:
    """Of what `find_flashes` and `find_beeps` are told. Raises AudioError where there is no metronome."""
    flashes = find_flashes(times, pictures)
    beeps = find_beeps(sound, sound_s)
    lates = np.array([beep - flash for flash, beep in zip(flashes, beeps, strict=True)])
    lates = lates[np.abs(lates) < _FURTHEST_S]  # drops what is missing, too
    if len(lates) < _FEWEST:
        raise _absent("flashes and beeps that belong together")
    late = float(np.median(lates))
    return Offset(1e3 * late, 1e3 * float(np.median(np.abs(lates - late))), len(lates))


def find_flashes(times: Series, pictures: Pixels) -> Series:
    """When each beat flashed, seconds; nan where it is not to be seen. times: of each picture. pictures: NxHxW."""
    pattern = _pattern()
    grid = np.arange(times[0], times[-1], _STEP_S)
    shown = np.clip(np.searchsorted(times, grid, "right") - 1, 0, len(times) - 1)
    cells = pictures.reshape(len(pictures), -1).astype(np.float32)
    lively = np.argsort(cells.std(0))[-60:]
    start, cell, alike = _best(cells[shown][:, lively].T, pattern)
    if alike < _CLEAR:
        raise _absent("flashes")
    brightness = cells[:, lively[cell]]
    # A film shows a flash half a picture late, typically; a recording that takes each picture as it comes does not.
    # Which it is is not known: the middle is off by 8 ms at most, at 30 pictures a second.
    late_s = float(np.median(np.diff(times))) / 4
    level = (np.percentile(brightness, 10) + np.percentile(brightness, 99)) / 2
    return np.asarray(_edges(times, brightness > level, grid[0] + start * _STEP_S) - late_s)


def find_beeps(sound: npt.NDArray[np.float32], start_s: float) -> Series:
    """When each beat was to be heard, seconds; nan where it is not. sound: at `RATE`; its first sample at `start_s`."""
    step = round(_STEP_S * RATE)
    blocks = sound[: len(sound) // step * step].reshape(-1, step)
    loud = np.log10(np.sqrt((blocks**2).mean(1)) + 1.0)
    start, _, alike = _best(loud[None], _pattern())
    if alike < _CLEAR:
        raise _absent("beeps")
    near = [max(0, round((start * _STEP_S + beat - 0.15) * RATE)) for beat in BEATS]
    heard = [sound[first : first + round(0.4 * RATE)] for first in near]
    loudest = [float(np.abs(part).max(initial=0.0)) for part in heard]
    return np.array(
        [
            start_s + (first + _begins(part)) / RATE if loud > _FAINT * max(loudest) else np.nan
            for first, part, loud in zip(near, heard, loudest, strict=True)
        ]
    )


def _begins(heard: npt.NDArray[np.float32]) -> int:
    """Where in `heard` a beep begins: the last place with loud sound after it and soft sound before it.

    By loudness, not by its waves: a call's codec and a room leave little of those.
    """
    power = np.concatenate((np.zeros(1), np.cumsum(heard.astype(np.float64) ** 2)))
    long, short = round(0.05 * RATE), round(0.02 * RATE)
    places = np.arange(short, len(heard) - long)
    after = (power[places + long] - power[places]) / long
    before = (power[places] - power[places - short]) / short
    # Relative to the beep's own loudness: in near silence every rustle is a rise.
    floor = float(after.max()) * 1e-2 + 1e-9
    rise = np.minimum(after, after.max() * 0.5) / (before + floor)
    return int(places[np.flatnonzero(rise > 0.8 * rise.max())[-1]])


def _pattern() -> Series:
    """1 during a beat, 0 between, on the grid; of the whole metronome."""
    at = np.arange(0, LENGTH_S, _STEP_S)
    return np.asarray(np.any([(at >= beat) & (at < beat + BEAT_S) for beat in BEATS], 0), np.float64)


def _best(rows: npt.NDArray[np.floating], pattern: Series) -> tuple[int, int, float]:
    """At which step, and in which row, `pattern` fits best, and how well, 0..1. It may stick out at both ends."""
    pad = len(pattern) // 2
    centred = rows - rows.mean(1, keepdims=True)
    size = 1 << (centred.shape[1] + 2 * len(pattern)).bit_length()
    mark = pattern - pattern.mean()
    product = np.fft.irfft(np.fft.rfft(centred, size) * np.conj(np.fft.rfft(mark, size)), size)
    product = np.roll(product, pad, 1)[:, : centred.shape[1]]
    power = np.fft.irfft(np.fft.rfft(centred**2, size) * np.conj(np.fft.rfft(np.ones_like(mark), size)), size)
    power = np.roll(power, pad, 1)[:, : centred.shape[1]]
    score = product / np.sqrt(np.maximum(power, 1e-3 * power.max(1, keepdims=True)) * float(mark @ mark))
    row, place = np.unravel_index(int(np.argmax(score)), score.shape)
    return int(place) - pad, int(row), float(score[row, place])


def _edges(times: Series, lit: npt.NDArray[np.bool_], start_s: float) -> Series:
    """For each beat when its first lit picture is shown; nan where there is none near."""
    rising = times[1:][lit[1:] & ~lit[:-1]]
    found = []
    for beat in BEATS:
        near = rising[np.abs(rising - start_s - beat) < 0.15]
        found.append(float(near[0]) if len(near) else np.nan)
    return np.asarray(found)


def _read(path: Path) -> tuple[Series, Pixels, npt.NDArray[np.float32], float]:
    """Times and small grey pictures; the sound, and when its first sample is due."""
    import av

    times, pictures = [], []
    try:
        with av.open(str(path)) as clip:
            if not clip.streams.video or not clip.streams.audio:
                raise AudioError(f"{path} has no sound and picture", "Record both, at the other end of the call.")
            clip.streams.video[0].thread_type = "AUTO"
            for frame in clip.decode(video=0):
                if frame.time is None or frame.time > _LONGEST_S:
                    break
                times.append(frame.time)
                pictures.append(frame.reformat(COLUMNS, ROWS, "gray").to_ndarray())
        with av.open(str(path)) as clip:
            resampler = Resampler()
            parts, start_s = [], None
            for frame in clip.decode(audio=0):
                if frame.time is None or frame.time > _LONGEST_S:
                    break
                start_s = frame.time if start_s is None else start_s
                parts.append(resampler.add(frame))
    except (OSError, av.error.FFmpegError) as e:
        raise AudioError(f"{path} cannot be read as a recording", "Use MP4, MKV, WebM or MOV.") from e
    if len(times) < 2 or start_s is None or not any(map(len, parts)):
        raise AudioError(f"{path} is too short", f"Record the whole {LENGTH_S:.0f} seconds.")
    sound = np.concatenate(parts).astype(np.float32)
    return np.asarray(times), np.asarray(pictures), sound, start_s


def _absent(what: str) -> AudioError:
    return AudioError(
        f"there are no {what} in this recording",
        "Record the other end's picture and sound while `avatard calibrate` runs, its square well in view.",
    )
