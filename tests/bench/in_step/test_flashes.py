from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.bench.in_step.flashes import measure
from avatard.errors import AudioError
from avatard.metronome import LENGTH_S, Metronome
from avatard.utterance import RATE

S = 1_000_000_000


def record(
    path: Path,
    late_s: float,
    fps: int = 30,
    phase_s: float = 0.0,
    noise: float = 0.0,
    start_s: float = 2.0,
    seconds: float = 0.0,
) -> None:
    """A film as a telephone would make it: the square somewhere in it, dim, and the sound `late_s` late."""
    rng = np.random.default_rng(1)
    metronome, ground = Metronome(0), rng.integers(90, 110, (180, 320, 3)).astype(np.uint8)
    seconds = seconds or LENGTH_S + 2 * start_s
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        audio = out.add_stream("aac", rate=RATE, layout="mono")
        for index in range(round(seconds * fps)):
            at_ns = round((index / fps + phase_s - start_s) * S)
            picture = ground.copy()
            picture[60:110, 150:220] = 180 if metronome.lit(at_ns) else 50
            frame = av.VideoFrame.from_ndarray(picture, "bgr24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        sound = metronome.sound(round((-start_s - late_s) * S), round(seconds * RATE)).astype(np.float64) * 0.4
        sound += rng.normal(0, noise, len(sound))
        for first in range(0, len(sound) - 1024, 1024):
            block = av.AudioFrame.from_ndarray(sound[None, first : first + 1024].astype(np.int16), "s16", "mono")
            block.sample_rate, block.pts = RATE, first
            out.mux(audio.encode(block))
        out.mux(audio.encode(None))


@pytest.mark.parametrize(
    ("late_s", "fps", "phase_s", "noise"),
    [(0.0, 30, 0.0, 0), (0.12, 30, 0.011, 100), (-0.18, 25, 0.03, 300), (0.035, 60, 0.005, 0)],
)
def test_how_late_the_sound_is_in_a_film(tmp_path: Path, late_s: float, fps: int, phase_s: float, noise: float) -> None:
    record(tmp_path / "film.mp4", late_s, fps, phase_s, noise)
    offset = measure(tmp_path / "film.mp4")
    assert offset.late_ms == pytest.approx(1e3 * (late_s + phase_s), abs=14)
    assert offset.beats >= 7
    assert offset.spread_ms < 15


def test_a_recording_that_begins_late_still_tells(tmp_path: Path) -> None:
    record(tmp_path / "film.mp4", 0.05, start_s=-4.0)
    offset = measure(tmp_path / "film.mp4")
    assert offset.beats == 4
    assert offset.late_ms == pytest.approx(50, abs=14)


def test_no_metronome_is_told(tmp_path: Path) -> None:
    record(tmp_path / "film.mp4", 0.0, seconds=6.0, start_s=20.0)
    with pytest.raises(AudioError, match="there are no"):
        measure(tmp_path / "film.mp4")


def test_what_is_no_recording_is_told(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"nothing")
    with pytest.raises(AudioError, match="cannot be read"):
        measure(tmp_path / "film.mp4")
