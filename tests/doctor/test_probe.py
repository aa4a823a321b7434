from __future__ import annotations

from avatard.doctor.probe import stage_times


def test_times_every_stage_of_the_line() -> None:
    times = stage_times()

    assert set(times) == {"track", "drive", "reenact", "seal"}
    assert all(ms > 0 for ms in times.values())
