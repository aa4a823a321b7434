"""The network: ten frames of sound in, how much the mouth is of each viseme out.

By ONNX Runtime's CPU through the project's own `Session`: the folder, the checks and `avatard engine verify` are those
of every engine, and 32,000 parameters are too few to send anywhere.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.runtime import open_session
from avatard.runtime.engine_folder import find_engine
from avatard.speech.voicemouth.log_mel import BANDS

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

NAME: Final = "voicemouth"
#: The frames it sees at once, counted from the one it speaks of: dense about it, sparse before.
OFFSETS: Final = (-16, -11, -7, -4, -2, -1, 0, 1, 2, 3)
#: Frames that it needs to hear ahead: 30 ms.
AHEAD: Final = OFFSETS[-1]
_SPAN: Final = AHEAD - OFFSETS[0] + 1
_PICKED: Final = np.array(OFFSETS) - OFFSETS[0]


class Network:
    """A context manager: entering loads it (some 100 ms, the first time). Raises EngineError."""

    def __init__(self) -> None:
        self.forget()

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self._session = self._open.enter_context(open_session(find_engine(NAME), "cpu"))
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._open.close()

    def forget(self) -> None:
        """What was heard before: there is a gap in the sound."""
        self._heard = np.full((_SPAN, BANDS), -3.0, np.float32)

    def __call__(self, frame: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Shares of the 15 visemes (`Viseme`'s order, sum 1) `AHEAD` frames before `frame`, of `Hearing`.

        Raises EngineError.
        """
        self._heard[:-1] = self._heard[1:]
        self._heard[-1] = frame
        return np.array(self._session.run({"frames": self._heard[_PICKED][None]})["visemes"][0], np.float32)
