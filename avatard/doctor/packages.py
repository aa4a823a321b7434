"""The Python packages that disturb each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from avatard.doctor.distribution import Wanted, install
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import EngineError


class Rivals(NamedTuple):
    """Wheels that put their files into one folder: the last one installed wins, parts of the others stay."""

    name: str
    module: str
    usual: str  #: the one that avatard asks for
    wheels: tuple[str, ...]


RIVALS = (
    Rivals(
        "OpenCV",
        "cv2",
        "opencv-contrib-python",
        ("opencv-contrib-python", "opencv-python", "opencv-python-headless", "opencv-contrib-python-headless"),
    ),
    Rivals(
        "ONNX Runtime",
        "onnxruntime",
        "onnxruntime",
        ("onnxruntime-gpu", "onnxruntime", "onnxruntime-directml", "onnxruntime-openvino"),
    ),
)
#: Parts of an import's failure that mean a library of the system's, not of the wheel's.
_SYSTEM_LIBRARIES = ("libGL", "libgthread", "libglib")


def check_packages(system: System) -> Iterator[Finding]:
    """One OpenCV, one ONNX Runtime, and both can be imported."""
    for name, module, usual, wheels in RIVALS:
        present = [wheel for wheel in wheels if wheel in system.packages]
        if len(present) > 1:
            text = f"{len(present)} wheels of {name} overwrite each other: {', '.join(present)}"
            # Each of them takes files of the others along when it goes, so the one that stays is put in anew.
            fix = f"pip uninstall -y {' '.join(present)}\npip install {present[0]}"
            yield Finding("packages", Level.FAIL, text, fix, error=EngineError)
        elif present:
            yield _importable(system, name, module, f"{present[0]} {system.packages[present[0]]}")
        else:
            text = f"{name} is missing"
            yield Finding("packages", Level.FAIL, text, f"pip install {usual}", error=EngineError)


def _importable(system: System, name: str, module: str, wheel: str) -> Finding:
    problem = system.import_problem(module)
    if not problem:
        return Finding("packages", Level.OK, f"{name}: {wheel}")
    fix = f"pip install --force-reinstall --no-deps {wheel.split()[0]}"
    if any(library in problem for library in _SYSTEM_LIBRARIES):  # a minimal system
        fix = install(system, Wanted.OPENCV_LIBRARIES)
    return Finding("packages", Level.FAIL, f"{name} cannot be loaded: {problem}", fix, error=EngineError)
