"""The cold start: `avatard up` in a fresh process, until a reader of its sink sees the avatar."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from avatard.bench.result import Start
from avatard.bench.ring import Ring
from avatard.errors import EngineError
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.config import Config

#: A start that takes longer is broken, not slow.
PATIENCE_S = 60.0
#: What the figure can be wrong by.
_LOOK_S = 0.002


def start_up(config: Config, patience_s: float = PATIENCE_S) -> Start:
    """Start `avatard up` with the source, size, engine and avatar of `config` into a ring of its own, and stop it.

    Settings files and environment are left aside. The program's files are in the page cache, the second time at the
    latest ("warm disk"). Raises EngineError when no picture comes.
    """
    with tempfile.TemporaryDirectory(prefix="avatard-start-") as name:
        folder = Path(name)
        settings = folder / "config.toml"
        settings.write_text("[seal]\nbarcode = true\n", encoding="utf-8")
        ring = folder / "ring.y4m"
        command = [sys.executable, "-m", "avatard", "up", f"--config={settings}", f"--socket={folder / 'sock'}"]
        spawned_ns = time.monotonic_ns()
        process = subprocess.Popen(
            [*command, f"--sink=y4m-ring:{ring}", *_options(config)],
            env={name: value for name, value in os.environ.items() if not name.startswith("AVATARD_")},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            start = _watch(process, ring, spawned_ns, spawned_ns + int(patience_s * NS_PER_S))
        finally:
            process.terminate()
            _, said = process.communicate()
    if start is None:
        raise EngineError(f"`avatard up` showed no avatar: {said.strip()[-500:]}", "Run it by hand: avatard up")
    return start


def _options(config: Config) -> list[str]:
    return [
        f"--source={config.capture.source}",
        f"--avatar={config.reenact.avatar}",
        f"--engine={config.reenact.engine}",
        f"--size={config.output.width}x{config.output.height}",
        f"--fps={config.output.fps:g}",
    ]


def _watch(process: subprocess.Popen[str], path: Path, spawned_ns: int, give_up_ns: int) -> Start | None:
    """None when the process ended, or took longer than it may."""
    opened_ns = 0
    ring: Ring | None = None
    while time.monotonic_ns() < give_up_ns and process.poll() is None:
        # The sink makes its file under another name first: whatever is there now was made by opening it.
        if not opened_ns and any(path.parent.glob(f"{path.name}*")):
            opened_ns = time.monotonic_ns()
        ring = ring or Ring.open(path)
        sighting = ring.look() if ring is not None else None
        if sighting is not None and sighting.seq >= 0:
            return Start((opened_ns - spawned_ns) / 1e6, (sighting.seen_ns - opened_ns) / 1e6)
        time.sleep(_LOOK_S)
    return None
