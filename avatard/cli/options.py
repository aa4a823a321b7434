"""Options that more than one command has, and the settings they stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from avatard.config import Config


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Width and height of a WIDTHxHEIGHT; whether that size can be had is the settings' check."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", value)
    if match is None:
        raise click.BadParameter(f"{value!r} is not a size. Write it as 1280x720.")
    return int(match[1]), int(match[2])


config = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Settings file, instead of the one that `avatard config path` prints.",
)
socket = click.option(
    "--socket",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Control socket, where several avatards run.",
)
avatar = click.option("--avatar", metavar="NAME", help="Who to be: see `avatard avatar list`.")
engine = click.option(
    "--engine", metavar="NAME", help="What draws the avatar: meshnet, mesh (no network), or still (does not move)."
)
mouth = click.option(
    "--mouth",
    metavar="drawn|own",
    help="Inside of the mouth: drawn, or your own teeth and tongue from the camera.",
)
size = click.option("--size", callback=_size, metavar="WxH", help="Size of the avatar's picture, such as 1280x720.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def load(config_file: Path | None, flags: Mapping[str, object]) -> Config:
    """The settings that hold under these flags (by setting, None where not given)."""
    from avatard import config_file as files

    return files.load(config_file, os.environ, flags)


def size_flags(size: tuple[int, int] | None) -> dict[str, object]:
    """The settings that `--size` stands for."""
    return {} if size is None else {"output.width": size[0], "output.height": size[1]}
