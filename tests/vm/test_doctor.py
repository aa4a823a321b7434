"""Doctor before real devices: what it says of v4l2loopback, and of who holds a camera, is so on Debian's kernel."""

from __future__ import annotations

import json

import pytest

from avatard.doctor.finding import Level
from tests.vm.conftest import FPS, HEIGHT, LIGHT, OURS, WEBCAM, WIDTH, Guest
from tests.vm.machine import SHARE

pytestmark = [pytest.mark.vm, pytest.mark.slow, pytest.mark.timeout(1800)]

#: Its checks of devices alone: the others load libraries, which takes minutes here.
LOOK = """
import json
from avatard.doctor import System, camera, examine, module, virtual_camera
checks = (module.check_v4l2loopback, virtual_camera.check_virtual_camera, camera.check_camera)
for finding in examine(System(), checks, 600):
    print(json.dumps(finding.as_dict()))
"""


def look(guest: Guest) -> list[dict[str, str]]:
    """What doctor finds in the guest, in order."""
    (guest.machine.share / "look.py").write_text(LOOK)
    said = guest.machine.check(f"$(head -1 $(command -v avatard) | cut -c3-) {SHARE}/look.py", 600.0)
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def of(findings: list[dict[str, str]], check: str, device: str = "") -> dict[str, str]:
    """The one finding of that check, about that device."""
    (found,) = [each for each in findings if each["check"] == check and device in each["text"]]
    return found


def test_a_free_camera_and_the_trap_of_0_12(guest: Guest) -> None:
    findings = look(guest)
    module = of(findings, "v4l2loopback")

    assert module["level"] == Level.OK.value
    assert "0.12" in module["text"]
    assert "exclusive_caps=Y max_buffers=2" in module["text"]
    assert "takes no new writer" in module["advice"]
    assert of(findings, "virtual camera", OURS)["text"].endswith("programs list it as soon as avatard writes to it")
    other = of(findings, "virtual camera", WEBCAM)  # without exclusive_caps, and not ours
    assert (other["level"], other["fix"]) == (Level.OK.value, "")
    assert "exclusive_caps is off" in other["text"]


def test_avatard_itself_writes_to_it(guest: Guest) -> None:
    program = guest.ready("doctor", "--source none --sink virtualcam", LIGHT)
    ours = of(look(guest), "virtual camera", OURS)
    guest.stop(program)

    assert ours["level"] == Level.OK.value
    assert f"avatard shows YU12 of {WIDTH}x{HEIGHT} at {FPS} fps there" in ours["text"]
