from __future__ import annotations

from benchmarks.voices import SENTENCES, measure


def test_espeak_is_measured() -> None:
    found = measure("en-us", cold=1, rates=(1.0,), cancels=2)
    assert found["engine"] == "espeak-ng"
    assert found["first_ms"]["n"] == found["again_ms"]["n"] == len(SENTENCES)
    assert 0 < found["again_ms"]["p50"] < found["first_ms"]["p50"] < found["cold_ms"]["max"]
    assert found["cold_ms"]["n"] == 1
    assert 0 < found["speed"] < 1
    assert found["memory_mb"] > 5
