"""`avatard verify`: is this picture or clip avatard's?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from avatard.seal.detector import Finding

EXIT = {"present": 0, "absent": 4, "inconclusive": 5}
_WORDS = {
    "present": "present: this carries avatard's mark",
    "absent": "absent: no mark of avatard was found",
    "inconclusive": "inconclusive: there may be a mark",
}
_STYLE = {"present": "green", "absent": "blue", "inconclusive": "yellow"}
_LIMITS = {
    "present": "The mark says what made the picture; it is no proof of who did: it can be copied.",
    "absent": "That is no proof that avatard did not make it: hard compression or a small part can lose the mark.",
    "inconclusive": "A longer or larger copy may settle it.",
}


@click.command(
    name="verify", epilog="Exits with 0 when the mark is present, 4 when it is absent, 5 when that is inconclusive."
)
@click.argument("name", metavar="FILE|DEVICE")
@options.as_json
@click.option(
    "--explain",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.png",
    help="Draw what was looked at and what was found.",
)
@click.pass_context
def command(ctx: click.Context, name: str, as_json: bool, explain: Path | None) -> None:
    """Look for avatard's invisible mark in a picture, a video or a capture device (3 s of it).

    Works offline and for anyone. It finds the mark scaled, cropped, mirrored, squeezed and after a call's compression.
    """
    from avatard.seal.detector import Detector
    from avatard.seal.footage import read_footage

    frames = read_footage(name)
    finding = Detector().detect(frames)
    if explain is not None:
        from avatard.seal.explain import draw_finding

        draw_finding(finding, frames[0], explain)
    ours = _is_ours(finding)
    if as_json:
        click.echo(json.dumps(_facts(finding, len(frames), ours)))
    else:
        _tell(finding, len(frames), ours)
    ctx.exit(EXIT[finding.verdict.value])


def _is_ours(finding: Finding) -> bool | None:
    """Whether this installation made it; None where the payload was not read or there never was an installation."""
    from avatard.seal.identity import MarkIdentity

    if finding.payload is None or (identity := MarkIdentity.kept()) is None:
        return None
    return identity.payload(finding.payload.started) == finding.payload


def _facts(finding: Finding, frames: int, ours: bool | None) -> dict[str, object]:
    payload = finding.payload
    return {
        "schema": 1,
        "verdict": finding.verdict.value,
        "z": round(finding.z, 2),
        "instance": None if payload is None else f"{payload.instance:08x}",
        "hour": None if payload is None else payload.started.isoformat(),
        "this_installation": ours,
        "scale": round(finding.scale, 4),
        "aspect": round(finding.aspect, 4),
        "mirrored": finding.mirrored,
        "frames": frames,
    }


def _tell(finding: Finding, frames: int, ours: bool | None) -> None:
    verdict = finding.verdict.value
    looked = "1 frame" if frames == 1 else f"{frames} frames"
    click.secho(f"{_WORDS[verdict]} (z {finding.z:.1f}, {looked})", fg=_STYLE[verdict], bold=True)
    if finding.payload is not None:
        whose = {True: ", this installation", False: ", another installation", None: ""}[ours]
        click.echo(f"instance {finding.payload.instance:08x}{whose}")
        click.echo(f"made in the hour from {finding.payload.started:%Y-%m-%d %H:%M} UTC")
    elif verdict == "present":
        click.echo("Who and when could not be read.")
    if verdict == "present":
        shown = f"seen at {finding.scale:.0%} of its frame" + (", mirrored" if finding.mirrored else "")
        click.echo(
            shown + (f", squeezed to {finding.aspect:.0%} of its width" if abs(finding.aspect - 1) > 0.02 else "")
        )
    click.echo(_LIMITS[verdict])
