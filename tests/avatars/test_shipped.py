from __future__ import annotations

from pathlib import Path

import pytest

from avatard.avatar import Subject
from avatard.avatars import open_store
from avatard.avatars.examine import MIN_FACE
from avatard.config import Config
from avatard.face_mesh import OVAL


@pytest.fixture(autouse=True)
def _no_avatars_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_four_or_more_ship_and_are_nobodys_likeness() -> None:
    entries = open_store().list().entries
    assert len(entries) >= 4
    for entry in entries:
        assert entry.shipped
        assert entry.licence == "CC0-1.0"
        assert entry.description
        assert entry.subject in (Subject.SYNTHETIC_PERSON, Subject.STYLISED)


def test_each_loads_with_its_landmarks_on_its_face() -> None:
    store = open_store()
    for entry in store.list().entries:
        avatar = store.load(entry.name)
        height, width = avatar.pixels.shape[:2]
        assert min(height, width) >= 1024
        outline = avatar.landmarks[list(OVAL), :2]
        assert (outline > 0).all()
        assert (outline < (width, height)).all()
        assert outline[:, 1].max() - outline[:, 1].min() > MIN_FACE


def test_the_default_is_one_of_them() -> None:
    assert open_store().entry(Config().reenact.avatar).shipped
