from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.gpu import check_gpu
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only, write

PCI = "sys/bus/pci/devices/0000:01:00.0"


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        (Answer(0, "NVIDIA GeForce RTX 4090, 580.95"), Level.OK, "NVIDIA GeForce RTX 4090, driver 580.95"),
        (Answer(0, "NVIDIA A, 580.95\nNVIDIA B, 580.95"), Level.OK, "NVIDIA A, driver 580.95; NVIDIA B, driver 580.95"),
        (Answer(127, ""), Level.OK, "none needed"),
        (Answer(9, "Failed to initialize NVML"), Level.WARN, "does not answer"),
        (Answer(0, "No devices were found"), Level.WARN, "does not answer"),
        (Answer(124, ""), Level.WARN, "within two seconds"),
    ],
)
def test_what_the_driver_says(tmp_path: Path, answer: Answer, level: Level, words: str) -> None:
    finding = only(check_gpu, machine(tmp_path, run=answers({"nvidia-smi": answer})))

    assert finding.level is level
    assert words in finding.text


@pytest.mark.parametrize(
    ("os_release", "fix"),
    [
        ("ID=ubuntu\nID_LIKE=debian", "sudo ubuntu-drivers install"),
        ("ID=debian", "sudo apt install nvidia-driver"),
        ("ID=fedora", ""),
    ],
)
def test_a_card_without_its_driver(tmp_path: Path, os_release: str, fix: str) -> None:
    write(tmp_path, f"{PCI}/vendor", "0x10de\n")
    write(tmp_path, f"{PCI}/class", "0x030000\n")
    write(tmp_path, "etc/os-release", os_release)
    finding = only(check_gpu, machine(tmp_path))

    assert (finding.level, finding.fix) == (Level.WARN, fix)


@pytest.mark.parametrize(("vendor", "kind"), [("0x8086", "0x030000"), ("0x10de", "0x040300")])
def test_other_cards_and_nvidias_sound_are_none(tmp_path: Path, vendor: str, kind: str) -> None:
    write(tmp_path, f"{PCI}/vendor", vendor)
    write(tmp_path, f"{PCI}/class", kind)

    assert only(check_gpu, machine(tmp_path)).level is Level.OK
