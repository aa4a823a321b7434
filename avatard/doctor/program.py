"""Python and the packages in it."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import ConfigError, EngineError

OLDEST, NEWEST = (3, 10), (3, 12)

#: Wheels that put their files into the same folder: the last one installed wins, parts of the others stay.
RIVALS = (
    (
        "OpenCV",
        "cv2",
        ("opencv-contrib-python", "opencv-python", "opencv-python-headless", "opencv-contrib-python-headless"),
    ),
    (
        "ONNX Runtime",
        "onnxruntime",
        ("onnxruntime-gpu", "onnxruntime", "onnxruntime-directml", "onnxruntime-openvino"),
    ),
)


def check_python(system: System) -> Iterator[Finding]:
    """A Python for which MediaPipe with its models exists."""
    version = ".".join(map(str, system.python))
    if OLDEST <= system.python <= NEWEST:
        yield Finding("python", Level.OK, f"Python {version}")
    else:
        yield Finding(
            "python",
            Level.FAIL,
            f"Python {version}: MediaPipe with its models exists for 3.10 to 3.12",
            "uv tool install --python 3.12 avatard",
            ConfigError,
        )


def check_packages(system: System) -> Iterator[Finding]:
    """One OpenCV, at most one ONNX Runtime, and both can be imported."""
    for name, module, wheels in RIVALS:
        present = [wheel for wheel in wheels if wheel in system.packages]
        if len(present) > 1:
            yield Finding(
                "packages",
                Level.FAIL,
                f"several wheels of {name} overwrite each other: {', '.join(present)}",
                f"pip uninstall -y {' '.join(present)}\npip install {present[0]}",
                EngineError,
            )
        elif present:
            yield _importable(system, name, module, f"{present[0]} {system.packages[present[0]]}")
        elif module == "cv2":
            yield Finding("packages", Level.FAIL, "OpenCV is missing", "pip install opencv-contrib-python", EngineError)


def _importable(system: System, name: str, module: str, wheel: str) -> Finding:
    problem = system.import_problem(module)
    if not problem:
        return Finding("packages", Level.OK, f"{name}: {wheel}")
    fix = f"pip install --force-reinstall {wheel.split()[0]}"
    if "libGL" in problem or "libgthread" in problem or "libglib" in problem:  # a minimal system
        fix = "sudo apt install libgl1 libglib2.0-0"
    return Finding("packages", Level.FAIL, f"{name} cannot be loaded: {problem}", fix, EngineError)
