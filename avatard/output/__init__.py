"""Output: `Sealed` in, a device out. Each backend is a file named after what it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from avatard.errors import ConfigError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import OutputConfig
    from avatard.sealed import Sealed, VideoFormat


class Sink(Protocol):
    """Takes badged pictures. One thread at a time opens, writes and closes it, not always the same one; `__enter__`
    opens the device, raises SinkError."""

    @property
    def description(self) -> str:
        """What was negotiated, for people: "/dev/video10 (v4l2loopback): 1280x720 I420"."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None: ...

    def write(self, sealed: Sealed) -> None:
        """Hand the picture to the device now; never waits for its rate. The picture is read before it returns.

        Raises SinkError; `retryable` when the device may come back, with exit code 0 when the reader of a pipe has
        left: the end, not a failure.
        """


def readers_of(sink: Sink) -> int | None:
    """How many programs read the open `sink` now; None where that cannot be told: then it counts as wanted.

    A sink that can tell has a property `readers`; one that has none is always wanted, such as a recording. Asked only
    by the thread that writes, with each picture: `readers` must cost microseconds and never block.
    """
    count: int | None = getattr(sink, "readers", None)
    return count


def losses_of(sink: Sink) -> Mapping[str, int]:
    """What `sink` lost since it was last asked, besides what its `write` raised: causes (of `timing.CAUSES`) and how
    often each came. A sink that loses pictures without failing has a method `losses`; asked only by the thread that
    writes.
    """
    ask: Callable[[], Mapping[str, int]] | None = getattr(sink, "losses", None)
    return ask() if ask is not None else {}


def open_sink(spec: str, config: OutputConfig, format: VideoFormat) -> Sink:  # noqa: A002
    """The sink that `spec` names, not yet entered. Raises ConfigError for a spec that is none."""
    kind, _, argument = spec.partition(":")
    match kind:
        case "virtualcam":
            from avatard.output.virtualcam import open_virtualcam

            return open_virtualcam(argument, config.virtualcam, format)
        case "file":
            from avatard.output.file import open_file

            return open_file(argument, format)
        case "y4m":
            from avatard.output.y4m import Y4m

            return Y4m(argument, format)
        case "y4m-ring":
            from avatard.output.y4m_ring import Y4mRing

            return Y4mRing(argument, format)
        case "pipewire":
            from avatard.output.pipewire import PipeWire

            return PipeWire(format)
        case "webrtc":
            from avatard.output.webrtc import open_webrtc

            return open_webrtc(argument, format)
        case "null":
            from avatard.output.null import Null

            return Null(format)
    raise ConfigError(
        f"no sink is called {spec!r}",
        "Use virtualcam, virtualcam:DEVICE, pipewire, file:PATH, y4m:-, y4m-ring:PATH, webrtc, webrtc:PORT or null.",
    )
