"""Judges what a reader of the virtual camera got, on the host: the pictures are raw I420, as the device gives them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from avatard.output.y4m import FRAME
from avatard.seal.badge import Badge
from avatard.seal.barcode import decode
from avatard.seal.masks import load_masks
from avatard.sealed import I420, VideoFormat


@dataclass(frozen=True)
class Pictures:
    """A run of pictures of one size, each (H*3/2)xW uint8."""

    format: VideoFormat
    frames: list[I420]

    @property
    def badged(self) -> bool:
        """Whether every picture shows the whole badge, to the last pixel."""
        badge = Badge(load_masks("en"), self.format)
        return bool(self.frames) and all(badge.intact(frame) for frame in self.frames)

    @property
    def distinct(self) -> int:
        """How many different pictures follow one another."""
        return 1 + sum(not np.array_equal(a, b) for a, b in pairwise(self.frames))

    @property
    def sequence(self) -> list[int]:
        """The camera frames' numbers, from the barcodes; cards have none, and what the clock drew has -1: left out."""
        found = (decode(frame[: self.format.height]) for frame in self.frames)
        return [barcode[0] for barcode in found if barcode is not None and barcode[0] >= 0]

    def save(self, path: Path) -> None:
        """The last picture, to be looked at."""
        cv2.imwrite(str(path), cv2.cvtColor(self.frames[-1], cv2.COLOR_YUV2BGR_I420))

    def verify(self, path: Path) -> str:
        """What `avatard verify` says of these pictures as a file: "present" is what it should."""
        header = f"YUV4MPEG2 W{self.format.width} H{self.format.height} F10:1 Ip A1:1 C420jpeg\n".encode()
        path.write_bytes(header + b"".join(FRAME + frame.tobytes() for frame in self.frames))
        command = [sys.executable, "-m", "avatard", "verify", "--json", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return str(json.loads(done.stdout)["verdict"]) if done.stdout else done.stderr


def raw(path: Path, width: int, height: int) -> Pictures:
    """What `v4l2-ctl --stream-to` wrote; without the end that a killed one left half written."""
    return _of(path.read_bytes(), width, height)


def y4m(path: Path, width: int, height: int) -> Pictures:
    """What avatard's sink `y4m:` wrote, with or without the file's header; what is not whole at the end is left out."""
    data = path.read_bytes()
    if not data.startswith(FRAME):
        _header, _, data = data.partition(b"\n")
    size = len(FRAME) + VideoFormat(width, height).i420_bytes
    whole = len(data) // size
    return _of(b"".join(data[n * size + len(FRAME) : (n + 1) * size] for n in range(whole)), width, height)


def faults(read: Pictures, sent: Pictures) -> int:
    """How many pictures did not come as they were sent: other in a bit, or left out between the first and the last.

    Fails where those that did come are in another order. Cards and repeats are the same picture several times: counted
    is the best way to match them.
    """
    numbers: dict[bytes, int] = {}
    sent_numbers = [numbers.setdefault(frame.tobytes(), len(numbers)) for frame in sent.frames]
    read_numbers = [number for frame in read.frames if (number := numbers.get(frame.tobytes())) is not None]
    others = len(read.frames) - len(read_numbers)
    if not read_numbers:
        return others
    starts = [place for place, number in enumerate(sent_numbers) if number == read_numbers[0]]
    missed = [found for start in starts if (found := _missed(read_numbers, sent_numbers[start:])) is not None]
    assert missed, f"not in the order in which they were sent: {read_numbers}"
    return others + min(missed)


def _missed(read: list[int], sent: list[int]) -> int | None:
    """Of `sent`, between its first that is read and its last; None where the orders differ."""
    place, missed = -1, 0
    for number in read:
        if number not in sent[place + 1 :]:
            return None
        step = sent.index(number, place + 1) - place
        missed += step - 1
        place += step
    return missed


def _of(data: bytes, width: int, height: int) -> Pictures:
    video = VideoFormat(width, height, 10.0)
    whole = len(data) // video.i420_bytes
    frames = np.frombuffer(data, np.uint8, whole * video.i420_bytes).reshape(whole, height * 3 // 2, width)
    return Pictures(video, list(frames))
