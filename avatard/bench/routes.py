"""The ways from the line to an independent process: which sink, who reads it, what the age then includes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatard.bench.child import Child
from avatard.frame import Stamp

if TYPE_CHECKING:
    from avatard.bench.notebook import Box
    from avatard.sealed import VideoFormat

#: What every age begins with, and goes on with.
_BEGINS: Final = {
    Stamp.DUE: "frame due",
    Stamp.DRIVER: "frame stamped by the camera's driver",
    Stamp.READ: "frame read from the camera (its driver gives no time)",
}
_LINE: Final = "decoded, tracked, drawn, badged, written"


@dataclass(frozen=True, slots=True)
class Route:
    """One way. `name` is that of results and budgets.

    sink: kind of the sink. reader: module of the `Child` that looks. beyond: what the age holds after the write.
    patience_s: how long the reader may take to see its first picture.
    """

    name: str
    sink: str
    reader: str
    beyond: str
    patience_s: float = 30.0

    def includes(self, stamp: Stamp) -> str:
        """What the age holds, in words; stamp: what the frame's time is the time of."""
        return f"{_BEGINS[stamp]}, {_LINE}; {self.beyond}"

    def spec(self, folder: Path) -> str:
        """The sink as `--sink` names it. folder: for its file where it has one."""
        return f"{self.sink}:{folder / 'ring.y4m'}" if self.sink == "y4m-ring" else self.sink

    def open_reader(self, spec: str, format: VideoFormat, mouth: Box | None = None) -> Child:  # noqa: A002
        """The process that looks at the sink `spec`; not yet entered."""
        where = spec.partition(":")[2]
        return Child(self.reader, where, str(mouth or ""), f"{format.width}x{format.height}")


ROUTES: Final = (
    Route(
        "y4m-ring",
        "y4m-ring",
        "avatard.bench.ring_reader",
        "until another process reads it from the ring (it looks every 0.5 ms)",
    ),
    Route(
        "pipewire",
        "pipewire",
        "avatard.bench.pipewire_reader",
        "through PipeWire's graph, until another process holds the buffer",
    ),
    Route(
        "v4l2loopback",
        "virtualcam",
        "avatard.bench.v4l2_reader",
        "through the kernel, until another process has taken the buffer",
        patience_s=120.0,  # an emulated machine, where order and pixels are tested
    ),
    Route(
        "chromium",
        "y4m-ring",
        "avatard.bench.browser_reader",
        "read by Chromium's fake camera on its own clock of 30 a second (up to 33 ms of waiting), through its capture "
        "process and compositor, until requestVideoFrameCallback hands it to a page",
        patience_s=60.0,
    ),
)

#: Kind of a sink → the route on which a plain `avatard bench --sink` measures it. The others: when the write returns.
BY_SINK: Final = {route.sink: route for route in ROUTES if route.name != "chromium"}


def why_not(route: Route) -> str:
    """What this machine lacks for it, as a line; "" when it can be tried."""
    if route.sink == "y4m-ring" and not hasattr(os, "pwritev"):
        return "needs Linux or macOS"
    match route.name:
        case "pipewire":
            from avatard.output.pipewire_session import is_running

            return "" if is_running() else "no PipeWire session here"
        case "v4l2loopback":
            from avatard.video_devices import video_devices

            return "" if any(device.loopback for device in video_devices()) else "no v4l2loopback device here"
        case "chromium":
            from avatard.bench.chromium import find_chromium

            return "" if find_chromium() else "no Chromium here"
    return ""
