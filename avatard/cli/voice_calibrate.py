"""`avatard voice calibrate`: twenty seconds that teach the microphone's mouth the room and the voice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from avatard.speech.voicemouth.calibration import Calibration

#: How often the bar moves; sound that has stopped coming for this long is missed.
_STEP_S, _PATIENCE_S = 0.1, 3.0
#: Loudness at both ends of the meter, decibels of full scale, and its width.
_QUIET_DB, _FULL_DB, _METER = -70.0, -10.0, 24


@click.command(name="calibrate")
@click.option("--microphone", metavar="DEVICE", help="Instead of the one in the settings: see `avatard devices`.")
@options.config
def command(microphone: str | None, config_file: Path | None) -> None:
    """Learn the room and your voice, in 20 seconds, so that the microphone moves the mouth better (`drive.voice`).

    Be quiet at first, then read the text aloud. What is kept is how loud and how bright your voice is, 26 numbers.
    """
    from dataclasses import replace

    from avatard import paths
    from avatard.audio import open_audio
    from avatard.speech.voicemouth import profile
    from avatard.speech.voicemouth.calibration import QUIET_S, SPEECH_S, TEXT, Calibration

    settings = options.load(config_file, {"audio.microphone": microphone}).audio
    if settings.microphone == "none":
        settings = replace(settings, microphone="default")
    calibration = Calibration()
    with open_audio(replace(settings, output="none", monitor="none")) as audio:
        audio.listen(calibration.hear)
        click.echo(f"For {QUIET_S:.0f} seconds, be quiet.")
        _until(calibration, QUIET_S)
        if calibration.seconds < QUIET_S:
            calibration.speaker()  # says that nothing is heard, before anybody reads
        click.echo(f"\nNow read this aloud, as you speak in a call, until the bar is full:\n\n{TEXT}\n")
        _until(calibration, QUIET_S + SPEECH_S)
    speaker = calibration.speaker()
    profile.save(speaker, paths.speaker())
    click.echo(f"\nDone. The room is at {speaker.floor_db:.0f} dB. Kept in {paths.speaker()}")


def _until(calibration: Calibration, seconds: float) -> None:
    """Show a bar with the microphone's level until so much was heard, or no more comes."""
    started, heard = calibration.seconds, calibration.seconds
    moved = time.monotonic()
    with click.progressbar(length=round((seconds - started) * 100), item_show_func=_meter) as bar:
        while heard < seconds and time.monotonic() - moved < _PATIENCE_S:
            time.sleep(_STEP_S)
            if calibration.seconds > heard:
                moved = time.monotonic()
                bar.update(round((min(calibration.seconds, seconds) - heard) * 100), calibration.loud_db)
                heard = calibration.seconds


def _meter(loud_db: float | None) -> str:
    if loud_db is None:
        return ""
    share = (loud_db - _QUIET_DB) / (_FULL_DB - _QUIET_DB)
    return "|" * round(_METER * min(max(share, 0.0), 1.0))
