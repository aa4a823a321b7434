from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.errors import ServiceError
from avatard.service.owned import Condition, OwnedFile

PATH = Path("/etc/x/avatard.conf")


def test_a_file_as_it_was_written(tmp_path: Path) -> None:
    file = OwnedFile(PATH, "a\n")
    before = file.condition(tmp_path)
    file.write(tmp_path)
    assert (before, file.condition(tmp_path)) == (Condition.ABSENT, Condition.CURRENT)
    assert (tmp_path / "etc/x/avatard.conf").stat().st_mode & 0o777 == 0o644
    assert [p.name for p in (tmp_path / "etc/x").iterdir()] == ["avatard.conf"], "nothing half written is left"


def test_another_version_of_ours_is_known_as_such(tmp_path: Path) -> None:
    OwnedFile(PATH, "old\n").write(tmp_path)
    assert OwnedFile(PATH, "new\n").condition(tmp_path) is Condition.OLDER


@pytest.mark.parametrize(
    "change", [lambda t: "x" + t, lambda t: t + "x\n", lambda t: t.replace("a", "b"), lambda t: "somebody's\n"]
)
def test_what_somebody_changed_is_theirs(tmp_path: Path, change: object) -> None:
    file = OwnedFile(PATH, "a\n")
    file.write(tmp_path)
    place = tmp_path / "etc/x/avatard.conf"
    place.write_text(change(place.read_text()))  # type: ignore[operator]
    assert file.condition(tmp_path) is Condition.CHANGED


@given(st.text(), st.text())
def test_only_what_we_wrote_counts_as_ours(ours: str, theirs: str) -> None:
    """Whatever somebody puts there, unless it is one of our own files whole."""
    stamped = OwnedFile(PATH, ours).stamped
    assert OwnedFile(PATH, "").stamped != stamped or not ours
    if theirs:
        from avatard.service.owned import _STAMPED, _hash

        match = _STAMPED.fullmatch(theirs + stamped)
        assert match is None or _hash(match[1]) != match[2]


def test_it_can_be_erased(tmp_path: Path) -> None:
    file = OwnedFile(PATH, "a\n")
    file.write(tmp_path)
    file.erase(tmp_path)
    assert file.condition(tmp_path) is Condition.ABSENT


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "etc").write_text("a file, not a folder")
    with pytest.raises(ServiceError, match="cannot write /etc/x/"):
        OwnedFile(PATH, "a\n").write(tmp_path)


def test_what_could_not_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ServiceError, match="No space left"):
        OwnedFile(PATH, "a\n").write(tmp_path)
    assert list((tmp_path / "etc/x").iterdir()) == []


def test_what_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "etc/x").mkdir(parents=True)
    (tmp_path / "etc/x/avatard.conf").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ServiceError, match="cannot read"):
        OwnedFile(PATH, "a\n").condition(tmp_path)
