"""The measurement itself, on a sound server of its own: what it measures is not asserted, but that it measures."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.bench.in_step.clip_sound import load
from avatard.capture.performer import CLIP
from avatard.errors import AudioError
from avatard.utterance import RATE, Pcm
from tests.output.private_pipewire import CURE

needs_pulseaudio = pytest.mark.skipif(shutil.which("pulseaudio") is None, reason=f"needs pulseaudio: {CURE}")


def speech_like(seconds: float) -> Pcm:
    """Noise as low as speech, in bursts."""
    n = round(seconds * RATE)
    noise = np.convolve(np.random.default_rng(2).normal(0, 20000, n), np.hanning(48) / 24, "same")
    pcm: Pcm = (noise * (np.sin(np.arange(n) * 2 * np.pi * 2.3 / RATE) > -0.3)).astype(np.int16)
    return pcm


def clip_with_sound(path: Path, sound: Pcm, pictures: int = 90) -> None:
    """The performer's first pictures, and this sound."""
    with av.open(str(CLIP)) as performer, av.open(str(path), "w") as out:
        first = performer.streams.video[0]
        video = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = first.width, first.height, "yuv420p"
        audio = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for index, frame in zip(range(pictures), performer.decode(video=0), strict=False):
            frame.pts, frame.time_base = index, Fraction(1, 30)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        for at in range(0, len(sound) - 479, 480):
            block = av.AudioFrame.from_ndarray(sound[None, at : at + 480], "s16", "mono")
            block.sample_rate, block.pts = RATE, at
            out.mux(audio.encode(block))
        out.mux(audio.encode(None))


def bench(target: Path, *options: str) -> dict[str, object]:
    """What it wrote; its exit code says only how fast this machine is."""
    command = [sys.executable, "-m", "avatard", "bench", "--av", "--size", "640x360", "--json", str(target), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode in (0, 3), done.stderr
    found: dict[str, object] = json.loads(target.read_text(encoding="utf-8"))
    return found


def test_the_sound_of_a_clip_is_as_long_as_its_pictures(tmp_path: Path) -> None:
    sound = speech_like(2.0)
    clip_with_sound(tmp_path / "clip.mkv", sound)
    loaded = load(tmp_path / "clip.mkv")
    assert len(loaded) == 3 * RATE
    assert np.array_equal(loaded[: 2 * RATE - 480], sound[: 2 * RATE - 480])
    assert not loaded[2 * RATE :].any()


def test_a_clip_without_sound_is_told() -> None:
    with pytest.raises(AudioError, match="no sound and picture"):
        load(CLIP)


@pytest.mark.audio
@pytest.mark.slow
@needs_pulseaudio
def test_typed_speech_is_heard_and_its_closures_seen(tmp_path: Path) -> None:
    found = bench(tmp_path / "typed.json", "--seconds", "5")
    assert found["heard"]["alike"] > 0.999  # type: ignore[index]
    assert found["faces"] == 1
    assert found["closures"]["closed"] == found["closures"]["wanted"] > 5  # type: ignore[index]
    assert found["late_ms"]["n"] > 2  # type: ignore[index]


@pytest.mark.audio
@pytest.mark.slow
@needs_pulseaudio
def test_a_microphone_is_heard_and_its_pictures_seen(tmp_path: Path) -> None:
    clip_with_sound(tmp_path / "clip.mkv", speech_like(3.0))
    found = bench(tmp_path / "microphone.json", "--seconds", "5", "--source", f"file:{tmp_path / 'clip.mkv'}")
    assert found["what"] == "microphone"
    assert found["late_ms"]["n"] >= 3  # type: ignore[index]
    assert found["delay"]["least_ms"] > 0  # type: ignore[index]
