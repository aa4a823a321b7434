"""The shipped clip of a rendered head that talks, smiles, blinks and turns."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from avatard.capture.file import VideoFile

#: Beside it, as .json, lies what the rendered face does in each frame.
CLIP: Final = Path(str(files("avatard.assets"))) / "performer" / "performer.mp4"


class Performer(VideoFile):
    """A camera for machines that have none: the clip is rendered, nobody's face."""

    def __init__(self, *, paced: bool) -> None:
        super().__init__(str(CLIP), paced=paced)

    @property
    def description(self) -> str:
        return "the performer" + (f": {self.negotiated}" if self._video is not None else "")
