"""`avatard spd`: the voice of desktop programs that were started for it."""

from __future__ import annotations

import click


@click.command(name="spd")
@click.option("--live", is_flag=True, help="Into the call too, while avatard is LIVE. Without it: for your ears alone.")
def command(live: bool) -> None:
    """Be the voice of programs that speak through Speech Dispatcher, until Ctrl-C.

    For communication programs of the Linux desktop, web pages such as AsTeRICS Grid in Firefox included. It is a
    Speech Dispatcher of its own: only programs that you start with the address it prints speak there, so a screen
    reader never does. Do not give a screen reader that address.

    \b
    Example:
      avatard spd --live
    """
    from avatard import paths
    from avatard.control.address import default_path
    from avatard.errors import ServiceError
    from avatard.speech_dispatcher import server

    socket = default_path().with_name("avatard-speech-dispatcher.sock")
    with server.running(paths.speech_dispatcher(), socket, live) as speech_dispatcher:
        where = "the call while avatard is LIVE, else your own ears" if live else "your own ears alone"
        click.echo(f"Programs that you start so speak through avatard, for {where}:")
        click.echo(f"  {server.address(socket)} firefox")
        click.echo("Ctrl-C ends it.")
        if speech_dispatcher.wait():
            raise ServiceError("Speech Dispatcher did not start", "Is one of avatard's running already?")
