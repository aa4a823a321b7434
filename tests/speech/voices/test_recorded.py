from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest

from avatard.errors import AudioError
from avatard.speech.voices.recorded import read_recording, recording
from avatard.utterance import RATE


def wav(codec: str, rate: int = 22_050, layout: str = "mono", seconds: float = 0.5, kind: str = "wav") -> bytes:
    """A tone of 440 Hz at half of full scale; in stereo, on the left alone."""
    left = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)
    sound = left[None] if layout == "mono" else np.stack([left, 0 * left])
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32), format="fltp", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            container.mux(stream.encode(part))
    return file.getvalue()


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])
@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
def test_any_wav_is_said_as_it_is(codec: str, rate: int) -> None:
    clause = recording(wav(codec, rate), "phrase")
    assert not clause.phonemes
    assert not clause.words
    assert clause.seconds == pytest.approx(0.5, abs=0.001)
    middle = clause.pcm[RATE // 8 : RATE // 4].astype(float)
    wanted = 16384 * np.sin(2 * np.pi * 440 * np.arange(RATE // 8, RATE // 4) / RATE)
    assert np.sqrt(np.mean((middle - wanted) ** 2)) < 250  # 8 bits are coarse


def test_stereo_is_mixed() -> None:
    clause = recording(wav("pcm_s16le", layout="stereo"), "phrase")
    assert np.abs(clause.pcm).max() == pytest.approx(8192, rel=0.5)


def test_what_is_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = wav("pcm_s16le")
    for name, data in {
        "empty": b"",
        "text": b"hello" * 100,
        "header alone": whole[:30],
        "no samples": whole[:44],
        "another container": wav("flac", kind="flac"),
        "compressed": wav("mp3"),
    }.items():
        with pytest.raises(AudioError) as e:
            recording(data, name)
        assert name in e.value.message
        assert e.value.hint
    monkeypatch.setattr("avatard.speech.voices.recorded.MAX_SECONDS", 0.2)
    with pytest.raises(AudioError, match="longer than"):
        recording(whole, "long")
    (tmp_path / "a.wav").write_bytes(whole)
    monkeypatch.setattr("avatard.speech.voices.recorded.MAX_BYTES", 10)
    with pytest.raises(AudioError, match="more than"):
        read_recording(tmp_path / "a.wav")
    with pytest.raises(AudioError, match="no file"):
        read_recording(tmp_path)


def test_a_file_that_breaks_off_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = wav("pcm_s16le")
    (tmp_path / "a.wav").write_bytes(whole[: len(whole) // 2 + 1])
    assert read_recording(tmp_path / "a.wav").seconds == pytest.approx(0.25, abs=0.01)
