from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from avatard.errors import ConfigError, EngineError
from avatard.seal.masks import FOLDER, LANGUAGES, SHA256, load_masks
from avatard.seal.standby import StandbyReason


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_all_texts(language: str) -> None:
    masks = load_masks(language)
    assert len(masks.cards) == len(StandbyReason)
    for text in (masks.badge, masks.letters, masks.opening, *(text for card in masks.cards for text in card)):
        assert text.row.max() == 255
        assert text.row.min() == 0
    assert masks.letters.row.shape[1] < masks.badge.row.shape[1]


def test_every_shipped_file_is_pinned() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(SHA256)


@pytest.mark.parametrize("name", ["en.png", "en-cards.png"])
def test_a_changed_file_refuses_to_run(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "badge")
    load_masks("en", folder)
    data = bytearray((folder / name).read_bytes())
    data[-20] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(EngineError, match="not the file this version was released with") as e:
        load_masks("en", folder)
    assert "Install avatard again" in e.value.hint


def test_another_languages_text_under_the_name_refuses_to_run(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "badge")
    shutil.copy(folder / "de.png", folder / "en.png")
    with pytest.raises(EngineError):
        load_masks("en", folder)


def test_a_missing_file_refuses_to_run(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        load_masks("en", tmp_path)


@pytest.mark.parametrize("language", ["", "xx", "../en", "en-cards", "EN"])
def test_an_unknown_language_names_the_known(language: str) -> None:
    with pytest.raises(ConfigError) as e:
        load_masks(language)
    assert "en" in e.value.hint


@pytest.mark.parametrize("cap", [2, 12, 24, 36, 54, 72, 108])
def test_text_keeps_its_shape_at_every_height(cap: int) -> None:
    text = load_masks("en").badge
    ink = text.at(cap)
    assert ink.shape[0] == 2 * cap
    assert ink.shape[1] == pytest.approx(text.row.shape[1] * 2 * cap / text.row.shape[0], abs=1)
    assert ink.dtype == np.float32
    assert 0 <= ink.min() <= ink.max() <= 1


def test_text_shrinks_to_fit() -> None:
    text = load_masks("en").opening
    assert text.within(36, 10_000).shape[0] == 72
    assert text.within(36, 200).shape[1] <= 200
