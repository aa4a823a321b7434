"""A real Chromium on a real v4l2loopback: it lists avatard as a camera, and shows its badge."""

from __future__ import annotations

import json
import shutil

import cv2
import numpy as np
import pytest

from avatard.bench import chromium
from tests.e2e.likeness import badge_likeness
from tests.vm.conftest import HEIGHT, ROOT, WHOLE, WIDTH, Guest
from tests.vm.machine import SHARE, wait

pytestmark = [pytest.mark.vm, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]

PAGE = ROOT / "tests/e2e/fake_camera.html"
SERVER = ROOT / "tests/vm/guest/page_server.py"
PORT = 8123
OPTIONS = " ".join((*chromium.OPTIONS, "--no-sandbox", "--user-data-dir=/tmp/chromium"))


def test_chromium_sees_a_moving_avatar_with_its_badge(guest: Guest) -> None:
    machine = guest.machine
    for file in (PAGE, SERVER):
        shutil.copy(file, machine.share)
    program = guest.ready("performer", "--source performer --sink virtualcam", WHOLE)
    guest.shows("live")
    machine.check("busybox ip link set lo up")
    machine.start("server", f"python3 {SHARE}/{SERVER.name} {PORT} {SHARE}/{PAGE.name} {SHARE}")
    browser = machine.start("chromium", f"chromium {OPTIONS} http://127.0.0.1:{PORT}/")
    report_file = machine.share / "page-report"
    wait(lambda: report_file.exists() or not browser.going, "the page reports")
    assert browser.going, browser.said

    report = json.loads(report_file.read_text())
    assert "error" not in report, report
    assert report["label"].startswith("avatard")
    assert (report["width"], report["height"]) == (WIDTH, HEIGHT)
    assert len(set(report["hashes"])) > 3, "a card that comes and goes is no avatar"
    for still in ("first", "last"):
        luma = cv2.imread(str(machine.share / f"page-{still}"), cv2.IMREAD_GRAYSCALE)
        assert luma is not None
        assert badge_likeness(np.asarray(luma)) > 0.9
    guest.stop(program)
