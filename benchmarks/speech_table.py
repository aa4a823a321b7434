"""README.md's table of speech: how soon a voice is heard, whether lips close, how a microphone moves the mouth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Result = dict[str, Any]

#: What is asked of each engine's voices: Enter to the first sound, ms.
ENTER_MS: Final = {"espeak-ng": 150, "Piper": 350}
#: Of the opening's correlation with real mouths, and of the CPU time of 10 ms of sound.
OPENING, HOP_MS = 0.6, 0.2


def speech_table(results: Mapping[str, Result]) -> str:
    """Markdown, of those results that there are."""
    rows = ["| speech | asked | measured |", "|---|--:|--:|"]
    if "speaking" in results:
        rows += _enter(results["speaking"], results.get("voices"))
    if "voices" in results:
        rows += _stop(results["voices"])
    if "closures" in results:
        rows += _closures(results["closures"])
    if "voice-mouth" in results:
        rows += _mouth(results["voice-mouth"])
    return "\n".join(rows)


def _enter(speaking: Result, voices: Result | None) -> list[str]:
    rows = []
    for name, found in speaking["voices"].items():
        engine = voices["voices"][name]["engine"] if voices and name in voices["voices"] else ""
        asked = f"≤ {ENTER_MS[engine]} ms" if engine in ENTER_MS else ""
        first, rested = found["first_sound_ms"], found["after_rest_ms"]
        rows.append(f"| Enter to the call's first sound, `{name}`, p50 / p95 | {asked} | {_of(first)} |")
        rows.append(f"| the same after ten seconds of silence, p50 / p95 | {asked} | {_of(rested)} |")
        silent, loud = found["age_silent_ms"], found["age_speaking_ms"]
        p99 = f"{silent['p99']:.1f} → {loud['p99']:.1f} ms"
        rows.append(f"| age of the picture, p99, silent → while `{name}` speaks | no more | {p99} |")
    return rows


def _stop(voices: Result) -> list[str]:
    slowest = max(found["cancel_ms"]["max"] for found in voices["voices"].values())
    return [f"| stop: until the slowest voice is quiet, at most | ≤ 100 ms | {slowest:.0f} ms |"]


def _closures(result: Result) -> list[str]:
    rows = []
    for engine, found in result["engines"].items():
        for sounds, seen in found["closures"].items():
            share = f"{seen['closed']} of {seen['wanted']}"
            rows.append(f"| {sounds.replace(' ', ', ')} seen closed in `{engine}`'s sealed pictures | all | {share} |")
    return rows


def _mouth(result: Result) -> list[str]:
    median = result["median"]
    against = f"{median['opening']:.2f} (loudness alone {median['energy']:.2f})"
    return [
        f"| mouth moved by a microphone: correlation of its opening with real mouths | ≥ {OPENING} | {against} |",
        f"| its network, CPU time for 10 ms of sound | ≤ {HOP_MS} ms | {result['hop']['cpu_ms']:.2f} ms |",
    ]


def _of(ms: Mapping[str, float]) -> str:
    return f"{ms['p50']:.0f} / {ms['p95']:.0f} ms"
