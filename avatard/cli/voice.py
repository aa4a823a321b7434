"""`avatard voice`: who speaks what you type."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from avatard.cli import options, voice_calibrate

if TYPE_CHECKING:
    from avatard.speech.voices.catalogue import Entry
    from avatard.utterance import Clause

_SAMPLE: Final = "Maybe you know me by my voice. Five big puffs of wind, and off we go!"
#: Seconds that are handed to the sound device ahead of what is heard.
_AHEAD_S: Final = 1.0


@click.group(name="voice")
def command() -> None:
    """List and try the voices, and bring your own.

    Text is spoken on this machine, and goes nowhere else. How single words are said is for you to decide, in the file
    pronunciation.toml beside your settings: GIF = "jif" on one line, tomato = "/təˈmɑːtəʊ/" on another.
    """


command.add_command(voice_calibrate.command)


@command.command(name="list")
@click.argument("language", default="")
@options.as_json
def list_(language: str, as_json: bool) -> None:
    """List the voices there are, all or those of a LANGUAGE (de, en-gb). The one in use is marked."""
    from avatard.speech.voices.catalogue import espeak_variants, voices

    chosen = options.load(None, {}).speech.voice
    wanted = language.lower().replace("_", "-")
    found = [v for v in voices() if wanted in ("", v.language.lower()) or v.language.lower().startswith(f"{wanted}-")]
    if as_json:
        entries = [{**_plain(voice), "in_use": voice.id == chosen} for voice in found]
        click.echo(json.dumps({"voices": entries, "variants": list(espeak_variants().values())}, indent=1))
        return
    width = max((len(voice.id) for voice in found), default=0)
    spoken = max((len(voice.language) for voice in found), default=0)
    for voice in found:
        mark = "*" if voice.id == chosen else " "
        words = voice.name if voice.installed else f"{voice.name} (not installed: pip install 'avatard[voices]')"
        name = click.style(voice.id.ljust(width), bold=True)
        click.echo(f"{mark} {name}  {voice.engine:<9}  {voice.language.ljust(spoken)}  {words}")
    if not found:
        click.echo(f"No voice speaks {language}.")
    elif any(voice.engine == "espeak-ng" for voice in found):
        click.echo("Those of espeak-ng have variants, such as en-us+f3 and en-us+max: avatard voice list --json")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What to call it: a-z, 0-9 and -, up to 32.")
@click.option("--rights", default="", help="Whose voice it is, and why you may use it, in your own words.")
def add(file: Path, name: str, rights: str) -> None:
    """Check the voice FILE.onnx, with FILE.onnx.json beside it, and keep a copy.

    \b
    It is a voice for Piper: your own, banked or trained, or one that you were given.
    \b
    Example:
      avatard voice add me.onnx --name me --rights "my own voice, recorded in 2025"
    """
    from avatard.speech.voices.catalogue import own_voices, voices

    mine = {voice.name for voice in own_voices().list()}
    own_voices().add(file, name, rights, taken={voice.id for voice in voices()} - mine)
    _try(name)
    click.echo(f"{name} is added. Hear it: avatard voice test {name}")
    click.echo(f"Speak with it: avatard config set speech.voice {name}")


@command.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete a voice that you added."""
    from avatard.speech.voices.catalogue import own_voices

    if not yes and not click.confirm(f"Delete the voice {name}?"):
        click.echo("It is kept.")
        return
    own_voices().remove(name)


@command.command()
@click.argument("name", default="")
@click.argument("text", default=_SAMPLE)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.wav",
    help="Write it to a file, instead of playing it.",
)
def test(name: str, text: str, out: Path | None) -> None:
    """Hear the voice NAME, by default the one of the settings, in your own ears alone.

    It says TEXT, or a sentence of its own, in the manner of the settings.
    """
    from avatard.speech.voices.pronunciation import PronunciationFile
    from avatard.speech.voices.voice import Manner, open_voice

    PronunciationFile().current()  # a mistake in it is told here, and only logged while you speak
    config = options.load(None, {})
    speech = config.speech
    manner = Manner(rate=speech.rate, pitch=speech.pitch, volume=speech.volume)
    with open_voice(name or speech.voice) as voice:
        asked = time.monotonic()
        clauses = voice.speak(text, manner)
        first = next(clauses, None)
        if first is None:
            click.echo("There is nothing to say in it.")
            return
        after_ms = (time.monotonic() - asked) * 1e3
        spoken = (clause for part in ((first,), clauses) for clause in part)
        seconds = _write(out, spoken) if out else _play(spoken)
    where = f" in {out}" if out else ""
    click.echo(
        f"{voice.entry.id} ({voice.entry.engine}): {seconds:.1f} s{where}, its first sound after {after_ms:.0f} ms"
    )


def _try(name: str) -> None:
    """Load a voice that was just added, where Piper is there to do so; one that cannot be is not kept."""
    from avatard.errors import AudioError
    from avatard.speech.voices.catalogue import own_voices, voices
    from avatard.speech.voices.voice import open_voice

    if not next(voice.installed for voice in voices() if voice.id == name):
        click.echo("To speak with it, Piper is needed: pip install 'avatard[voices]'")
        return
    try:
        with open_voice(name):
            pass
    except AudioError:
        own_voices().remove(name)
        raise


def _play(clauses: Iterable[Clause]) -> float:
    """Play them to the user; how many seconds."""
    from dataclasses import replace

    from avatard.audio import open_audio
    from avatard.errors import AudioError

    config = replace(options.load(None, {}).audio, output="none", microphone="none")
    seconds = 0.0
    with open_audio(config) as audio:
        if audio.monitor.missing:
            raise AudioError(
                f"nobody would hear it: {audio.monitor.missing}",
                "Write it to a file: avatard voice test --out voice.wav",
            )
        for clause in clauses:
            audio.monitor.write(clause.pcm)
            seconds += clause.seconds
            while audio.monitor.queued_s > _AHEAD_S:
                time.sleep(0.02)
        while audio.monitor.queued_s > 0:
            time.sleep(0.02)
    return seconds


def _write(out: Path, clauses: Iterable[Clause]) -> float:
    """Write them as WAV; how many seconds."""
    import wave

    from avatard.errors import AudioError
    from avatard.utterance import RATE

    seconds = 0.0
    try:
        with out.open("wb") as file, wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            for clause in clauses:
                wav.writeframes(clause.pcm.astype("<i2").tobytes())
                seconds += clause.seconds
    except OSError as e:
        raise AudioError(f"cannot write {out}: {e.strerror}", "Choose another place: --out FILE.wav") from e
    return seconds


def _plain(voice: Entry) -> dict[str, object]:
    return {
        "id": voice.id,
        "name": voice.name,
        "language": voice.language,
        "engine": voice.engine,
        "licence": voice.licence,
        "rights": voice.rights,
        "installed": voice.installed,
    }
