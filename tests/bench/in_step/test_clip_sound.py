from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from avatard.bench.in_step.clip_sound import load
from avatard.errors import AudioError
from avatard.utterance import RATE


def record(path: Path, pictures: int, samples: int, rate: int = 44_100) -> None:
    """A clip whose sound is a tone of 1 kHz on both channels. It has both streams, though there may be nothing in."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = out.add_stream("pcm_s16le", rate=rate, layout="stereo")
        for _ in range(pictures):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "bgr24")))
        tone = (10_000 * np.sin(2 * np.pi * 1000 * np.arange(samples) / rate)).astype(np.int16)
        if samples:
            block = av.AudioFrame.from_ndarray(tone.repeat(2)[None], "s16", "stereo")
            block.sample_rate = rate
            out.mux(audio.encode(block))
        out.start_encoding()
        for stream in (video, audio):
            out.mux(stream.encode(None))


def test_the_sound_is_at_our_own_rate_and_as_long_as_the_pictures(tmp_path: Path) -> None:
    record(tmp_path / "clip.mkv", pictures=25, samples=22_050)
    sound = load(tmp_path / "clip.mkv")
    assert len(sound) == RATE
    heard = sound[: RATE // 2]
    assert np.argmax(np.abs(np.fft.rfft(heard))) * 2 == pytest.approx(1000, abs=2)
    assert not sound[RATE // 2 + 10 :].any()


@pytest.mark.parametrize(("pictures", "samples"), [(25, 0), (0, 22_050)])
def test_a_clip_with_nothing_in_its_streams_is_told(tmp_path: Path, pictures: int, samples: int) -> None:
    record(tmp_path / "clip.mkv", pictures, samples)
    with pytest.raises(AudioError, match="has no sound and picture"):
        load(tmp_path / "clip.mkv")
