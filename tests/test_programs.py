from __future__ import annotations

import sys
from pathlib import Path

import pytest

from avatard.programs import Answer, run

SAYS_BOTH = (sys.executable, "-c", "import sys; print('yes', flush=True); print('but', file=sys.stderr); exit(3)")
SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")


def test_a_program_answers() -> None:
    assert run(*SAYS_BOTH, timeout_s=60) == Answer(3, "yes")
    assert run(*SAYS_BOTH, timeout_s=60, errors=True) == Answer(3, "yes\nbut")


def test_one_that_is_not_there_says_so_where_errors_are_wanted() -> None:
    assert run("no-such-program-here") == Answer(127, "")
    assert run("no-such-program-here", errors=True) == Answer(127, "no-such-program-here is not installed")


def test_one_that_hangs_is_left() -> None:
    assert run(*SLEEPS, timeout_s=0.2) == Answer(124, "")
    assert "within 0.2 s" in run(*SLEEPS, timeout_s=0.2, errors=True).out


def test_one_that_cannot_be_started_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").write_bytes(b"\x7fELF no program")
    (tmp_path / "broken").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run("broken") == Answer(127, "")
    assert run("broken", errors=True).out


def test_it_answers_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run(sys.executable, "-c", "import os; print(os.environ['LC_ALL'])", timeout_s=60).out == "C"
