from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from avatard.avatar import Avatar
from avatard.avatars import open_store
from avatard.bench.core_time import core_time
from avatard.capture import open_source
from avatard.config import CaptureConfig, Config, OutputConfig
from avatard.parts import parts_of
from avatard.reenact import Engine
from avatard.reenact.fake_session import FakeSession, fake_networks
from avatard.reenact.meshnet import MeshNet
from avatard.timing import STAGES

CONFIG = Config(capture=CaptureConfig(source="performer"), output=OutputConfig(sinks=("null",), width=320, height=240))


def test_the_engine_is_what_drew_and_the_network_always_runs(tmp_path: Path) -> None:
    session = FakeSession()
    parts = parts_of(CONFIG)

    def engine(avatar: Avatar) -> Engine:
        made = MeshNet(parts.format, lambda: fake_networks(session, tmp_path)).__enter__()
        made.set_avatar(avatar)
        made.warm_up()
        return made

    source = open_source("performer", CONFIG.capture, paced=False)
    found = core_time(CONFIG, open_store().load("mira"), replace(parts, engine=engine), source, 5)
    assert found.engine == "meshnet (fake)"
    assert session.runs == 1 + 10 + 5
    assert found.mean_ms.keys() == set(STAGES)
    assert all(ms > 0 for ms in found.mean_ms.values())
