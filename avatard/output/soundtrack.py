"""The sound track of a file, carried over into a recording."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

log = logging.getLogger("avatard.output")

#: Codecs that go into either container as they are, and that players know there.
COPIED = {"aac", "mp3", "opus", "flac", "ac3", "eac3", "alac", "vorbis"}
BIT_RATE = 128_000


class Soundtrack:
    """Packets of one input's first sound track, muxed as the picture's clock goes on, so that the container stays
    interleaved and nothing is held in memory. Times are shifted to the input's first picture."""

    def __init__(self, source: Any, track: Any, container: Any, stream: Any, codec: str) -> None:
        self._source = source
        self._container = container
        self._stream = stream
        video = source.streams.video[0] if source.streams.video else track
        self._start_s = float((video.start_time or 0) * video.time_base)
        self._packets = self._copied(track) if codec == "" else self._encoded(track)
        self._waiting: Any = None

    @classmethod
    def open(cls, path: Path, container: Any) -> Soundtrack | None:
        """The sound track of `path` as a new stream of `container`; `None` when it has none. Raises PyAV's errors."""
        import av

        source = av.open(str(path))
        if not source.streams.audio:
            source.close()
            return None
        track = source.streams.audio[0]
        if track.codec_context.name in COPIED:
            return cls(source, track, container, container.add_stream_from_template(track), "")
        stream = container.add_stream("aac", rate=track.codec_context.sample_rate, layout=track.codec_context.layout)
        stream.bit_rate = BIT_RATE
        log.info("the sound track is %s; recording it as AAC", track.codec_context.name)
        return cls(source, track, container, stream, "aac")

    def write_until(self, seconds: float) -> None:
        """Mux all packets that start before that time of the picture's clock. Raises PyAV's errors."""
        while True:
            packet = self._waiting if self._waiting is not None else next(self._packets, None)
            self._waiting = packet
            if packet is None or float(packet.pts * packet.time_base) >= seconds:
                return
            self._waiting = None
            self._container.mux(packet)

    def close(self) -> None:
        """Close the input."""
        self._packets.close()
        self._source.close()

    def _copied(self, track: Any) -> Generator[Any, None, None]:
        shift = round(self._start_s / track.time_base)
        for packet in self._undamaged(self._source.demux(track)):
            if packet.pts is None or packet.pts < shift:
                continue  # the flush packet, or sound from before the first picture
            packet.pts -= shift
            if packet.dts is not None:
                packet.dts -= shift
            packet.stream = self._stream
            yield packet

    def _encoded(self, track: Any) -> Generator[Any, None, None]:
        shift = round(self._start_s / track.time_base)
        for frame in self._undamaged(self._source.decode(track)):
            if frame.pts is None or frame.pts < shift:
                continue
            frame.pts -= shift
            yield from self._stream.encode(frame)
        yield from self._stream.encode(None)

    @staticmethod
    def _undamaged(parts: Iterable[Any]) -> Generator[Any, None, None]:
        """What can be read: sound that breaks off is no reason to lose the picture."""
        import av

        try:
            yield from parts
        except av.error.FFmpegError as e:
            log.warning("the sound track is damaged and ends here: %s", e.strerror)
