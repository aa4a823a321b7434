"""A PipeWire of the tests' own: bus, daemon and session manager in a folder, with no sound card and no camera."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

CURE = "bash requirements/system.sh test"
MISSING = [name for name in ("dbus-daemon", "pipewire", "wireplumber", "pw-dump") if shutil.which(name) is None]
needs_pipewire = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}: {CURE}")
needs_gstreamer = pytest.mark.skipif(
    shutil.which("gst-inspect-1.0") is None
    or subprocess.run(["gst-inspect-1.0", "pipewiresrc"], capture_output=True, check=False).returncode != 0,
    reason=f"needs GStreamer's pipewiresrc: {CURE}",
)
#: Only ends a test that hangs.
PATIENCE_S = 30.0


class PrivatePipeWire:
    """Runs while entered; `environment` leads programs to it. Its parts can be ended and started one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Nothing of the user's own session: no settings, no remembered links, no X11 to find a bus by.
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
        homes = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        self.environment = {**kept, **dict.fromkeys(homes, str(folder))}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> PrivatePipeWire:
        bus = self.folder / "bus"
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
        try:
            self.start("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={bus}")
            self.until_there(bus, "dbus-daemon")
            self.start_pipewire()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        for program in reversed(tuple(self._processes)):
            self.end(program)

    def start_pipewire(self) -> None:
        """The daemon and the session manager."""
        (self.folder / "pipewire-0").unlink(missing_ok=True)
        self.start("pipewire")
        self.until_there(self.folder / "pipewire-0", "pipewire")
        self.start("wireplumber")  # links what is there when it is ready, a second later

    def end_pipewire(self) -> None:
        """As when the daemon crashes: the session manager ends with it."""
        self.end("pipewire")
        self.end("wireplumber")

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Run a program beside the others; what it prints is in `folder`."""
        with (self.folder / f"{program}.log").open("ab") as log:
            self._processes[program] = subprocess.Popen(
                [program, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self._processes[program]

    def end(self, program: str) -> None:
        """Kill it and wait."""
        process = self._processes.pop(program)
        process.kill()
        process.wait(PATIENCE_S)

    def has(self, node: str) -> bool:
        """Whether there is a node of that name."""
        return any(each["props"].get("node.name") == node for each in self._nodes())

    def node(self, name: str) -> dict[str, Any]:
        """What PipeWire's own tool says of a node."""
        return next(each for each in self._nodes() if each["props"].get("node.name") == name)

    def _nodes(self) -> list[dict[str, Any]]:
        dump = subprocess.run(["pw-dump"], env=self.environment, capture_output=True, timeout=PATIENCE_S, check=True)
        return [part["info"] for part in json.loads(dump.stdout) if part["type"].endswith(":Node")]

    def until_there(self, path: Path, program: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not path.exists():
            running = self._processes[program].poll() is None and time.monotonic() < end
            assert running, (self.folder / f"{program}.log").read_text()
            time.sleep(0.02)
