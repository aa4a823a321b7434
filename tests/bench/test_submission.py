"""What strangers send in says what they measured on, and nothing of who they are."""

from __future__ import annotations

import getpass
import json
import platform
from pathlib import Path

import pytest

from avatard.bench import submission
from avatard.bench.machine import this_machine
from avatard.programs import Answer, Run

SMI = "NVIDIA GeForce RTX 4070, 570.86.10\n"


def told(answers: dict[str, str]) -> Run:
    """A runner of programs, of which some are there."""
    return lambda *command, **limits: Answer(0 if command[0] in answers else 127, answers.get(command[0], ""))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system tree: Debian in a virtual machine, an Intel GPU, a webcam's name without its device."""
    files = {
        "etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "proc/cpuinfo": "processor: 0\nflags\t\t: fpu hypervisor avx2\n",
        "sys/class/drm/card0/device/vendor": "0x8086\n",
        "sys/class/drm/card0/device/device": "0x9a49\n",
        "sys/module/v4l2loopback/version": "0.15.1\n",
        "sys/class/video4linux/video0/name": "Integrated Camera\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "drivers/i915").mkdir(parents=True)
    (tmp_path / "sys/class/drm/card0/device/driver").symlink_to(tmp_path / "drivers/i915")
    return tmp_path


def test_hardware_is_models_and_versions(root: Path) -> None:
    answers = {"nvidia-smi": SMI, "pipewire": "pipewire\nCompiled with libpipewire 1.2.7\nLinked with 1.2.7\n"}
    found = submission.hardware("performer", root, told(answers))
    assert found["distribution"] == "Debian GNU/Linux 12 (bookworm)"
    assert found["virtual_machine"] is True
    assert found["gpus"] == [
        {"name": "NVIDIA GeForce RTX 4070", "driver": "nvidia 570.86.10"},
        {"name": "PCI 8086:9a49", "driver": "i915"},
    ]
    assert found["v4l2loopback"] == "0.15.1"
    assert found["pipewire"] == "1.2.7"
    assert found["cameras"] == []  # the performer was the source


def test_a_machine_with_nothing_of_it_is_described_too(tmp_path: Path) -> None:
    found = submission.hardware("camera", tmp_path, told({}))
    assert (found["gpus"], found["cameras"], found["v4l2loopback"], found["pipewire"]) == ([], [], "", "")


def test_names_and_paths_are_taken_out_of_every_text() -> None:
    told = {
        "camera": "Anna's iPhone on anna-laptop",
        "why": ["cannot write /home/anna/x.y4m: no", r"C:\Users\anna\x", "see /dev/video0"],
        "banana": {"cores": 4, "p50": 1.5, "none": None, "ok": True},
    }
    clean = submission.without_names(told, ["anna", "anna-laptop", "/home/anna"])
    text = json.dumps(clean)
    assert "anna" not in text.lower().replace("banana", "")
    assert clean["banana"] == {"cores": 4, "p50": 1.5, "none": None, "ok": True}
    assert clean["why"][0] == f"cannot write {submission.REMOVED}: no"


def test_a_name_that_is_a_part_of_a_word_stays() -> None:
    assert submission.without_names("Sampling by av", ["sam", "av"]) == f"Sampling by {submission.REMOVED}"
    assert submission.without_names("1280x720@30, 3/4 of I420/YUY2", ["root"]) == "1280x720@30, 3/4 of I420/YUY2"


def test_the_real_machine_s_names_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "node", lambda: "kitchen.example.org")
    monkeypatch.setattr(getpass, "getuser", lambda: "mallory")
    for name in ("kitchen.example.org", "kitchen", "mallory", str(Path.home())):
        assert name in submission.names()
        assert name not in submission.without_names(f"on {name} now")


def test_what_is_told_of_this_machine_stays_readable() -> None:
    machine = this_machine()
    clean = submission.without_names({"cpu": machine.cpu, "versions": machine.versions})
    assert set(clean["versions"]) == set(machine.versions)
    assert clean["cpu"] == machine.cpu
