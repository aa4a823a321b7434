"""The `avatard` command: which commands there are, and how a failure looks."""

from __future__ import annotations

import difflib
import importlib
import os
from typing import Any, Final

import click

from avatard.cli.printable import printable
from avatard.errors import AvatardError

#: Section → command → module with its `command`, attribute, and the line that `avatard --help` shows.
_SECTIONS: Final = {
    "Run": {
        "up": ("avatard.cli.up", "command", "Camera in, avatar out, until Ctrl-C."),
        "demo": ("avatard.cli.demo", "command", "See it work in ten seconds, without a camera."),
        "render": ("avatard.cli.render", "command", "Video file in, avatar video out."),
    },
    "A running avatard": {
        "status": ("avatard.cli.status", "command", "What it does, how fast, and what it dropped."),
        "pause": ("avatard.cli.remote", "pause", "Show the standby picture."),
        "resume": ("avatard.cli.remote", "resume", "Show the avatar again."),
        "recenter": ("avatard.cli.remote", "recenter", "Take the way you look now as straight ahead."),
        "stop": ("avatard.cli.remote", "stop", "End it."),
    },
    "Speak": {
        "say": ("avatard.cli.say", "command", "Type, and a voice says it into the call."),
        "live": ("avatard.cli.remote", "live", "Typed text goes into the call from now on."),
        "private": ("avatard.cli.remote", "private", "Typed text is for your own ears again."),
        "phrases": ("avatard.cli.phrases", "command", "Boards of phrases, for a press each."),
        "spd": ("avatard.cli.spd", "command", "Be the Speech Dispatcher of programs that you choose."),
    },
    "Set up": {
        "avatar": ("avatard.cli.avatar", "command", "List, add, choose and remove avatars."),
        "voice": ("avatard.cli.voice", "command", "List, try and add voices."),
        "engine": ("avatard.cli.engine", "command", "List, check, build and measure networks."),
        "config": ("avatard.cli.config", "command", "Show and change settings."),
        "service": ("avatard.cli.service", "command", "Start avatard at login or at boot."),
        "calibrate": ("avatard.cli.calibrate", "command", "Measure and set how late the microphone is."),
        "devices": ("avatard.cli.devices", "command", "Cameras and virtual cameras of this machine."),
        "doctor": ("avatard.cli.doctor", "command", "Check this machine, and say how to fix it."),
    },
    "Measure and prove": {
        "bench": ("avatard.cli.bench", "command", "Measure latency and load against a budget."),
        "verify": ("avatard.cli.verify", "command", "Is this picture or clip avatard's?"),
    },
}
_COMMANDS: Final = {name: place for section in _SECTIONS.values() for name, place in section.items()}

#: 128 + SIGINT, as a shell reports it.
_INTERRUPTED: Final = 130


class AvatardGroup(click.Group):
    """Commands that are imported when they are called for, and failures as one line and a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the sections."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name for one that is none."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], _COMMANDS, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            ctx.fail(f"No command is called {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections of `--help`, without an import."""
        for section, commands in _SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, line) for name, (_, _, line) in commands.items()], col_max=10)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; show what the user can mend as such, and leave silently on Ctrl-C.

        A bug keeps its traceback and exits 1.
        """
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except AvatardError as e:
            click.secho(f"error: {printable(e.message)}", fg="red", err=True)
            if e.hint:
                click.echo(printable(e.hint), err=True)
            ctx.exit(e.exit_code)
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(_INTERRUPTED)


@click.group(
    cls=AvatardGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: avatard demo. Each command has its own --help.",
)
@click.version_option(package_name="avatard", message="avatard %(version)s")
def cli() -> None:
    """A webcam in, an avatar out, as a virtual camera that any call can use.

    Every picture that leaves avatard carries a visible "AI" badge. There is no way to switch it off.
    """
