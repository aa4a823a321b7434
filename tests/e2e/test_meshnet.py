"""The engine with a network on the running pipeline: its network fails, is slow, is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from avatard.avatar import Avatar
from avatard.config import ReenactConfig
from avatard.output.fake import Collector
from avatard.pipeline import Pipeline
from avatard.reenact import Engine
from avatard.reenact.fake_session import FakeSession, NanSession, RaisingSession, SlowSession, fake_networks
from avatard.reenact.meshnet import MeshNet
from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from tests.e2e.leak import leaked_pixels
from tests.e2e.live import CONFIG, FORMAT, running, until

BADGE = Badge(load_masks(CONFIG.seal.language), FORMAT)
MESHNET = replace(CONFIG, reenact=ReenactConfig(engine="meshnet"))


@pytest.fixture
def engine_of(tmp_path: Path) -> Callable[[FakeSession], Callable[[Avatar], Engine]]:
    """As `parts.ready_engine` makes it of the config, but for the session."""

    def factory(session: FakeSession) -> Callable[[Avatar], Engine]:
        def engine(avatar: Avatar) -> Engine:
            made = MeshNet(FORMAT, lambda: fake_networks(session, tmp_path)).__enter__()
            made.set_avatar(avatar)
            made.warm_up()
            return made

        return engine

    return factory


Factory = Callable[[FakeSession], Callable[[Avatar], Engine]]


def check(sink: Collector, pipeline: Pipeline) -> None:
    """Pictures never stop for a network: no error, no card, badges on, nothing of the camera."""
    assert pipeline.error is None
    assert pipeline.counters["engine_errors"] == 0
    assert {picture.standby for picture in sink.pictures} <= {"", "starting", "stopping"}
    for picture in sink.pictures:
        assert BADGE.intact(picture.i420)
        assert leaked_pixels(picture.i420) == 0


@pytest.mark.parametrize("session", [RaisingSession(10, 2), RaisingSession(10, 1, MemoryError())])
def test_a_network_that_fails_is_tried_again_and_pictures_flow(
    session: FakeSession, avatar: Avatar, engine_of: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatard.reenact.corrector.FIRST_S", 0.2)
    sink = Collector()
    with running(avatar, sink, MESHNET, engine=engine_of(session)) as pipeline:
        until(lambda: pipeline.status()["network"] == "failing", "the failure")
        until(lambda: session.runs > 20, "the network, again")
        assert pipeline.status()["network"] == "on"
        assert pipeline.status()["engine"] == "meshnet (fake)"
        assert pipeline.counters["engine_fallbacks"] > 1
    check(sink, pipeline)


def test_a_network_whose_values_are_no_numbers_never_shows(avatar: Avatar, engine_of: Factory) -> None:
    sinks = Collector(), Collector()
    for sink, session in zip(sinks, (NanSession(), FakeSession()), strict=True):
        with running(avatar, sink, MESHNET, engine=engine_of(session)) as pipeline:
            until(lambda p=pipeline: p.counters["delivered"] > 10, "pictures")  # type: ignore[misc]
            fallbacks = pipeline.counters["engine_fallbacks"]
        check(sink, pipeline)
        assert (fallbacks > 0) == isinstance(session, NanSession)


def test_a_network_that_cannot_be_found_is_mesh(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("avatard.runtime.engine_folder.engines_folder", lambda: tmp_path)
    sink = Collector()
    with running(avatar, sink, MESHNET) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 10, "pictures")
        assert pipeline.status()["engine"] == "mesh"
        assert pipeline.status()["network"] == "none"
    check(sink, pipeline)


def test_a_network_too_slow_is_left_out_and_taken_in_again(
    avatar: Avatar, engine_of: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatard.threads.stepping.FIRST_S", 0.5)
    monkeypatch.setattr("avatard.threads.stepping.SETTLE", 5)
    # Whatever else the machine of the tests does: without the network there is room.
    monkeypatch.setattr("avatard.threads.stepping.ROOM", 10.0)
    sink, session = Collector(), SlowSession(0.1)
    with running(avatar, sink, MESHNET, engine=engine_of(session)) as pipeline:
        until(lambda: pipeline.counters["stepped_down"] > 0, "the step down")
        until(lambda: pipeline.counters["rendered_light"] > 5, "pictures without it")
        session.seconds = 0.0
        until(lambda: pipeline.counters["stepped_up"] > 0, "the step up")
        until(lambda: pipeline.status()["network"] == "on", "the network, again")
    check(sink, pipeline)
