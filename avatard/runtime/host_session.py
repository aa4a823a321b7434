"""Sessions whose arrays lie in ordinary memory: what ONNX Runtime's and OpenVINO's share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.buffers import Buffers

if TYPE_CHECKING:
    from avatard.runtime.engine_folder import EngineFolder


class HostSession(ABC):
    """The part of a `Session` between opening and closing, which are the subclass's. It binds `_buffers` when it opens
    and then calls `_run` once."""

    #: The library's name, for people.
    _library: ClassVar[str]

    def __init__(self, provider: str, model: EngineFolder) -> None:
        self.provider = provider
        self._model = model
        self._buffers = Buffers(model.inputs, model.outputs)

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self._buffers.hold(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self._buffers.fill(feeds)
        self._run()
        return self._buffers.outputs

    def _run(self) -> None:
        try:
            self._infer()
        except Exception as e:  # the libraries raise classes of their own, other ones in each version
            raise EngineError(
                f"{self._library} failed in {self._model.name}: {self._told(e)}",
                "Free memory, or use another provider of `avatard engine list`.",
            ) from e

    @abstractmethod
    def _infer(self) -> None:
        """Run the network once, from the bound inputs to the bound outputs. Raises what the library raises."""

    @staticmethod
    def _told(e: Exception) -> str:
        """What of the library's exception is for people."""
        return first_line(e)


def first_line(e: Exception) -> str:
    """What an exception says, without the lines on where in the library."""
    return (str(e).strip() or type(e).__name__).splitlines()[0]
