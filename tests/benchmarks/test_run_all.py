from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.run_all import private_pipewire
from tests.output.private_pipewire import needs_pipewire


@needs_pipewire
def test_where_no_pipewire_runs_the_bench_gets_one_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIPEWIRE_RUNTIME_DIR", "PIPEWIRE_REMOTE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with private_pipewire() as environment:
        folder = Path(environment["XDG_RUNTIME_DIR"])
        assert folder != tmp_path
        subprocess.run(["pw-dump"], env=environment, capture_output=True, timeout=60, check=True)
    assert not folder.exists()


def test_a_pipewire_that_runs_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIPEWIRE_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "pipewire-0").touch()
    with private_pipewire() as environment:
        assert environment["XDG_RUNTIME_DIR"] == str(tmp_path)
