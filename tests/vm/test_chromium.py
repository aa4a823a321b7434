"""A real Chromium on a real v4l2loopback: it lists avatard as a camera, and shows its badge."""

from __future__ import annotations

import json
import shutil

import cv2
import numpy as np
import pytest

from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from avatard.sealed import VideoFormat
from tests.vm.conftest import FPS, HEIGHT, ROOT, WHOLE, WIDTH, Guest
from tests.vm.machine import SHARE, wait

pytestmark = [pytest.mark.vm, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]

PAGE = ROOT / "tests/e2e/fake_camera.html"
SERVER = ROOT / "tests/vm/guest/page_server.py"
PORT = 8123
OPTIONS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-sync --disable-background-networking "
    "--disable-component-update --mute-audio --autoplay-policy=no-user-gesture-required "
    "--use-fake-ui-for-media-stream --user-data-dir=/tmp/chromium"
)


def badge_likeness(picture: np.ndarray) -> float:
    """Correlation of the badge's place in `picture` (BGR) with the badge on plain grey: 1 for the same."""
    badge = Badge(load_masks("en"), VideoFormat(WIDTH, HEIGHT, FPS))
    drawn = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    badge.draw(drawn)
    x, y, width, height = badge.box
    place = slice(y, y + height), slice(x, x + width)
    seen = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[place]
    return float(np.corrcoef(drawn[place].ravel(), seen.ravel())[0, 1])


def test_chromium_sees_a_moving_avatar_with_its_badge(guest: Guest) -> None:
    machine = guest.machine
    for file in (PAGE, SERVER):
        shutil.copy(file, machine.share)
    program = guest.ready("performer", "--source performer --sink virtualcam", WHOLE)
    guest.shows("live")
    machine.check("ip link set lo up")
    machine.start("server", f"python3 {SHARE}/{SERVER.name} {PORT} {SHARE}/{PAGE.name} {SHARE}")
    browser = machine.start("chromium", f"chromium {OPTIONS} http://127.0.0.1:{PORT}/")
    report_file = machine.share / "page-report"
    wait(lambda: report_file.exists() or "\nexit " in browser.said, "the page reports")
    assert "\nexit " not in browser.said, browser.said

    report = json.loads(report_file.read_text())
    assert "error" not in report, report
    assert report["label"].startswith("avatard")
    assert (report["width"], report["height"]) == (WIDTH, HEIGHT)
    assert 1 + np.count_nonzero(np.diff(report["hashes"])) > 5
    for still in ("first", "last"):
        picture = cv2.imread(str(machine.share / f"page-{still}"), cv2.IMREAD_COLOR)
        assert picture is not None
        assert badge_likeness(np.asarray(picture)) > 0.9
    guest.stop(program)
