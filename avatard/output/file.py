"""Recordings: H.264 in MP4 or Matroska."""

from __future__ import annotations

import errno
import logging
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from avatard.errors import ConfigError, SinkError
from avatard.output.y4m import Y4m

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.output import Sink
    from avatard.output.soundtrack import Soundtrack
    from avatard.sealed import Sealed, VideoFormat

log = logging.getLogger("avatard.output")

#: Ticks a second of a recording's clock: MPEG's own; 30, 25, 24 and 29.97 fps are whole numbers of ticks.
CLOCK = 90_000
#: veryfast at crf 20: 10.7 core-ms a 720p frame of a talking portrait at 0.7 Mbit/s.
X264 = {"preset": "veryfast", "crf": "20"}
#: A key frame each 2 s: what a crash or a full disk costs at most.
KEY_FRAME_S = 2
#: FFmpeg's AVCOL_*_SMPTE170M (BT.601) and AVCOL_RANGE_MPEG: what `seal` makes.
BT601, LIMITED_RANGE = 6, 1
#: A live recording grows by fragments that play without the index that only a clean end writes; that end turns it
#: into a plain MP4. An offline one has its index moved to the front instead.
LIVE_FLAGS, OFFLINE_FLAGS = "+hybrid_fragmented", "+faststart"


def open_file(path: str, format: VideoFormat) -> Sink:  # noqa: A002
    """A live recording at `path`, by its suffix: .mp4, .mkv (H.264, real time stamps) or .y4m.

    Never over an earlier one: where `call.mp4` is there, this is `call-2.mp4`. Raises ConfigError.
    """
    match Path(path).suffix.lower():
        case ".mp4" | ".mkv":
            return Mp4(_free(Path(path)), format)
        case ".y4m":
            return Y4m(str(_free(Path(path))), format)
    raise ConfigError(f"cannot record to {path!r}", "Name a file that ends in .mp4, .mkv or .y4m.")


def _free(path: Path) -> Path:
    """`path`, or the first of path-2, path-3 … that is no file yet."""
    free, number = path, 1
    while free.is_file():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


class Mp4:
    """Writes H.264, BT.601 limited range as the virtual camera has it.

    Live (`constant_rate` False): each picture keeps the time it was sealed at, so gaps stay gaps; the file is at
    `path` from the start, and what was recorded plays after a crash or on a full disk.
    Offline (`constant_rate` True): one picture after another at the format's rate, as fast as they come; the file
    appears at `path` only when all went well. `audio_from`: a file whose sound track goes along, copied where the
    container takes its codec, else as AAC.
    """

    def __init__(
        self,
        path: Path,
        format: VideoFormat,  # noqa: A002
        audio_from: Path | None = None,
        *,
        constant_rate: bool = False,
    ) -> None:
        if path.suffix.lower() not in (".mp4", ".mkv"):
            raise ConfigError(f"cannot write a video to {str(path)!r}", "Name a file that ends in .mp4 or .mkv.")
        self._path = path
        self._format = format
        self._audio_from = audio_from
        self._constant_rate = constant_rate
        self._written_to = path.with_name(f".{path.stem}.part{path.suffix}") if constant_rate else path
        self._container: Any = None
        self._stream: Any = None
        self._sound: Soundtrack | None = None
        self._failed = False
        self._first_ns = 0
        self._last_pts = -1

    @property
    def description(self) -> str:
        return f"{self._path}: {self._format.width}x{self._format.height} H.264"

    def __enter__(self) -> Self:
        import av

        live = not self._constant_rate
        flags = {"movflags": LIVE_FLAGS if live else OFFLINE_FLAGS} if self._path.suffix.lower() == ".mp4" else {}
        self._failed, self._last_pts = False, -1
        try:
            self._container = av.open(str(self._written_to), "w", options=flags)
            self._stream = self._add_video(live)
            if self._audio_from is not None:
                from avatard.output.soundtrack import Soundtrack

                self._sound = Soundtrack.open(self._audio_from, self._container)
            self._container.start_encoding()
        except (OSError, av.error.FFmpegError) as e:
            self._failed = True
            self.__exit__(type(e), e, e.__traceback__)
            raise self._error(e) from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._container is None:
            return
        complete = kind is None and not self._failed
        try:
            self._finish(complete)
        finally:
            self._container = self._stream = None
            if self._constant_rate and (self._failed or not complete):
                self._written_to.unlink(missing_ok=True)
        if self._constant_rate and complete:
            self._written_to.replace(self._path)

    def write(self, sealed: Sealed) -> None:
        import av

        assert self._container is not None, "not entered"
        pts = self._pts(sealed.sealed_ns)
        picture = av.VideoFrame.from_ndarray(sealed.i420, format="yuv420p")
        picture.pts = pts
        picture.time_base = Fraction(1, CLOCK)
        try:
            self._container.mux(self._stream.encode(picture))
            if self._sound is not None:
                self._sound.write_until(pts / CLOCK)
        except av.error.FFmpegError as e:
            self._failed = True
            raise self._error(e) from e

    def _add_video(self, live: bool) -> Any:
        stream = self._container.add_stream("libx264", Fraction(self._format.fps).limit_denominator(1001), options=X264)
        stream.width, stream.height, stream.pix_fmt = self._format.width, self._format.height, "yuv420p"
        stream.time_base = Fraction(1, CLOCK)
        codec = stream.codec_context
        codec.time_base = Fraction(1, CLOCK)
        codec.gop_size = round(KEY_FRAME_S * self._format.fps)
        codec.color_range = LIMITED_RANGE
        codec.colorspace = codec.color_primaries = codec.color_trc = BT601
        if live:
            codec.thread_count = 2  # the other cores belong to the avatar
            codec.max_b_frames = 0  # else a growing file starts two pictures late
        return stream

    def _pts(self, sealed_ns: int) -> int:
        if self._constant_rate:
            period = CLOCK / self._format.fps
            pts = round((round(self._last_pts / period) + 1) * period) if self._last_pts >= 0 else 0
        else:
            if self._last_pts < 0:
                self._first_ns = sealed_ns
            pts = max((sealed_ns - self._first_ns) * CLOCK // 1_000_000_000, self._last_pts + 1)
        self._last_pts = pts
        return pts

    def _finish(self, complete: bool) -> None:
        """Write what the encoder holds and the index, as far as the disk lets us."""
        import av

        try:
            if not self._failed:
                self._container.mux(self._stream.encode(None))
                if self._sound is not None and complete:
                    self._sound.write_until(float("inf"))
        except av.error.FFmpegError as e:
            self._failed = True
            raise self._error(e) from e
        finally:
            if self._sound is not None:
                self._sound.close()
                self._sound = None
            self._close()

    def _close(self) -> None:
        import av

        try:
            self._container.close()
        except av.error.FFmpegError as e:
            if not self._failed:
                self._failed = True
                raise self._error(e) from e
            log.debug("the end of %s could not be written: %s", self._path, e.strerror)

    def _error(self, e: Any) -> SinkError:
        """For an OSError or PyAV's own error, which has the same fields."""
        if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            kept = "" if self._constant_rate else " What was recorded until now plays."
            return SinkError(f"no space left for {self._path}", f"Free some space.{kept}")
        return SinkError(f"cannot write {self._path}: {e.strerror}", "Is the folder there, and yours?")
