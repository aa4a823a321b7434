"""On demand: nobody reads, and the camera is closed; somebody does, and the avatar lives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avatard.avatar import Avatar
from avatard.capture.fake import FakeCamera
from avatard.config import DaemonConfig
from avatard.output.fake import Collector, Counting
from avatard.threads import demand
from tests.e2e.live import CONFIG, running, until

ON_DEMAND = replace(CONFIG, daemon=DaemonConfig(awake="on-demand"))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "SLEEP_S", 0.5)


def shown(sink: Collector) -> list[str]:
    """The standby reasons of the pictures in their order, "" for the avatar, each change once."""
    reasons = [picture.standby for picture in list(sink.pictures)]
    return [reason for i, reason in enumerate(reasons) if i == 0 or reason != reasons[i - 1]]


def test_unread_it_sleeps_from_the_start_with_its_camera_closed_and_is_ready(avatar: Avatar) -> None:
    sink, camera = Counting(readers=0), FakeCamera()
    with running(avatar, sink, ON_DEMAND, source=lambda: camera) as pipeline:
        until(lambda: pipeline.ready, "readiness: the engine is warm")
        until(lambda: sink.written > 5, "cards, so that the device stays listed")
        assert pipeline.state == "asleep"
        assert pipeline.status()["readers"] == 0
        assert pipeline.status()["source"] == "closed"
        assert pipeline.counters["rendered"] == 0
        assert pipeline.drawing_s == 0, "sleep is no hang"
        assert pipeline.silent_s < 1
    assert camera.opened == 0
    assert set(shown(sink)) <= {"asleep", "stopping"}


def test_a_reader_wakes_it_and_its_leaving_lets_it_sleep_again(avatar: Avatar) -> None:
    sink, camera = Counting(readers=0), FakeCamera()
    with running(avatar, sink, ON_DEMAND, source=lambda: camera) as pipeline:
        until(lambda: pipeline.ready, "readiness")
        for times in (1, 2):
            sink.readers = 1
            until(lambda: pipeline.state in ("live", "idle"), "the avatar")
            until(lambda opened=times: camera.opened == opened, "the camera")  # type: ignore[misc]
            assert pipeline.status()["readers"] == 1
            assert pipeline.counters["woken"] == times
            sink.readers = 0
            until(lambda: pipeline.state == "asleep", "sleep")
            delivered = pipeline.counters["delivered"]
            until(lambda: sink.pictures[-1].standby == "asleep", "the card")
            assert pipeline.counters["delivered"] <= delivered + 1
    assert shown(sink)[1:5] == ["", "asleep", "", "asleep"]


def test_one_who_reads_already_finds_it_awake(avatar: Avatar) -> None:
    sink = Counting(readers=1)
    with running(avatar, sink, ON_DEMAND) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 3, "the avatar")
    assert "asleep" not in shown(sink)


@pytest.mark.parametrize("sink", [Collector(), Counting(readers=None)])
def test_a_sink_that_cannot_count_is_always_wanted(avatar: Avatar, sink: Collector) -> None:
    with running(avatar, sink, ON_DEMAND) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 20, "the avatar")
        assert pipeline.status()["readers"] is None
    assert "asleep" not in shown(sink)


def test_always_means_always(avatar: Avatar) -> None:
    sink = Counting(readers=0)
    with running(avatar, sink) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 20, "the avatar")
        assert pipeline.status()["readers"] == 0
    assert "asleep" not in shown(sink)


def test_a_pause_outlasts_sleep_and_waking(avatar: Avatar) -> None:
    sink, camera = Counting(readers=1), FakeCamera()
    with running(avatar, sink, ON_DEMAND, source=lambda: camera) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 3, "the avatar")
        cards = pipeline.counters["standby"]
        pipeline.pause()
        sink.readers = 0
        until(lambda: pipeline.counters["standby"] > cards + 8, "cards for longer than it takes to fall asleep")
        assert pipeline.state == "paused"
        until(lambda: pipeline.status()["source"] == "closed", "the camera's end")
        pipeline.resume()
        until(lambda: pipeline.state == "asleep", "sleep")
        assert camera.opened == 1
        sink.readers = 1
        until(lambda: camera.opened == 2, "the camera again")
