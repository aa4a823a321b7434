"""The settings file, and what of it differs from the defaults."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level, mended
from avatard.doctor.system import System
from avatard.errors import ConfigError


def check_settings(system: System) -> Iterator[Finding]:
    """Settings that can be read; without them `avatard up` does not start."""
    try:
        config = system.settings()
    except ConfigError as e:
        yield mended("settings", Level.FAIL, e.message, e)
        return
    size = f"{config.output.width}x{config.output.height} at {config.output.fps:g} fps"
    text = f"{config.capture.source} → {config.reenact.engine} → {', '.join(config.output.sinks)}, {size}"
    yield Finding("settings", Level.OK, text)
