"""`avatard devices`: what pictures and sound can come from and go to."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from avatard.cli import options, sound_devices

if TYPE_CHECKING:
    from avatard.video_devices import VideoDevice


@click.command(name="devices")
@options.as_json
def command(as_json: bool) -> None:
    """List the cameras, microphones and speakers of this machine, the virtual ones too, and who uses the cameras."""
    if sys.platform == "linux":
        _on_linux(as_json)
    else:
        _elsewhere(as_json)
    if not as_json:
        sound_devices.show()


def _on_linux(as_json: bool) -> None:
    from avatard.video_devices import video_devices

    devices = video_devices()
    if as_json:
        click.echo(json.dumps({"devices": [_plain(device) for device in devices], **sound_devices.plain()}, indent=1))
        return
    cameras = [device for device in devices if device.camera]
    virtual = [device for device in devices if device.loopback]
    others = [device for device in devices if device not in cameras and device not in virtual]
    _section("Cameras", cameras, "none found; --source performer needs none")
    _section("Virtual cameras", virtual, "none found; avatard doctor says how to get one")
    if others:
        _section("Others", others, "")


def _section(title: str, devices: list[VideoDevice], none: str) -> None:
    click.secho(title, bold=True)
    for device in devices:
        click.echo(f"  {device.path}  {device.name}  {click.style(_words(device), dim=True)}")
    if not devices:
        click.echo(f"  {none}")


def _words(device: VideoDevice) -> str:
    from avatard.video_devices import holders

    words = [device.problem] if device.problem else []
    if device.formats:
        words.append(", ".join(device.formats[:6]) + (" …" if len(device.formats) > 6 else ""))
    if not (device.capture or device.output or device.loopback or device.problem):
        words.append("no pictures (a camera's metadata)")
    using = ", ".join(map(str, holders(device.path)))
    if device.taken:
        words.append(f"in use by {using or 'another user'}")
    elif using:
        words.append(f"open in {using}")
    return "; ".join(words)


def _plain(device: VideoDevice) -> dict[str, object]:
    """One device as JSON has it."""
    from avatard.video_devices import holders

    kind = "camera" if device.camera else "virtual camera" if device.loopback else "other"
    return {
        "path": str(device.path),
        "name": device.name,
        "kind": kind,
        "driver": device.driver,
        "formats": list(device.formats),
        "taken": device.taken,
        "problem": device.problem,
        "open_in": [{"pid": holder.pid, "command": holder.command} for holder in holders(device.path)],
    }


def _elsewhere(as_json: bool) -> None:
    """Windows and macOS name cameras, but do not say what uses them."""
    from avatard import programs
    from avatard.capture.camera_names import camera_names

    names = camera_names(sys.platform, programs.run)
    if as_json:
        cameras = [{"name": name, "kind": "camera"} for name in names or []]
        click.echo(json.dumps({"devices": cameras, **sound_devices.plain()}, indent=1))
        return
    click.secho("Cameras", bold=True)
    for name in names or []:
        click.echo(f"  {name}")
    if not names:
        click.echo("  none found; --source performer needs none" if names == [] else "  (this system does not say)")
    click.echo("They are numbered in another order: try camera:0, camera:1 …")
    click.echo("The virtual camera is OBS's; avatard doctor says whether it is there.")
