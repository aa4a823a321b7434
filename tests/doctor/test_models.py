from __future__ import annotations

from pathlib import Path

from avatard.doctor.finding import Level
from avatard.doctor.models import MODELS, check_face_models
from avatard.doctor.system import System
from tests.doctor.machine import machine, only, write


def mediapipe(folder: Path, models: tuple[str, ...]) -> Path:
    for model in models:
        write(folder, model)
    return folder


def test_present(tmp_path: Path) -> None:
    folder = mediapipe(tmp_path / "mediapipe", MODELS)

    assert only(check_face_models, machine(tmp_path, package_folder=lambda package: folder)).level is Level.OK


def test_absent_from_a_newer_mediapipe(tmp_path: Path) -> None:
    folder = mediapipe(tmp_path / "mediapipe", MODELS[:1])
    finding = only(check_face_models, machine(tmp_path, package_folder=lambda package: folder))

    assert finding.level is Level.FAIL
    assert "face_landmark_with_attention.tflite" in finding.text
    assert "<0.10.22" in finding.fix


def test_no_mediapipe(tmp_path: Path) -> None:
    assert only(check_face_models, machine(tmp_path)).level is Level.FAIL


def test_they_are_those_of_the_installed_mediapipe() -> None:
    assert only(check_face_models, System()).level is Level.OK
