"""A machine that is laid out for a check: a folder for /sys, /proc, /dev and /etc, and programs that answer as told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from avatard.audio.fake import FakeSystem
from avatard.config import Config, OutputConfig
from avatard.doctor.finding import Finding
from avatard.doctor.system import System
from avatard.programs import Answer
from avatard.runtime.providers import Availability
from avatard.v4l2_fake import FakeDevice, FakeKernel

#: What a program that is not there gives.
ABSENT = Answer(127, "")
NO_CUDA = Availability("cuda", why_not="no CUDA", fix="a GPU")


def answers(told: Mapping[str, Answer]) -> Callable[..., Answer]:
    """A runner of programs: the answer to the longest beginning of a command line that is in `told`."""

    def run(*command: str) -> Answer:
        line = " ".join(command)
        begins = [begin for begin in told if line.startswith(begin)]
        return told[max(begins, key=len)] if begins else ABSENT

    return run


def machine(root: Path, *devices: FakeDevice, **facts: object) -> System:
    """A healthy Linux machine with those devices, but for `facts`, which are fields of `System`."""
    healthy: dict[str, object] = {
        "root": root,
        "kernel": FakeKernel(root, *devices),
        "platform": "linux",
        "env": {"USER": "ada", "HOME": "/home/ada", "XDG_RUNTIME_DIR": "/run/user/1000"},
        "python": (3, 11),
        "kernel_release": "6.1.0-13-amd64",
        "cpus": 2,
        "groups": frozenset({1000}),
        "packages": {"opencv-contrib-python": "4.11.0.86", "mediapipe": "0.10.14", "onnxruntime": "1.22.0"},
        "package_folder": lambda package: None,
        "import_problem": lambda module: "",
        "run": answers({}),
        "load": lambda: 0.3,
        "stage_times": lambda: {"track": 5.0, "reenact": 5.0, "seal": 1.0},
        "providers": lambda: [
            Availability("cuda", why_not="no CUDA", fix="a GPU"),
            Availability("cpu", "ONNX Runtime 1"),
        ],
        "network_ms": lambda provider: 90.0,
        "pipewire_problem": lambda: "",
        "sound": FakeSystem,
        "settings": Config,
        "deadlines_ms": {"track": 12.0, "reenact": 10.0, "seal": 3.0},
    }
    return System(**{**healthy, **facts})  # type: ignore[arg-type]


def sinks(*specs: str) -> Callable[[], Config]:
    """Settings with those sinks."""
    return lambda: Config(output=OutputConfig(sinks=specs))


def only(check: Callable[[System], Iterable[Finding]], system: System) -> Finding:
    """The one thing that the check finds."""
    (finding,) = list(check(system))
    return finding


def write(root: Path, path: str, text: str = "") -> Path:
    """A file of the machine."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file
