from __future__ import annotations

import shutil

import numpy as np
import pytest

from avatard.bench.sightings import report
from benchmarks import peers
from benchmarks.peer_graphs.layers import Graph


def test_a_peer_that_cannot_be_run_is_in_the_result_with_its_reason() -> None:
    found = peers.age("x", lambda seconds: "no x here", 1.0)
    assert found == {"name": "x", "not_run": "no x here", "age_ms": None, "seen": None}


def test_a_peer_s_age_is_that_at_the_reader() -> None:
    seq = np.arange(60)
    rows = np.column_stack([seq, seq * 33_333_333, seq * 33_333_333 + 9_000_000])
    found = peers.age("x", lambda seconds: rows, 2.0)
    assert found["age_ms"]["p50"] == pytest.approx(9.0)
    assert found["seen"] == {"pictures": 60, "repeats": 0, "dropped": 0, "reordered": 0}


def test_a_graph_s_cost_is_of_its_runs_without_the_first() -> None:
    graph = Graph("small")
    y = graph.conv(graph.input("x", 1, 3, 64, 64), 3, 8, 3, 1)
    model = graph.model(y)
    found = peers.graph("small", model, graph.parameters, 4)
    assert found["parameters"] == 8 * 3 * 9 + 8
    assert found["wall_ms"]["n"] == found["runs"] == 4
    assert found["wall_ms"]["p50"] > 0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg: apt install ffmpeg")
def test_the_floor_is_read_in_order() -> None:
    rows = peers.floor(3.0)
    assert not isinstance(rows, str)
    seen = report(rows, 30.0)
    assert seen.pictures > 1
    assert seen.reordered == 0
    assert (rows[:, 2] > rows[:, 1]).all()
