from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatard.errors import AudioError
from avatard.speech.voicemouth import profile
from avatard.speech.voicemouth.log_mel import BANDS
from avatard.speech.voicemouth.speaker import Speaker


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "speaker.toml"
    speaker = Speaker(np.linspace(-12, -9, BANDS, dtype=np.float32), -61.5, 480)
    profile.save(speaker, file)
    read = profile.load(file)
    assert read is not None
    assert np.allclose(read.mean, speaker.mean, atol=1e-3)
    assert (read.floor_db, read.frames) == (-61.5, 480)


def test_none_is_none(tmp_path: Path) -> None:
    assert profile.load(tmp_path / "speaker.toml") is None


@pytest.mark.parametrize(
    "text",
    [
        "mean = [1.0, 2.0]\nfloor_db = -60.0\nframes = 300\n",
        "mean = 'loud'\nfloor_db = -60.0\nframes = 300\n",
        f"mean = {[0.0] * BANDS}\nfloor_db = nan\nframes = 300\n",
        f"mean = {[0.0] * BANDS}\nfloor_db = -60.0\n",
        f"mean = {[0.0] * BANDS}\nfloor_db = []\nframes = 3\n",
        "not toml",
    ],
)
def test_what_is_no_voice_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    file = tmp_path / "speaker.toml"
    file.write_text(text)
    with pytest.raises(AudioError, match="no calibrated voice") as failed:
        profile.load(file)
    assert "avatard voice calibrate" in failed.value.hint


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AudioError, match="cannot be written"):
        profile.save(Speaker(floor_db=-60.0), tmp_path / "file" / "speaker.toml")
