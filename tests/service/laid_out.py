"""A machine below a folder, and what was run on it."""

from __future__ import annotations

from pathlib import Path

from avatard.programs import Answer
from avatard.service.machine import Machine


class Runner:
    """Answers commands by their first words: what `answers` says, else success; keeps them in `ran`."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.ran: list[str] = []

    def __call__(self, *command: str) -> Answer:
        self.ran.append(" ".join(command))
        return next((self.answers[word] for word in command if word in self.answers), Answer(0, ""))


def machine(
    root: Path,
    runner: Runner | None = None,
    *,
    platform: str = "linux",
    is_root: bool = False,
    systemd: bool = True,
    gpu: bool = False,
    program: Path | None = Path("/opt/avatard/bin/avatard"),
    python: Path = Path("/usr"),
) -> Machine:
    if systemd:
        (root / "run/systemd/system").mkdir(parents=True, exist_ok=True)
    if gpu:
        (root / "dev").mkdir(exist_ok=True)
        (root / "dev/nvidiactl").touch()
    units = Path("/home/u/.config/systemd/user")
    return Machine(root, platform, is_root, program, python, units, runner or Runner())
