from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import avatard
from avatard.runtime.engine_folder import EngineFolder

_ROOT = Path(avatard.__file__).parents[1]
#: Opens a session and runs it; a report, were there one, is written when the process ends.
_RUN = """
import sys
from pathlib import Path
import numpy as np
from avatard.runtime import open_session
from avatard.runtime.engine_folder import read_engine

engine = read_engine(Path(sys.argv[1]))
with open_session(engine, "cpu") as session:
    session.run({t.name: np.zeros(t.shape, t.dtype) for t in engine.inputs})
"""


def test_nothing_is_kept_or_reported_about_who_runs_it(engine: EngineFolder, tmp_path: Path) -> None:
    """In a fresh process without the variables that tell it of a test machine, such as CI: there it is quiet anyway."""
    home = tmp_path / "home"
    home.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(engine.path)], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(home.rglob("*")) == []
