"""`avatard render`: a video file, frame by frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options
from avatard.errors import SinkError

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config
    from avatard.offline import Report


@click.command(name="render")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@options.avatar
@options.engine
@options.mouth
@options.size
@options.config
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    help="Write what each stage took for each frame.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def command(
    source: Path,
    target: Path,
    avatar: str | None,
    engine: str | None,
    mouth: str | None,
    size: tuple[int, int] | None,
    config_file: Path | None,
    report: Path | None,
    quiet: bool,
) -> None:
    """Drive an avatar by the face in the video IN and write it to OUT, an MP4.

    Every frame is drawn, as fast as the machine can; the sound is copied.

    \b
    Examples:
      avatard render talk.mp4 avatar.mp4
      avatard render talk.mp4 avatar.mp4 --avatar mira --size 1920x1080 --report times.json
    """
    if target.exists() and target.samefile(source):
        raise click.UsageError("OUT is IN: name another file.")
    config = options.load(
        config_file,
        {
            "reenact.avatar": avatar,
            "reenact.engine": engine,
            "reenact.mouth": mouth,
            **options.size_flags(size),
        },
    )
    from avatard import daemon, log
    from avatard.avatars import open_store

    log.setup("warning")  # below it, lines would tear the progress bar
    daemon.tune_process()
    done = _render(source, target, config, open_store().load(config.reenact.avatar), quiet)
    if report is not None:
        _write(report, json.dumps(done.as_dict()) + "\n")
    if not quiet:
        speed = f"{done.frames} frames in {done.seconds:.1f} s ({done.fps:.0f} a second)"
        click.echo(f"{target}: {speed}, drawn by {done.engine}", err=True)
        if done.engine_fallbacks:
            click.secho(f"{done.engine_fallbacks} of them without its network, which failed", fg="yellow", err=True)


def _render(source: Path, target: Path, config: Config, avatar: Avatar, quiet: bool) -> Report:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from avatard import offline

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(source.name, total=None)

        def progress(frames: int, total: int) -> None:
            bar.update(task, completed=frames, total=total or None)

        report = offline.render(source, target, config, avatar, progress)
        bar.update(task, completed=report.frames, total=report.frames)  # files often promise a few more
        return report


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as e:
        raise SinkError(f"cannot write {file}: {e.strerror}", "Is the folder there, and yours?") from e
