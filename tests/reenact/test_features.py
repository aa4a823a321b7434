from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.reenact.fake_session import FakeEncoder, FakeSession, fake_networks
from avatard.reenact.features import MOST_FILES, features
from avatard.reenact.feeds import STILL_SHAPES
from avatard.reenact.fill import Floats
from avatard.reenact.networks import Networks
from avatard.runtime import Session


class Counted:
    """Networks whose encoder's openings are counted."""

    def __init__(self, cache: Path) -> None:
        self.opened = 0
        self.networks = replace(fake_networks(FakeSession(), cache), encoder=self._encoder)

    def _encoder(self) -> Session:
        self.opened += 1
        return FakeEncoder(self.networks.features)

    def of(self, portrait: Mapping[str, Floats], networks: Networks | None = None) -> dict[str, Floats]:
        return features(networks or self.networks, portrait)


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    return Counted(tmp_path / "cache" / "features")


def portrait(seed: int) -> dict[str, Floats]:
    random = np.random.default_rng(seed)
    return {name: random.uniform(0, 1, shape).astype(np.float32) for name, shape in STILL_SHAPES.items()}


def files(counted: Counted) -> list[Path]:
    return sorted(counted.networks.cache.iterdir())


def test_a_portrait_is_encoded_once(counted: Counted) -> None:
    first, again = counted.of(portrait(1)), counted.of(portrait(1))
    assert counted.opened == 1
    assert all(np.array_equal(first[name], again[name]) for name in counted.networks.features)
    assert {name: a.shape for name, a in again.items()} == counted.networks.features


def test_another_portrait_or_encoder_finds_nothing(counted: Counted) -> None:
    first = counted.of(portrait(1))
    second = counted.of(portrait(2))
    assert (first["mouth_ref"] != second["mouth_ref"]).any()
    counted.of(portrait(1), replace(counted.networks, sha256="1" * 64))
    assert counted.opened == 3
    assert len(files(counted)) == 3


def test_only_the_owner_can_read_it(counted: Counted) -> None:
    before = os.umask(0)
    try:
        counted.of(portrait(1))
    finally:
        os.umask(before)
    assert [stat.S_IMODE(file.stat().st_mode) for file in files(counted)] == [0o600]
    assert stat.S_IMODE(counted.networks.cache.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [
    lambda data: b"",
    lambda data: data[:-1],
    lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    lambda data: bytes(len(data)),
    lambda data: data + b"\0",
])  # fmt: skip
def test_a_broken_file_is_made_again(counted: Counted, damage: object, caplog: pytest.LogCaptureFixture) -> None:
    assert callable(damage)
    sound = counted.of(portrait(1))
    [file] = files(counted)
    data = file.read_bytes()
    file.write_bytes(damage(data))
    assert np.array_equal(counted.of(portrait(1))["eyes_ref"], sound["eyes_ref"])
    assert "damaged" in caplog.text
    assert file.read_bytes() == data


def test_a_folder_that_cannot_be_written_is_only_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    counted = Counted(tmp_path / "cache" / "features")
    for _ in range(2):
        assert counted.of(portrait(1)).keys() == counted.networks.features.keys()
    assert counted.opened == 2
    assert "cannot be kept" in caplog.text


def test_a_full_disk_leaves_nothing_behind(
    counted: Counted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    counted.of(portrait(1))
    assert files(counted) == []
    assert "No space left" in caplog.text


def test_the_oldest_go(counted: Counted) -> None:
    counted.of(portrait(0))
    [first] = files(counted)
    os.utime(first, (1, 1))
    for seed in range(1, MOST_FILES):
        counted.of(portrait(seed))
    assert first in files(counted)
    counted.of(portrait(MOST_FILES))
    assert len(files(counted)) == MOST_FILES
    assert first not in files(counted)


def test_features_that_are_no_numbers_are_not_kept(counted: Counted) -> None:
    stills = portrait(1)
    stills["mouth"][0, 0, 0, 0] = np.nan  # the fake encoder's features are means
    with pytest.raises(EngineError, match="no numbers"):
        counted.of(stills)
    assert not counted.networks.cache.exists()
