"""The running pipeline into a real PipeWire of the tests' own, which restarts under it."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.parts import parts_of
from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from tests.e2e.leak import leaked_pixels
from tests.e2e.live import CONFIG, FORMAT, running, until
from tests.output.private_pipewire import PATIENCE_S, PrivatePipeWire, needs_gstreamer, needs_pipewire

BADGE = Badge(load_masks(CONFIG.seal.language), FORMAT)

ATTEMPTS = 4

pytestmark = [needs_pipewire, needs_gstreamer]


def read(folder: Path, frames: int = 5) -> list[np.ndarray]:
    """What a program of this machine gets from the one camera there is, by GStreamer, as I420."""
    path = folder / "read.yuy2"
    caps = f"video/x-raw,format=YUY2,width={FORMAT.width},height={FORMAT.height}"
    source = ["pipewiresrc", f"num-buffers={frames}", "!", caps, "!", "filesink", f"location={path}"]
    # WirePlumber 0.4 overlooks a reader that comes while it starts, and finds it when it asks again.
    for _ in range(ATTEMPTS):
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(["gst-launch-1.0", "-q", *source], timeout=PATIENCE_S / ATTEMPTS, check=True)
            break
    else:
        pytest.fail("no picture came")
    pictures = np.fromfile(path, np.uint8).reshape(frames, FORMAT.height, FORMAT.width * 2)
    return [
        np.concatenate([p[:, 0::2].ravel(), p[0::2, 1::4].ravel(), p[0::2, 3::4].ravel()]).reshape(-1, FORMAT.width)
        for p in pictures
    ]


def check(pictures: list[np.ndarray]) -> None:
    for picture in pictures:
        assert BADGE.intact(picture)
        assert leaked_pixels(picture) == 0


@pytest.mark.parametrize("others", [(), ("null",)], ids=["alone", "beside another"])
def test_a_camera_that_outlives_a_restart_of_pipewire(
    others: tuple[str, ...], avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatard.output.tee.RETRY_S", 0.1)
    config = replace(CONFIG, output=replace(CONFIG.output, sinks=("pipewire", *others)))
    with PrivatePipeWire(tmp_path) as session:
        for name, value in session.environment.items():
            monkeypatch.setenv(name, value)
        with running(avatar, parts_of(config).sink(), config) as pipeline:
            until(lambda: pipeline.first_picture_ns > 0, "a picture", 40.0)
            check(read(tmp_path))

            session.end_pipewire()
            until(lambda: pipeline.counters.as_dict()["sink_errors"] > 0, "the loss is noticed and counted")
            session.start_pipewire()
            until(lambda: "PipeWire node " in str(pipeline.status()["sinks"]), "it is back")
            check(read(tmp_path))

        assert pipeline.error is None
