"""A headless Chromium whose camera is a y4m file."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

INSTALL: Final = "sudo apt install chromium"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


def find_chromium() -> str:
    """The program's path; "" where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


@contextmanager
def chromium_at(url: str, camera: Path, profile: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs it until left, with its helper processes. camera: a y4m file. profile: a folder of its own, which must
    not hold another's; what the browser says goes to `chromium.log` beside it."""
    options = [*_OPTIONS, f"--use-file-for-fake-video-capture={camera}", f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with profile.with_name("chromium.log").open("wb") as log:
        browser = subprocess.Popen([find_chromium(), *options, url], stdout=log, stderr=log, start_new_session=True)
    try:
        yield browser
    finally:
        if sys.platform == "win32":
            browser.kill()  # its helpers end with their pipes to it
        else:
            with suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
