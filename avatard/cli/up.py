"""`avatard up`: the daemon, in the foreground."""

from __future__ import annotations

from pathlib import Path

import click

from avatard.cli import options


@click.command(name="up", epilog="\b\nExit codes: 0 stopped; 10 settings, 11 camera, 12 output, 13 engine, 14 avatar.")
@click.option(
    "--source",
    metavar="SOURCE",
    help="camera, camera:N, file:VIDEO, image:PICTURE, performer (a shipped clip) or none (idle movement only).",
)
@click.option(
    "--sink",
    "sinks",
    multiple=True,
    metavar="SINK",
    help="virtualcam, virtualcam:DEVICE, pipewire, webrtc (a preview), file:OUT.mp4, y4m:- (a pipe), y4m-ring:PATH,"
    " null. Several tee.",
)
@options.avatar
@options.engine
@options.mouth
@options.size
@click.option(
    "--awake",
    metavar="always|on-demand",
    help="on-demand: the camera is closed, its light off, while no program reads the virtual camera.",
)
@click.option("--fps", type=float, metavar="N", help="Pictures a second, 1 to 120.")
@options.config
@options.socket
@click.option("-v", "--verbose", is_flag=True, help="Log what each stage does.")
def command(
    source: str | None,
    sinks: tuple[str, ...],
    avatar: str | None,
    engine: str | None,
    mouth: str | None,
    size: tuple[int, int] | None,
    awake: str | None,
    fps: float | None,
    config_file: Path | None,
    socket: Path | None,
    verbose: bool,
) -> None:
    """Take the camera's picture, show the avatar in the virtual camera, until Ctrl-C.

    Then choose "avatard" as the camera in your call. What is not given here comes from the environment
    (AVATARD_REENACT_AVATAR=…), then from the settings file, then is the default.

    \b
    Examples:
      avatard up                                        the usual: first camera, virtual camera
      avatard up --avatar mira --source camera:1        another face, the second camera
      avatard up --source performer --sink null         runs on every machine, shows nothing
      avatard up --sink virtualcam --sink file:me.mp4   into the call, and record it
      avatard up --source file:talk.mp4 --sink y4m:- | ffplay -
    """
    config = options.load(
        config_file,
        {
            "capture.source": source,
            "output.sinks": sinks or None,
            "reenact.avatar": avatar,
            "reenact.engine": engine,
            "reenact.mouth": mouth,
            "output.fps": fps,
            "daemon.awake": awake,
            "daemon.log_level": "debug" if verbose else None,
            **options.size_flags(size),
        },
    )
    from avatard import daemon, log
    from avatard.avatars import open_store

    log.setup(config.daemon.log_level)
    daemon.run(config, open_store().load, socket)
