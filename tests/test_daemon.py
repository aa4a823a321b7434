from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from avatard.errors import EngineError, SinkError

#: `avatard up` with one of its parts replaced by a shipped fake, in a process that the watchdog may end.
PROGRAM = """
import sys
from dataclasses import replace
from avatard import daemon, log
from avatard.avatars import open_store
from avatard.config import CaptureConfig, Config, DaemonConfig, OutputConfig, ReenactConfig
from avatard.output.fake import Collector
from avatard.parts import parts_of
from avatard.reenact.fake import Hanging

class Stuck(Collector):
    def write(self, sealed):
        if self.written == 30:
            import time
            time.sleep(60)
        super().write(sealed)

def hanging(config):
    parts = parts_of(config)
    def engine(avatar):
        engine = Hanging(parts.format, pictures=10)
        engine.set_avatar(avatar)
        return engine
    return replace(parts, engine=engine)

def stuck(config):
    return replace(parts_of(config), sink=Stuck)

config = Config(
    capture=CaptureConfig(source="none"),
    reenact=ReenactConfig(engine="still"),
    output=OutputConfig(sinks=("null",), width=320, height=240),
    daemon=DaemonConfig(hang_s=2.0),
)
log.setup("info")
daemon.parts_of = {"engine": hanging, "sink": stuck}[sys.argv[1]]
daemon.run(config, open_store().load, control=False)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("what", "code"), [("engine", EngineError.exit_code), ("sink", SinkError.exit_code)])
def test_a_hang_leaves_all_stacks_and_ends_with_its_code(what: str, code: int) -> None:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, what], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stderr
    assert f"the {what} has hung" in done.stderr
    assert "avatard/threads/" in done.stderr, "the stacks name the threads"
