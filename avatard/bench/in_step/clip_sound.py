"""The sound of a video file, on the clock of its pictures, and a microphone that hears it: as if the clip were here."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.pulse import Pulse
from avatard.audio.pulse_server import connected
from avatard.audio.resample import Resampler
from avatard.capture.watched import Watched
from avatard.errors import AudioError
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.capture import Source
    from avatard.frame import Frame
    from avatard.utterance import Pcm

SINK: Final = "avatard_bench"
MICROPHONE: Final = "avatard_bench_microphone"
_FORMAT: Final = f"rate={RATE} channels=1 channel_map=mono"
_AHEAD_S: Final = 0.1


def load(path: Path) -> Pcm:
    """The sound of a clip from its first picture on, as long as one pass of its pictures. Raises AudioError where there
    is none."""
    import av

    lacks = AudioError(f"{path} has no sound and picture", "Use a clip that has both.")
    try:
        with av.open(str(path)) as clip:
            if not clip.streams.audio or not clip.streams.video:
                raise lacks
            pictures = [frame.time or 0.0 for frame in clip.decode(video=0)]
            if not pictures:
                raise lacks
            fps = float(clip.streams.video[0].average_rate or clip.streams.video[0].guessed_rate)
        with av.open(str(path)) as clip:
            frames = list(clip.decode(audio=0))
            if not frames:
                raise lacks
            resampler = Resampler()
            parts = [*(resampler.add(frame) for frame in frames), resampler.end()]
    except (OSError, av.error.FFmpegError) as e:
        raise AudioError(f"{path} cannot be read as a clip with sound", "Use MP4, MKV, WebM, MOV or MPEG.") from e
    first = round(((frames[0].time or 0.0) - pictures[0]) * RATE)
    sound = np.zeros(round(len(pictures) / fps * RATE), np.int16)
    heard = np.concatenate(parts)[max(0, -first) :]
    start = max(0, first)
    sound[start : start + len(heard)] = heard[: max(0, len(sound) - start)]
    return sound


class Begun(Watched):
    """A source that remembers when its first frame was taken. zero_ns: monotonic; 0 before."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.zero_ns = 0

    def saw(self, frame: Frame) -> None:
        if frame.seq == 0:
            self.zero_ns = frame.captured_ns


class ClipMicrophone:
    """While entered there is a microphone `MICROPHONE` that hears `sound`, over and over, each sample when it is due:
    the first when `source` gave its first picture."""

    def __init__(self, sound: Pcm, source: Begun) -> None:
        self._sound = sound
        self._source = source
        self._modules: list[int] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._play, name="clip", daemon=True)
        self.failure: AudioError | None = None

    def __enter__(self) -> Self:
        with connected() as pulse:
            self._modules = [
                pulse.module_load("module-null-sink", f"sink_name={SINK} {_FORMAT}"),
                pulse.module_load("module-remap-source", f"source_name={MICROPHONE} master={SINK}.monitor {_FORMAT}"),
            ]
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._stopping.set()
        self._thread.join()
        with connected() as pulse:
            for module in reversed(self._modules):
                pulse.module_unload(module)

    def _play(self) -> None:
        try:
            with Pulse().playback(SoundDevice(SINK, "clip", Kind.SPEAKER), _AHEAD_S) as device:
                device.play(self._due, lambda: not self._stopping.is_set())
        except AudioError as e:
            self.failure = e

    def _due(self, count: int, heard_ns: int) -> Pcm:
        """The samples of the clip that belong to that time; silence before its first picture."""
        zero_ns = self._source.zero_ns
        if not zero_ns:
            return np.zeros(count, np.int16)
        first = round((heard_ns - zero_ns) * RATE / NS_PER_S)
        index: Any = np.arange(first, first + count)
        return np.where(index < 0, 0, self._sound[index % len(self._sound)]).astype(np.int16)
