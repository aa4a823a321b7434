"""The voices that are loaded: loading one takes from 0.1 to 1 s, and most people use one or two."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.speech.voices.voice import Voice

#: A natural voice takes about 150 MB.
MOST: Final = 2


class OpenVoices:
    """A context manager: leaving closes them. One thread calls all but `cancel`. open_voice: name → one not entered."""

    def __init__(self, open_voice: Callable[[str], Voice]) -> None:
        self._open_voice = open_voice
        self._open: OrderedDict[str, Voice] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        while self._open:
            self._open.popitem()[1].__exit__(kind, e, tb)

    def get(self, name: str) -> Voice:
        """The voice of that name, loaded. Raises AudioError. The one unused longest makes room."""
        if name not in self._open:
            voice = self._open_voice(name)
            voice.__enter__()
            while len(self._open) >= MOST:
                self._open.popitem(last=False)[1].__exit__(None, None, None)
            self._open[name] = voice
        self._open.move_to_end(name)
        return self._open[name]

    def cancel(self) -> None:
        """Have whichever speaks end. From any thread."""
        for voice in list(self._open.values()):
            voice.cancel()
