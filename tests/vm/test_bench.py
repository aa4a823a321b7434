"""End to end on a real v4l2loopback: that the bench's reader sees the pictures, each once and in order. The figures are
those of an emulated machine and mean nothing."""

from __future__ import annotations

import json

import pytest

from tests.vm.conftest import OURS, Guest
from tests.vm.machine import SHARE

pytestmark = [pytest.mark.vm, pytest.mark.slow, pytest.mark.timeout(1800)]


def test_the_bench_reads_a_virtual_camera(guest: Guest) -> None:
    options = f"--end-to-end --sink virtualcam:{OURS} --seconds 20 --size 320x240 --engine still --profile ci"
    guest.machine.check(f"avatard bench {options} --json {SHARE}/bench.json", 1500.0)
    result = json.loads((guest.machine.share / "bench.json").read_text())
    assert [leg["route"] for leg in result["legs"]] == ["v4l2loopback"], result["not_run"]
    leg = result["legs"][0]
    assert leg["seen"]["pictures"] > 10
    assert leg["seen"]["reordered"] == 0
    assert 0 < leg["age_ms"]["p50"] <= leg["age_ms"]["max"]
    assert leg["motion"] is None  # the engine does not move the mouth
