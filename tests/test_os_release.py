from __future__ import annotations

from pathlib import Path

from avatard.os_release import os_release


def test_values_are_unquoted_and_comments_skipped(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('# A comment\nID=debian\nPRETTY_NAME="Debian GNU/Linux 12"\nBAD="x\n')
    assert os_release(tmp_path) == {"ID": "debian", "PRETTY_NAME": "Debian GNU/Linux 12"}


def test_the_vendor_s_holds_where_there_is_no_other(tmp_path: Path) -> None:
    assert os_release(tmp_path) == {}
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "usr/lib/os-release").write_text("ID=arch")
    assert os_release(tmp_path) == {"ID": "arch"}
