"""The machine as the checks see it: real, or laid out by a test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from platform import release

from avatard import programs
from avatard.audio.system import SoundSystem, open_system
from avatard.config import Config
from avatard.config_file import load as load_config
from avatard.doctor import questions
from avatard.errors import ConfigError
from avatard.programs import Run
from avatard.runtime.providers import Availability
from avatard.v4l2 import Kernel


@dataclass(frozen=True)
class System:
    """Everything a check may ask. The defaults are this machine.

    root: the folder with /sys, /proc, /dev and /etc. deadlines_ms: by stage, what a picture may take; empty: not
    judged. daemon: what a running avatard says of itself, None without one. These two come from the caller.
    """

    root: Path = Path("/")
    kernel: Kernel = field(default_factory=Kernel)
    platform: str = field(default_factory=lambda: sys.platform)
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    python: tuple[int, int] = sys.version_info[:2]
    kernel_release: str = field(default_factory=release)
    cpus: int = field(default_factory=lambda: os.cpu_count() or 1)
    groups: frozenset[int] = field(default_factory=questions.groups)
    packages: Mapping[str, str] = field(default_factory=questions.installed)
    package_folder: Callable[[str], Path | None] = questions.package_folder
    import_problem: Callable[[str], str] = questions.import_problem
    run: Run = programs.run
    load: Callable[[], float] = questions.load
    stage_times: Callable[[], dict[str, float]] = questions.stage_times
    providers: Callable[[], Sequence[Availability]] = questions.providers
    network_ms: Callable[[str], float] = questions.network_ms
    pipewire_problem: Callable[[], str] = questions.pipewire_problem
    sound: Callable[[], SoundSystem] = open_system
    settings: Callable[[], Config] = lambda: load_config(None, os.environ, {})
    deadlines_ms: Mapping[str, float] = field(default_factory=dict)
    daemon: Callable[[], Mapping[str, object] | None] = lambda: None

    @cached_property
    def config(self) -> Config:
        """The settings that hold; the defaults where they cannot be read, which is a finding of its own."""
        try:
            return self.settings()
        except ConfigError:
            return Config()

    def wants(self, sink: str) -> bool:
        """Whether `avatard up` as configured opens a sink of that kind."""
        return any(spec.partition(":")[0] == sink for spec in self.config.output.sinks)

    def text(self, path: str) -> str:
        """A file of the machine by its path from `root`, stripped; "" where it cannot be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def commands(self) -> dict[int, str]:
        """The running programs: process number → name."""
        found = {}
        for entry in (self.root / "proc").glob("[0-9]*/comm"):
            try:
                found[int(entry.parent.name)] = entry.read_text(encoding="utf-8", errors="replace").strip()
            except OSError:
                continue  # it has just ended
        return found
