from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from avatard import paths
from avatard.cli.console import prepare_streams


def printed(encoding: str, text: str, monkeypatch: pytest.MonkeyPatch) -> str:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True))
    prepare_streams()
    sys.stdout.write(text)
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize(("encoding", "text"), [("ascii", "? camera ? mesh"), ("utf-8", "✓ camera → mesh")])
def test_a_character_that_cannot_be_shown_is_no_error(
    encoding: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(encoding, "✓ camera → mesh", monkeypatch) == text


def say_without_a_console(text: str, log: Path) -> None:
    """Print as a program does that Windows' pythonw started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "log_file", lambda: log)
        patch.setattr(sys, "stdout", None)
        patch.setattr(sys, "stderr", None)
        prepare_streams()
        stream = sys.stderr
        assert stream is sys.stdout
        stream.write(text)
    stream.close()


def test_without_a_console_all_goes_to_a_file(tmp_path: Path) -> None:
    log = tmp_path / "Logs" / "avatard.log"
    for text in ("first ✓", "second ✓"):
        say_without_a_console(text, log)

    assert log.read_text(encoding="utf-8") == "second ✓"
    assert log.with_suffix(".old").read_text(encoding="utf-8") == "first ✓"


def test_a_file_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "Logs").write_text("not a folder")
    say_without_a_console("lost", tmp_path / "Logs" / "avatard.log")


def test_the_program_itself_survives_an_ascii_pipe(tmp_path: Path) -> None:
    """`avatard avatar list > file` under a C locale, or on Windows."""
    done = subprocess.run(
        [sys.executable, "-m", "avatard", "--help"],
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
