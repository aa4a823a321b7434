"""The sound part of `avatard devices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from avatard.audio.devices import SoundDevice


def sound_devices() -> tuple[list[SoundDevice], str]:
    """All of them, and why they cannot be asked for, "" where they can."""
    from avatard.audio.system import open_system
    from avatard.errors import AudioError

    try:
        return list(open_system().devices()), ""
    except AudioError as e:
        return [], e.message


def show() -> None:
    """In words."""
    from avatard.audio.devices import Kind

    devices, problem = sound_devices()
    if problem:
        click.secho("Sound", bold=True)
        click.echo(f"  {problem}; avatard doctor says how to mend it")
        return
    _section("Microphones", [device for device in devices if device.kind is Kind.MICROPHONE], "none found")
    _section("Speakers and headphones", [device for device in devices if device.plays], "none found")
    virtual = [device for device in devices if device.kind in (Kind.VIRTUAL_MICROPHONE, Kind.CABLE)]
    _section("Virtual microphones", virtual, "none now; on Linux avatard makes one while it runs")


def plain() -> dict[str, object]:
    """As JSON has it: the devices, and why there are none."""
    devices, problem = sound_devices()
    return {
        "sound": [
            {
                "name": device.name,
                "description": device.description,
                "kind": device.kind.value,
                "default": device.default,
            }
            for device in devices
        ],
        "sound_problem": problem,
    }


def _section(title: str, devices: Iterable[SoundDevice], none: str) -> None:
    click.secho(title, bold=True)
    lines = [_line(device) for device in devices]
    for line in lines or [f"  {none}"]:
        click.echo(line)


def _line(device: SoundDevice) -> str:
    words = [device.description] if device.description != device.name else []
    words += ["headphones"] if device.kind.value == "headphones" else []
    words += ["default"] if device.default else []
    return f"  {device.name}  {click.style('; '.join(words), dim=True)}".rstrip()
