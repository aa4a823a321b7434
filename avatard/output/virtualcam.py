"""The virtual camera: our own v4l2loopback sink on Linux, pyvirtualcam elsewhere.

Our own, because it writes the sealed I420 bytes as they are (no second conversion), knows the module's traps and
can say who holds the device.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from avatard.errors import SinkError
from avatard.v4l2 import (
    PIX_FMT_YUV420,
    Kernel,
    fourcc_name,
    free_output,
    give_way,
    opened_elsewhere,
    query,
    set_output_format,
    set_output_rate,
    start_output,
    streaming_readers,
)
from avatard.video_devices import (
    INSTALL_LOOPBACK,
    JOIN_VIDEO_GROUP,
    LOAD_LOOPBACK,
    RELOAD_LOOPBACK,
    VideoDevice,
    first_loopback,
    holders,
    loopback_version,
    video_device,
    video_devices,
)

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.output import Sink
    from avatard.sealed import Sealed, VideoFormat

#: From this version on a writer is a producer without further ado, and starting the stream would get in its way.
TOKENS_SINCE = (0, 13)

log = logging.getLogger("avatard.output")


def open_virtualcam(
    device: str,
    backend: Literal["auto", "v4l2", "pyvirtualcam"],
    format: VideoFormat,  # noqa: A002 (the word of the config and of every sink)
) -> Sink:
    """The virtual camera called `device` ("" for the first that is there), not yet entered."""
    if backend == "pyvirtualcam" or (backend == "auto" and sys.platform != "linux"):
        from avatard.output.pyvirtualcam import PyVirtualCam

        return PyVirtualCam(device, format)
    return Loopback(device, format)


class Loopback:
    """Writes to a v4l2loopback device.

    device: a path, a number ("10" is /dev/video10), or "": the loopback labelled "avatard", else the first.
    With exclusive_caps=1 programs see a camera there only once something was written, so the pipeline keeps writing
    standby pictures. `write` takes a copy into the module's ring (0.1 ms at 720p) and never waits for readers.
    """

    def __init__(
        self,
        device: str,
        format: VideoFormat,  # noqa: A002
        kernel: Kernel | None = None,
        root: Path = Path("/"),
    ) -> None:
        self._wanted = device
        self._format = format
        self._kernel = kernel or Kernel()
        self._root = root
        self._path = Path()
        self._name = ""
        self._fd: int | None = None
        self._gave_way = False

    @property
    def description(self) -> str:
        size = f"{self._format.width}x{self._format.height} I420"
        if self._fd is None:
            return f"virtual camera {self._wanted or '(first found)'}: {size}"
        return f"{self._path} ({self._name}, v4l2loopback): {size}"

    @property
    def readers(self) -> int | None:
        """Who streams, where the module says so. Else 1 for anybody who has the device open: how many is not told."""
        if self._fd is None:
            return 0
        try:
            streaming = streaming_readers(self._kernel, self._fd)
            if streaming is None and self._gave_way:
                return int(opened_elsewhere(self._kernel, self._fd))
        except OSError:  # it is gone, as the next picture will say
            return None
        return streaming

    def __enter__(self) -> Self:
        device = self._named() if self._wanted else self._first()
        self._path, self._name = device.path, device.name
        try:
            self._fd = self._open()
            self._negotiate(self._fd)
        except OSError as e:
            self._close()
            raise self._refused(e) from e
        except SinkError:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._close()

    def write(self, sealed: Sealed) -> None:
        assert self._fd is not None, "not entered"
        picture = sealed.i420.data
        try:
            taken = self._kernel.write(self._fd, picture)
        except OSError as e:
            if e.errno in (errno.ENODEV, errno.ENXIO):  # opening it again tells whether it is back
                raise SinkError(f"{self._path} has gone", LOAD_LOOPBACK, retryable=True) from e
            raise SinkError(f"{self._path} does not take pictures: {e.strerror}", retryable=True) from e
        if taken != picture.nbytes:
            raise SinkError(
                f"{self._path} took {taken} of {picture.nbytes} bytes: another program changed its format",
                retryable=True,
            )

    def _named(self) -> VideoDevice:
        path = Path(f"/dev/video{self._wanted}" if self._wanted.isdigit() else self._wanted)
        device = video_device(
            self._root / path.relative_to("/") if path.is_absolute() else path, self._root, self._kernel
        )
        if device.problem == "no permission":
            raise SinkError(f"no permission to open {path}", JOIN_VIDEO_GROUP)
        if device.problem in ("not there", "not a video device"):
            raise SinkError(f"{path} is {device.problem}", self._where_to_look())
        if device.driver and not device.loopback:
            raise SinkError(f"{path} is a {device.driver} device, not a virtual camera", self._where_to_look())
        return device

    def _first(self) -> VideoDevice:
        devices = video_devices(self._root, self._kernel)
        first = first_loopback(devices)
        if first is None:
            closed = [device for device in devices if device.problem == "no permission"]
            if closed:
                raise SinkError(f"no permission to open {closed[0].path}", JOIN_VIDEO_GROUP)
            raise SinkError("there is no virtual camera: v4l2loopback is not loaded", INSTALL_LOOPBACK)
        return first

    def _open(self) -> int:
        """A descriptor of the device with its output side offered."""
        fd = self._claimed()
        offered = query(self._kernel, fd)
        if offered.output:
            return fd
        self._kernel.close(fd)
        # A camera side without an output side, and somebody there: most likely a producer at work.
        if offered.capture and holders(self._path, self._root):
            raise self._busy()
        free_output(self._kernel, self._path)
        fd = self._claimed()
        if query(self._kernel, fd).output:
            log.info("another program left %s without an output side; freed it", self._path)
            return fd
        self._kernel.close(fd)
        raise self._busy()

    def _claimed(self) -> int:
        """A descriptor that keeps other avatards away: one of another user is in none of our /proc, and the cure for a
        device without an output side would let us in beside it."""
        fd = self._kernel.open(self._path)
        if not self._kernel.claim(fd):
            self._kernel.close(fd)
            raise self._busy()
        return fd

    def _negotiate(self, fd: int) -> None:
        wanted = self._format
        got = set_output_format(self._kernel, fd, wanted.width, wanted.height)
        if (got.width, got.height, got.fourcc) != (wanted.width, wanted.height, PIX_FMT_YUV420):
            raise SinkError(
                f"{self._path} stays at {got.width}x{got.height} {fourcc_name(got.fourcc)} "
                f"while programs read it; asked for {wanted.width}x{wanted.height} I420",
                "Close the programs that use the virtual camera, or set output.width and output.height to its size."
                + self._held_by(),
                retryable=True,
            )
        with contextlib.suppress(OSError):  # a hint for readers; some versions refuse it
            set_output_rate(self._kernel, fd, wanted.fps)
        if (loopback_version(self._root) or TOKENS_SINCE) < TOKENS_SINCE:
            start_output(self._kernel, fd)
        self._gave_way = False
        with contextlib.suppress(OSError):  # else its readers cannot be seen
            give_way(self._kernel, fd)  # last: what is least urgent may set nothing up any more
            self._gave_way = True

    def _busy(self) -> SinkError:
        return SinkError(
            f"another program already writes to {self._path}",
            "Stop it, or use another device: --sink virtualcam:/dev/videoN."
            f"{self._held_by()}\nIf nothing uses it, load the module anew:\n{RELOAD_LOOPBACK}",
            retryable=True,
        )

    def _refused(self, e: OSError) -> SinkError:
        if e.errno in (errno.EACCES, errno.EPERM):
            return SinkError(f"no permission to open {self._path}", JOIN_VIDEO_GROUP)
        if e.errno == errno.EBUSY:
            return self._busy()
        return SinkError(f"cannot open {self._path}: {e.strerror}", f"Load the module anew:\n{RELOAD_LOOPBACK}")

    def _held_by(self) -> str:
        names = ", ".join(map(str, holders(self._path, self._root)))
        return f"\nOpen now in: {names}." if names else ""

    def _where_to_look(self) -> str:
        loopbacks = [str(d.path) for d in video_devices(self._root, self._kernel) if d.loopback]
        if loopbacks:
            return f"Virtual cameras here: {', '.join(loopbacks)}. `avatard devices` lists them."
        return INSTALL_LOOPBACK

    def _close(self) -> None:
        if self._fd is not None:
            self._kernel.close(self._fd)
            self._fd = None
