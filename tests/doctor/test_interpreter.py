from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.interpreter import check_python
from avatard.errors import ConfigError
from tests.doctor.machine import machine, only


@pytest.mark.parametrize(("python", "level"), [((3, 9), "fail"), ((3, 10), "ok"), ((3, 12), "ok"), ((3, 13), "fail")])
def test_python(tmp_path: Path, python: tuple[int, int], level: str) -> None:
    finding = only(check_python, machine(tmp_path, python=python))

    assert finding.level.value == level
    assert ("uv tool install --python 3.12" in finding.fix) == (level == "fail")
    assert (finding.error is ConfigError) == (level == "fail")
