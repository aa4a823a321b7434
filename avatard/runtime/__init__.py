"""Sessions that run a network, for the stages that need one.

An `EngineFolder` (engine_folder.py) is a checked network; a provider (one file each: onnx_cpu, onnx_cuda, openvino,
tensorrt, tensorrt_rtx) opens it as a `Session`; `providers.py` lists them, best first; `auto.py` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

import numpy.typing as npt

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime.engine_folder import EngineFolder

#: One tensor: C-contiguous, in the shape and dtype of `engine.toml`.
Array = npt.NDArray[Any]


class Session(Protocol):
    """A network, ready to run. A context manager: entering opens it and runs it once (warm-up), leaving frees it.

    One thread at a time calls; it may be opened on another thread than the one that runs it.
    """

    @property
    def provider(self) -> str:
        """What runs it: a name of `providers.ORDER`."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None: ...

    def hold(self, feeds: Mapping[str, Array]) -> None:
        """Set inputs that stay as they are until they are set again, such as a portrait's features.

        They are copied here once, to the device where there is one, and not with every `run`. Raises EngineError.
        """

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        """Run the network once: every output by name. `feeds`: every input that is not held, by name.

        Blocks until the outputs are there. They are the session's own buffers, valid until the next call. The feeds
        are not kept. Raises EngineError when the device fails (memory, driver); a feed of another shape or dtype than
        the engine's is a bug.
        """


def open_session(model: EngineFolder, provider: str = "auto") -> Session:
    """A session for `model`, not yet entered. provider: "auto", or a name of `providers.ORDER`.

    Entering raises EngineError when nothing can run it; with a provider named, when that one cannot. While a plan is
    built for a better provider, and when one fails later, the next-best runs: see `auto.py`.
    """
    from avatard.runtime.auto import AutoSession

    return AutoSession(model, provider)
