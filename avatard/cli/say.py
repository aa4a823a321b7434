"""`avatard say`: text in, speech into the call."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from avatard.cli import options
from avatard.errors import AudioError

#: How often `--wait` asks.
_ASK_S = 0.1


@click.command(name="say")
@click.argument("text", required=False)
@click.option("--phrase", metavar="SET/LABEL", help="What that button of a phrase board says: see `avatard phrases`.")
@click.option("--stop", is_flag=True, help="Be silent at once, and forget what waits. Put it on a key.")
@click.option("--again", is_flag=True, help="Say the last text once more.")
@click.option("--private", is_flag=True, help="For your own ears only, whatever the mode.")
@click.option("--wait", is_flag=True, help="Come back when it has been said.")
@click.option("--emotion", metavar="E", help="How the face goes with it, such as happy; a wrong one lists them.")
@click.option("--voice", metavar="NAME", help="Instead of the one in the settings: see `avatard voice list`.")
@click.option("--language", metavar="CODE", help="Of the text, such as de, where the voice has several.")
@click.option("--rate", type=float, metavar="X", help="How fast, as a factor.")
@click.option("--pitch", type=float, metavar="X", help="How high, as a factor.")
@click.option("--volume", type=float, metavar="X", help="How loud, 0 to 1.")
@options.socket
@options.as_json
def command(
    text: str | None,
    phrase: str | None,
    stop: bool,
    again: bool,
    private: bool,
    wait: bool,
    socket: Path | None,
    as_json: bool,
    **how: Any,
) -> None:
    """Say TEXT in the running avatard: a voice speaks, the avatar's lips follow.

    It goes into the call after `avatard live`; until then, and with --private, only your own ears get it.
    TEXT "-" reads lines from standard input and says each as it comes.

    \b
    Examples:
      avatard say "Hello, I am typing"
      avatard say --emotion happy "That is good news"
      avatard say --phrase meeting/hello
      some-program | avatard say -
      avatard say --stop
    """
    if sum((text is not None, phrase is not None, stop, again)) != 1:
        raise click.UsageError("Give one of TEXT, - (standard input), --phrase, --stop and --again.")
    if stop:
        _tell(_call("say-stop", {}, socket), as_json)
    elif again:
        _follow([_call("say-again", {}, socket)], wait, socket, as_json)
    elif phrase is not None:
        name, _, label = phrase.partition("/")
        said = _call("say-phrase", {"name": name, "label": label, "private": private}, socket)
        _follow([said], wait, socket, as_json)
    else:
        from avatard.speech.saying import in_parts

        wish = {name: value for name, value in {**how, "private": private or None}.items() if value is not None}
        lines = sys.stdin if text == "-" else [text or ""]
        _follow(
            (
                _call("say", {**wish, "text": part}, socket)
                for line in lines
                for part in in_parts(line.strip() if text == "-" else line)
                if part or text != "-"
            ),
            wait,
            socket,
            as_json,
        )


def _follow(answers: Any, wait: bool, socket: Path | None, as_json: bool) -> None:
    """Say each, tell of each; with `wait` until it is said, in order. Ctrl-C then stops the speech too."""
    try:
        for answer in answers:
            end = _wait(answer, socket) if wait else answer
            _tell(end, as_json)
            if end["stage"] == "failed":
                raise AudioError(end["error"], end["hint"])
    except KeyboardInterrupt:
        if wait:
            _call("say-stop", {}, socket)
        raise


def _wait(answer: dict[str, Any], socket: Path | None) -> dict[str, Any]:
    while answer["stage"] in ("waiting", "speaking"):
        time.sleep(_ASK_S)
        answer = _call("said", {"id": answer["id"]}, socket)
    return answer


def _call(name: str, args: dict[str, object], socket: Path | None) -> dict[str, Any]:
    from avatard.control.client import call

    return call(name, args, socket=socket)


def _tell(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer))
    elif answer.get("unheard"):
        click.echo(f"the lips move, but nobody hears it: {answer['unheard']} (see avatard doctor)", err=True)
    elif answer.get("private") and sys.stderr.isatty():
        click.echo("for your own ears; into the call: avatard live", err=True)
