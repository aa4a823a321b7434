"""`avatard config`: settings."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from avatard.cli import options


@click.group(name="config")
def command() -> None:
    """Show and change settings.

    A flag wins over an environment variable (AVATARD_OUTPUT_FPS=25), that over the file, that over the default.
    """


@command.command()
@options.config
@options.as_json
def show(config_file: Path | None, as_json: bool) -> None:
    """Print every setting that holds, and where it comes from."""
    from avatard.config_file import resolve

    loaded = resolve(config_file, os.environ, {})
    values = {name: getattr(getattr(loaded.config, name.split(".")[0]), name.split(".")[1]) for name in loaded.origins}
    if as_json:
        both = {name: {"value": value, "from": loaded.origins[name]} for name, value in values.items()}
        click.echo(json.dumps(both, indent=1))
        return
    for name, value in values.items():
        origin = loaded.origins[name]
        line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
        click.secho(f"{line:<40}  {origin}", dim=origin == "default")


@command.command()
@options.config
def path(config_file: Path | None) -> None:
    """Print where the settings file is, or would be."""
    from avatard.config_file import chosen_file

    click.echo(chosen_file(config_file, os.environ)[0])


@command.command()
@options.config
def init(config_file: Path | None) -> None:
    """Write a settings file with every setting in it, commented out and explained."""
    from avatard.config_edit import write_template
    from avatard.config_file import chosen_file

    file, _ = chosen_file(config_file, os.environ)
    write_template(file)
    click.echo(file)


@command.command(name="set")
@click.argument("key")
@click.argument("value")
@options.config
def set_(key: str, value: str, config_file: Path | None) -> None:
    """Change one setting in the file; the rest of it stays as it is.

    \b
    Examples:
      avatard config set reenact.avatar mira
      avatard config set output.sinks virtualcam,file:call.mp4
    """
    from avatard.config_edit import set_text
    from avatard.config_file import chosen_file

    file, _ = chosen_file(config_file, os.environ)
    set_text(file, key, value)


@command.command()
def schema() -> None:
    """Print the settings as a JSON Schema, for editors that check TOML."""
    from avatard.config_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=1))
