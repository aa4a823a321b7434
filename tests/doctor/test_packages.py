from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.packages import check_packages
from avatard.errors import EngineError
from tests.doctor.machine import machine, write

OPENCV = {"opencv-contrib-python": "4.11.0.86"}
ONNX = {"onnxruntime": "1.22.0"}


def test_one_of_each(tmp_path: Path) -> None:
    found = list(check_packages(machine(tmp_path)))

    assert [(finding.level, finding.text) for finding in found] == [
        (Level.OK, "OpenCV: opencv-contrib-python 4.11.0.86"),
        (Level.OK, "ONNX Runtime: onnxruntime 1.22.0"),
    ]


def test_two_opencvs(tmp_path: Path) -> None:
    opencv, _ = check_packages(machine(tmp_path, packages={"opencv-python": "4.10", **OPENCV, **ONNX}))

    assert (opencv.level, opencv.error) == (Level.FAIL, EngineError)
    assert opencv.fix == "pip uninstall -y opencv-contrib-python opencv-python\npip install opencv-contrib-python"


def test_two_onnx_runtimes_leave_the_one_for_the_gpu(tmp_path: Path) -> None:
    opencv, onnx = check_packages(machine(tmp_path, packages={**OPENCV, **ONNX, "onnxruntime-gpu": "1.22.0"}))

    assert opencv.level is Level.OK
    assert onnx.level is Level.FAIL
    assert onnx.fix.splitlines()[-1] == "pip install onnxruntime-gpu"


def test_none_at_all(tmp_path: Path) -> None:
    found = list(check_packages(machine(tmp_path, packages={})))

    assert [finding.fix for finding in found] == ["pip install opencv-contrib-python", "pip install onnxruntime"]


def test_a_broken_wheel(tmp_path: Path) -> None:
    problem = "cannot import name 'gapi' from 'cv2'"
    opencv, _ = check_packages(machine(tmp_path, import_problem={"cv2": problem, "onnxruntime": ""}.__getitem__))

    assert opencv.text == f"OpenCV cannot be loaded: {problem}"
    assert opencv.fix == "pip install --force-reinstall --no-deps opencv-contrib-python"


@pytest.mark.parametrize(
    ("os_release", "fix"),
    [
        ("ID=debian", "sudo apt install libgl1 libglib2.0-0"),
        ("ID=fedora", "sudo dnf install mesa-libGL glib2"),
    ],
)
def test_a_minimal_system_lacks_libgl(tmp_path: Path, os_release: str, fix: str) -> None:
    write(tmp_path, "etc/os-release", os_release)
    problem = "libGL.so.1: cannot open shared object file: No such file or directory"
    opencv, *_ = check_packages(machine(tmp_path, import_problem=lambda module: problem))

    assert (opencv.level, opencv.fix) == (Level.FAIL, fix)
