from __future__ import annotations

from pathlib import Path

from avatard.config import Config
from avatard.doctor.finding import Level
from avatard.doctor.settings import check_settings
from avatard.errors import ConfigError
from tests.doctor.machine import machine, only, sinks


def test_settings_are_told(tmp_path: Path) -> None:
    finding = only(check_settings, machine(tmp_path, settings=sinks("virtualcam", "file:me.mp4")))

    assert finding.level is Level.OK
    assert finding.text == "camera → mesh → virtualcam, file:me.mp4, 1280x720 at 30 fps"


def test_settings_that_cannot_be_read_are_one_finding(tmp_path: Path) -> None:
    def fail() -> Config:
        raise ConfigError("no setting is called output.fsp (config.toml)", "Did you mean output.fps?")

    system = machine(tmp_path, settings=fail)
    finding = only(check_settings, system)

    assert (finding.level, finding.error, finding.advice) == (Level.FAIL, ConfigError, "Did you mean output.fps?")
    assert system.config == Config()  # the other checks go on with the defaults
