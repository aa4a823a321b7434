"""The session's PipeWire daemon."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def is_running(env: Mapping[str, str] = os.environ, root: Path = Path("/")) -> bool:
    """Whether it has its socket where its clients look, pipewire(1). root: the folder with /run."""
    folder = env.get("PIPEWIRE_RUNTIME_DIR") or env.get("XDG_RUNTIME_DIR") or ""
    name = env.get("PIPEWIRE_REMOTE") or "pipewire-0"
    return bool(folder) and (root / folder.lstrip("/") / name).exists()
