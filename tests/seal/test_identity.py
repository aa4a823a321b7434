from __future__ import annotations

import logging
import os
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from avatard.errors import VaultError
from avatard.seal.identity import MarkIdentity

NOON = datetime(2026, 11, 21, 12, 30, tzinfo=timezone.utc)


def test_the_instance_changes_daily_and_the_hour_hourly() -> None:
    one = MarkIdentity(bytes(32))
    assert one.payload(NOON) == one.payload(NOON + timedelta(minutes=29))
    later = one.payload(NOON + timedelta(hours=1))
    assert later.instance == one.payload(NOON).instance
    assert later.hour == one.payload(NOON).hour + 1
    assert one.payload(NOON + timedelta(days=1)).instance != later.instance
    assert one.payload(NOON).started == NOON.replace(minute=0)


def test_a_day_is_utc_wherever_one_is() -> None:
    one = MarkIdentity(bytes(32))
    assert one.payload(NOON) == one.payload(NOON.astimezone(timezone(timedelta(hours=14))))


def test_hours_wrap_after_seven_years() -> None:
    assert MarkIdentity(bytes(32)).payload(datetime(2040, 1, 1, tzinfo=timezone.utc)).hour < 2**16


def test_two_installations_differ() -> None:
    assert MarkIdentity(bytes(32)).payload(NOON) != MarkIdentity(bytes([1] * 32)).payload(NOON)


def test_the_secret_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "avatard"
    assert MarkIdentity.kept(folder) is None
    first = MarkIdentity.of_install(folder)
    path = folder / "mark.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == [path]
    again, kept = MarkIdentity.of_install(folder), MarkIdentity.kept(folder)
    assert kept is not None
    assert first.payload(NOON) == again.payload(NOON) == kept.payload(NOON)


def test_a_secret_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "mark.secret").write_bytes(b"short")
    with pytest.raises(VaultError, match="not a mark's secret"):
        MarkIdentity.of_install(tmp_path)
    assert MarkIdentity.kept(tmp_path) is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX folders")
def test_where_nothing_can_be_kept_the_mark_is_there_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with caplog.at_level(logging.WARNING, "avatard.seal"):
        one = MarkIdentity.of_install(blocked)
    assert "cannot be kept" in caplog.text
    assert one.payload(NOON) == one.payload(NOON)
