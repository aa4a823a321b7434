"""`avatard calibrate`: is the microphone in step with the picture where it counts, at the other end of the call?"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatard.cli import options

if TYPE_CHECKING:
    from avatard.bench.in_step.flashes import Offset

#: Sound is to be this much later than the picture: nobody notices 0 to 40 ms, and light comes first in nature.
AIM_MS = 20.0


@click.command(name="calibrate", epilog="Exits with 18 when no avatard is running, 17 when nothing can be measured.")
@click.option(
    "--clip",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What was recorded at the other end while it flashed and beeped: measure that.",
)
@click.option("--here", is_flag=True, help="Measure it here, at the virtual camera and microphone of this machine.")
@click.option("--set", "set_it", is_flag=True, help="Keep what follows from it, in the settings (audio.offset_ms).")
@options.config
@options.socket
def command(clip: Path | None, here: bool, set_it: bool, config_file: Path | None, socket: Path | None) -> None:
    """Flash and beep at the same instants, and measure how far apart they are at the other end of a call.

    \b
    1. Join a call with a second device, or ask somebody in it to record: the call itself, the screen, or a telephone's
       film of it. Start recording.
    2. avatard calibrate                      17 seconds: a square flashes, and your microphone beeps
    3. avatard calibrate --clip FILE --set    reads the recording, and sets the microphone's offset
    4. Start avatard anew, and record anew, before you do it again: each recording is good for one --set.

    Your microphone is silent meanwhile. Never two flashes a second.
    """
    if clip is not None and here:
        raise click.UsageError("--clip and --here are two ways to measure: choose one.")
    if set_it and clip is None and not here:
        raise click.UsageError("--set needs a measurement: --clip FILE, or --here.")
    from avatard.bench.in_step import flashes

    if clip is not None:
        former = options.load(config_file, {}).audio.offset_ms
        _tell(flashes.measure(clip), former, set_it, config_file)
        click.echo(f"This is right if avatard ran with audio.offset_ms {former:.0f} when that was recorded.")
    elif here:
        from avatard.bench.in_step import own_devices

        click.echo("It flashes and beeps for 17 seconds; this machine watches itself.")
        offset = own_devices.measure(_sinks(socket), lambda: _start(socket))
        _tell(offset, _in_force(socket), set_it, config_file)
    else:
        _flash(_start(socket))


def _start(socket: Path | None) -> float:
    """Have the running avatard flash and beep; for how many seconds."""
    from avatard.control.client import call

    return float(str(call("calibrate", socket=socket)["seconds"]))


def _sinks(socket: Path | None) -> list[str]:
    """Where its pictures go, as its status names that."""
    from avatard.control.client import call

    sinks = call("status", socket=socket)["sinks"]
    return [str(sink) for sink in sinks] if isinstance(sinks, list) else []


def _in_force(socket: Path | None) -> float:
    """The offset that its microphone has now, whatever the settings say by now: it read them when it was started."""
    from avatard.control.client import call

    status: Mapping[str, Any] = call("status", socket=socket)
    return float(status["audio"]["microphone"]["offset_ms"])


def _flash(seconds: float) -> None:
    """Wait until it is over."""
    click.echo("It flashes and beeps now. Record the other end.")
    with click.progressbar(length=round(seconds * 10), width=40, show_pos=False) as bar:
        for _ in range(round(seconds * 10)):
            time.sleep(0.1)
            bar.update(1)
    click.echo("Done. Now: avatard calibrate --clip FILE --set")


def _tell(offset: Offset, former: float, set_it: bool, config_file: Path | None) -> None:
    """What was measured, and what follows. former: `audio.offset_ms` while it was measured."""
    from avatard.config_edit import set_text
    from avatard.config_file import chosen_file
    from avatard.config_keys import keys

    words = f"{abs(offset.late_ms):.0f} ms {'later' if offset.late_ms >= 0 else 'earlier'} than the picture"
    click.echo(f"The sound is {words} (± {offset.spread_ms:.0f} ms, {offset.beats} of {offset.of} beats).")
    wanted = round(former + AIM_MS - offset.late_ms)
    limits = keys()["audio.offset_ms"].limits
    assert limits is not None, "it is a number"
    best = min(max(wanted, limits[0]), limits[1])
    if best != wanted:
        click.echo(f"audio.offset_ms would have to be {wanted}: {best:.0f} is as far as it goes.")
    if not set_it:
        click.echo(f"To set it right: avatard config set audio.offset_ms {best:.0f}")
        return
    file, _ = chosen_file(config_file, os.environ)
    set_text(file, "audio.offset_ms", f"{best:.0f}")
    click.echo(f"audio.offset_ms was {former:.0f}, and is {best:.0f} from the next start on.")
