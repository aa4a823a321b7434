"""The shipped clip of a rendered head that talks, smiles, blinks and turns."""

from __future__ import annotations

from importlib.resources import files

from avatard.capture.file import VideoFile


class Performer(VideoFile):
    """A camera for machines that have none: the clip is rendered, nobody's face."""

    def __init__(self, *, paced: bool) -> None:
        super().__init__(str(files("avatard.assets") / "performer" / "performer.mp4"), paced=paced)

    @property
    def description(self) -> str:
        return "the performer" + (f": {self.negotiated}" if self._video is not None else "")
