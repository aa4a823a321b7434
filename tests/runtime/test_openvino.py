"""OpenVINO, where the extra is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.onnx_cpu import OnnxCpu
from avatard.runtime.openvino import OpenVino
from avatard.runtime.parity import compare, random_feeds
from avatard.runtime.plan_cache import PlanCache

# Not imported here: see the first test.
pytestmark = pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="the extra is not installed")


def test_it_reports_to_nobody(tmp_path: Path) -> None:
    """Its import, as it comes, writes a client id into the home folder and starts a process that sends."""
    program = (
        "from avatard.runtime.openvino import OpenVino; OpenVino().check()\n"
        "import multiprocessing, sys, threading; print(multiprocessing.active_children(), threading.enumerate()[1:])\n"
        "print(sys.modules['openvino_telemetry'])"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[] []\nNone\n"
    assert list(tmp_path.iterdir()) == []


def test_it_says_its_version() -> None:
    assert OpenVino().check().startswith("OpenVINO 20")


def test_parity(engine: EngineFolder, cache: PlanCache) -> None:
    parity = compare(engine, "openvino", cache)
    assert parity.ok
    assert max(parity.difference.values()) < 1e-4


def test_what_is_held_stays(engine: EngineFolder, cache: PlanCache) -> None:
    feeds = random_feeds(engine, 1)
    with OpenVino().open(engine, cache) as session, OnnxCpu().open(engine, cache) as expected:
        session.hold({"mouth_ref": feeds["mouth_ref"]})
        rest = {name: feed for name, feed in feeds.items() if name != "mouth_ref"}
        np.testing.assert_allclose(session.run(rest)["mouth_out"], expected.run(feeds)["mouth_out"], atol=1e-4)


def test_an_onnx_that_it_refuses_is_an_engine_error(engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match="OpenVINO does not take meshnet: "):
        OpenVino().open(replace(engine, onnx=b"nonsense"), cache).__enter__()
