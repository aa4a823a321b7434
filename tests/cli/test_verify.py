from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from avatard.cli.group import cli
from avatard.config import SealConfig
from avatard.frame import Picture
from avatard.seal import Sealer, StandbyReason
from avatard.seal.identity import MarkIdentity
from avatard.sealed import VideoFormat


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def verify(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["verify", *map(str, arguments)])


def scenery(seed: int = 1) -> Picture:
    noise = np.random.default_rng(seed).normal(128, 60, (24, 32, 3)).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(noise, (640, 480), interpolation=cv2.INTER_CUBIC), np.uint8)


def sealed_bgr(picture: Picture, identity: MarkIdentity) -> Picture:
    sealer = Sealer(SealConfig(), VideoFormat(640, 480, 30.0), identity)
    return np.asarray(cv2.cvtColor(sealer.seal(picture, 0, 0).i420, cv2.COLOR_YUV2BGR_I420), np.uint8)


def write(path: Path, picture: Picture) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, picture)[1].tobytes())
    return path


def write_clip(path: Path, pictures: Sequence[Picture]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 640, 480, "yuv420p", 500_000
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_our_own_picture_is_known_by_installation_and_hour(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"one{suffix}", sealed_bgr(scenery(), MarkIdentity.of_install()))
    result = verify(path)
    assert result.exit_code == 0
    assert "present" in result.output
    assert "this installation" in result.output
    assert f"{datetime.now(timezone.utc):%Y-%m-%d}" in result.output


def test_json_says_whose_and_how(tmp_path: Path) -> None:
    other = MarkIdentity(bytes(range(32)))
    MarkIdentity.of_install()
    path = write(tmp_path / "one.png", np.ascontiguousarray(sealed_bgr(scenery(), other)[:, ::-1]))
    result = verify(path, "--json")
    assert result.exit_code == 0
    facts = json.loads(result.stdout)
    assert facts["schema"] == 1
    assert facts["verdict"] == "present"
    assert facts["instance"] == f"{other.payload().instance:08x}"
    assert facts["this_installation"] is False
    assert facts["mirrored"] is True
    assert facts["z"] > 8
    assert facts["frames"] == 1


def test_looking_makes_no_secret(tmp_path: Path) -> None:
    path = write(tmp_path / "one.png", sealed_bgr(scenery(), MarkIdentity(bytes(32))))
    assert json.loads(verify(path, "--json").stdout)["this_installation"] is None
    assert not (tmp_path / "state").exists()


def test_a_clip_is_recognised(tmp_path: Path) -> None:
    bgr = sealed_bgr(scenery(), MarkIdentity(bytes(32)))
    result = verify(write_clip(tmp_path / "clip.mp4", [bgr] * 20), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["frames"] == 20


def test_a_standby_card_is_recognised(tmp_path: Path) -> None:
    card = Sealer(SealConfig(), VideoFormat(), MarkIdentity(bytes(32))).standby(StandbyReason.PAUSED)
    path = write(tmp_path / "card.png", np.asarray(cv2.cvtColor(card.i420, cv2.COLOR_YUV2BGR_I420), np.uint8))
    assert verify(path).exit_code == 0


def test_an_unmarked_picture_is_absent_and_explained(tmp_path: Path) -> None:
    path = write(tmp_path / "one.png", np.ascontiguousarray(scenery()[100:370, 80:560]))
    result = verify(path, "--explain", tmp_path / "why.png")
    assert result.exit_code == 4
    assert "absent" in result.output
    assert "no proof" in result.output
    drawn = cv2.imread(str(tmp_path / "why.png"))
    assert drawn is not None
    assert drawn.shape[1] > 1000


def test_an_explanation_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "one.png", sealed_bgr(scenery(), MarkIdentity(bytes(32))))
    result = verify(path, "--explain", tmp_path / "nowhere" / "why.png")
    assert result.exit_code == 12
    assert "cannot write" in result.output


def unreadable(folder: Path, kind: str) -> Path:
    path = folder / kind
    match kind:
        case "text":
            path.write_text("not a picture\n" * 20)
        case "empty":
            path.write_bytes(b"")
        case "folder":
            path.mkdir()
        case "truncated.jpg":
            path.write_bytes(cv2.imencode(".jpg", scenery())[1].tobytes()[:900])
        case "sound.wav":
            with av.open(str(path), "w") as container:
                stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), layout="mono")
                frame.sample_rate = 8000
                container.mux(stream.encode(frame))
        case "device":
            return Path("/dev/null")
    return path


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "folder", "truncated.jpg", "sound.wav", "device"])
def test_what_cannot_be_looked_at_is_said(tmp_path: Path, kind: str) -> None:
    result = verify(unreadable(tmp_path, kind))
    assert result.exit_code == 11, result.output
    assert "error:" in result.output
    assert "Traceback" not in result.output
