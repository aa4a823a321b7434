"""A video file as a source."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from avatard.capture.ticks import Ticks
from avatard.errors import SourceError
from avatard.frame import Frame, Stamp
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.frame import Picture

log = logging.getLogger("avatard.capture")

#: Rates that a file cannot really have: its header is wrong, or it is a slide show.
SANE_FPS = (1.0, 240.0)


class VideoFile:
    """Frames of a video at its own constant rate, upright as its rotation tag says.

    Files whose rate varies (telephones) are brought to their average rate: each tick shows the newest frame whose time
    has come, so that sound stays in step.

    paced: gives them in real time and starts over at the end without a gap. A frame is captured when it is *due*, and
    decoded after that: decoding counts in its age, as a camera's MJPG does. Late reads skip frames.
    Not paced: gives them as fast as they are read, once, then EOFError; `captured_ns` is the time in the file.
    """

    def __init__(self, path: str, *, paced: bool) -> None:
        self._path = Path(path)
        self._paced = paced
        self._container: Any = None
        self._video: Any = None
        self._to_bgr: Any = None
        self._frames: Iterator[Any] = iter(())
        self._ticks: Ticks | None = None
        self._fps = 0.0
        self._seq = 0

    @property
    def description(self) -> str:
        return f"{self._path}: {self.negotiated}" if self._video is not None else str(self._path)

    @property
    def negotiated(self) -> str:
        """Size, codec and rate in words; only while entered."""
        assert self._video is not None, "not entered"
        width, height = self.size
        return f"{width}x{height} {self._video.codec_context.name} at {self._fps:g} fps"

    @property
    def fps(self) -> float:
        return self._fps

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames as stored, before rotation; only while entered."""
        return self._video.width, self._video.height

    @property
    def frames(self) -> int:
        """About how many frames one pass gives, for a progress bar; 0 where the file does not say."""
        if self._video.frames:
            return int(self._video.frames)
        if self._video.duration is not None:
            return round(float(self._video.duration * self._video.time_base) * self._fps)
        return round((self._container.duration or 0) / 1_000_000 * self._fps)

    def __enter__(self) -> Self:
        import av
        from av.video.reformatter import VideoReformatter

        self._to_bgr = VideoReformatter()  # kept: a new one for each frame costs 0.5 ms more
        try:
            self._container = av.open(str(self._path))
        except (OSError, av.error.FFmpegError) as e:
            raise self._unreadable(e) from e
        try:
            self._start()
        except SourceError:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._close()

    def read(self, timeout_s: float) -> Frame | None:
        if self._ticks is None:
            picture = next(self._frames, None)
            if picture is None:
                raise EOFError(f"{self._path} is over")
            captured_ns = round(self._seq * NS_PER_S / self._fps)
        else:
            tick = self._ticks.wait(timeout_s)
            if tick is None:
                return None
            captured_ns, on = tick
            for _ in range(on):
                picture = self._next_looping()
        frame = Frame(self._bgr(picture), self._seq, captured_ns, Stamp.DUE)
        self._seq += 1
        return frame

    def _start(self) -> None:
        """Find the video and its rate, and see that there is a first frame."""
        videos = self._container.streams.video
        if not videos:
            raise SourceError(f"{self._path} has no picture", "Use a video file, or image:PATH for a still.")
        self._video = videos[0]
        if self._paced:
            self._video.codec_context.thread_count = 1  # more would work ahead, outside the frame's own time
        else:
            self._video.thread_type = "AUTO"
        rate = float(self._video.average_rate or self._video.guessed_rate or 0)
        self._fps = rate if SANE_FPS[0] <= rate <= SANE_FPS[1] else 25.0
        self._seq = 0
        self._ticks = Ticks(self._fps) if self._paced else None
        frames = self._on_ticks()
        first = next(frames, None)
        if first is None:
            raise SourceError(f"{self._path} has no frame that can be decoded", "Is the file complete?")
        self._frames = chain((first,), frames)

    def _rewind(self) -> None:
        import av

        try:
            self._container.seek(0)
        except av.error.FFmpegError as e:  # a pipe, or a bare stream without a container
            raise SourceError(f"{self._path} cannot be started over", "Put it into an MP4 or MKV file.") from e
        self._frames = self._on_ticks()

    def _next_looping(self) -> Any:
        picture = next(self._frames, None)
        if picture is None:
            self._rewind()
            picture = next(self._frames, None)
        if picture is None:
            raise SourceError(f"{self._path} cannot be read any more", "Was it changed or removed?", retryable=True)
        return picture

    def _on_ticks(self) -> Iterator[Any]:
        """The frames at a constant rate: repeated over a gap, dropped where two fall on one tick."""
        shown, tick, start_s = None, 0, 0.0
        for picture in self._decoded():
            if shown is None:
                start_s = picture.time or 0.0
            due = tick + (shown is not None) if picture.time is None else round((picture.time - start_s) * self._fps)
            for _ in range(tick, due):
                yield shown
                tick += 1
            shown = picture
        if shown is not None:
            yield shown

    def _decoded(self) -> Iterator[Any]:
        """Frames in order of showing; damage ends them with a warning, as the end of the file does."""
        import av

        try:
            yield from self._container.decode(self._video)
        except av.error.FFmpegError as e:
            log.warning("%s is damaged and ends here: %s", self._path, e.strerror)

    def _bgr(self, decoded: Any) -> Picture:
        """A decoded frame as contiguous BGR, upright."""
        pixels: Picture = self._to_bgr.reformat(decoded, format="bgr24").to_ndarray()
        turns = round(decoded.rotation / 90) % 4  # counterclockwise, as numpy counts
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels

    def _unreadable(self, e: Exception) -> SourceError:
        if isinstance(e, FileNotFoundError):
            return SourceError(f"{self._path} is not there", "Is the name right?")
        if isinstance(e, PermissionError):
            return SourceError(f"{self._path} may not be read", "Is the file yours?")
        if self._path.is_dir():
            return SourceError(f"{self._path} is a folder", "Name a video file in it.")
        return SourceError(f"{self._path} is not a video that can be read", "Use MP4, MKV, WebM, MOV, AVI or MPEG.")

    def _close(self) -> None:
        if self._container is not None:
            self._container.close()
        self._container = self._video = None
        self._frames = iter(())
