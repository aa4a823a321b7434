"""`avatard demo`: see it work, without a camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from avatard.demo.show import Shown


@click.command(name="demo")
@click.option("--seconds", type=click.FloatRange(1.0, 120.0), default=10.0, show_default=True, help="How long.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Folder for demo.mp4 and demo.png; each second needs 42 MB in it until the film is written.",
)
@options.avatar
@options.engine
def command(seconds: float, out: Path, avatar: str | None, engine: str | None) -> None:
    """Let the shipped performer, a rendered person, drive an avatar through the whole live pipeline.

    Writes what a call would see to demo.mp4, and pairs of performer and avatar to demo.png. No camera is opened.
    """
    from rich.console import Console

    from avatard import daemon
    from avatard.avatars import open_store
    from avatard.demo.show import show

    config = options.load(
        None,
        {
            "capture.source": "performer",
            "output.sinks": ("null",),
            "reenact.avatar": avatar,
            "reenact.engine": engine,
            "reenact.mouth": "drawn",
        },
    )
    daemon.tune_process()
    with Console(stderr=True).status("starting") as status:
        shown = show(config, open_store().load(config.reenact.avatar), seconds, out, status.update)
    _print(shown)


def _print(shown: Shown) -> None:
    from rich.console import Console

    from avatard.bench.table import latency_table, without_network

    console = Console(highlight=False)
    console.print(latency_table(shown.age_ms, shown.stages_ms))
    console.print(f"{shown.fps:.1f} pictures a second, drawn by {shown.engine}")
    if words := without_network(shown.counts):
        console.print(words)
    console.print(f"what a call would see   {shown.film}", soft_wrap=True)
    console.print(f"performer and avatar    {shown.sheet}", soft_wrap=True)
