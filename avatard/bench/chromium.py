"""A headless Chromium, its camera a y4m file where one is given."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

INSTALL: Final = "sudo apt install chromium"
#: For it to say its version: it loads its libraries for that.
VERSION_S: Final = 10.0
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Headless, no traffic of its own, and no question before a page takes camera and microphone.
OPTIONS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
)


def find_chromium() -> str:
    """The program's path; "" where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


def camera_from(file: Path) -> tuple[str, ...]:
    """Options that make a y4m file its only camera."""
    return "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={file}"


@contextmanager
def chromium_at(
    url: str, profile: Path, *more: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs it until left, with its helper processes. profile: a folder of its own, which must not hold another's; what
    the browser says goes to `chromium.log` beside it. more: options. environment: None for ours."""
    options = [*OPTIONS, f"--user-data-dir={profile}", *more]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with profile.with_name("chromium.log").open("wb") as log:
        browser = subprocess.Popen(
            [find_chromium(), *options, url], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield browser
    finally:
        if sys.platform == "win32":
            browser.kill()  # its helpers end with their pipes to it
        else:
            with suppress(ProcessLookupError):
                os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
