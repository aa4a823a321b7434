"""The README's picture: the performer, and shipped avatars driven by it, at a few instants.

python avatard/assets/recipes/banner.py docs/demo.jpg
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from avatard.avatars import open_store
from avatard.capture.performer import Performer
from avatard.config import Config
from avatard.line import line_of
from avatard.sealed import VideoFormat
from avatard.timing import STAGES, Counters, StageTimer

FORMAT = VideoFormat(640, 480, 30.0)
AVATARS = ("mira", "tomas", "amara", "samuel")
#: Talking, turned away, smiling: after the opening row's three seconds.
INSTANTS = (110, 190, 255)
TILE = (320, 240)


def frames(avatar: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The performer's and the avatar's pictures at `INSTANTS`."""
    config = Config()
    timers = {name: StageTimer() for name in STAGES}
    driver, drawn = [], []
    with (
        Performer(paced=False) as performer,
        line_of(config, FORMAT, open_store().load(avatar), timers, Counters()) as line,
    ):
        for n in range(max(INSTANTS) + 1):
            frame = performer.read(1.0)
            frame = replace(frame, captured_ns=(1 + n) * 33_333_333)
            sealed = line.show(frame, line.look(frame), frame.captured_ns)
            if n in INSTANTS:
                driver.append(frame.pixels)
                drawn.append(cv2.cvtColor(sealed.i420, cv2.COLOR_YUV2BGR_I420))
            sealed.release()
    return driver, drawn


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    columns = []
    for avatar in AVATARS:
        driver, drawn = frames(avatar)
        if not columns:
            columns.append(driver)
        columns.append(drawn)
    rows = [
        np.hstack([cv2.resize(column[i], TILE, interpolation=cv2.INTER_AREA) for column in columns])
        for i in range(len(INSTANTS))
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    main()
