from __future__ import annotations

import os
from pathlib import Path

from avatard.bench.machine import _cpu_model, this_machine


def test_a_figure_knows_its_machine() -> None:
    machine = this_machine()
    assert machine.cpu
    assert 1 <= machine.cores <= (os.cpu_count() or 1)
    assert machine.kernel
    assert machine.versions["numpy"]
    assert len(machine.load_average) == 3


def test_the_processors_name_is_the_one_on_the_box(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: AMD Ryzen 7 5800U\n", encoding="utf-8")
    assert _cpu_model(cpuinfo) == "AMD Ryzen 7 5800U"


def test_without_cpuinfo_there_still_is_a_name(tmp_path: Path) -> None:
    assert _cpu_model(tmp_path / "none")
