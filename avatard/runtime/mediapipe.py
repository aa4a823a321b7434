"""MediaPipe's native graph without its baggage, and without its chatter."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import threading
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from avatard.errors import EngineError

#: What TensorFlow Lite and absl say at every start. No variable or call of MediaPipe 0.10.14 turns these off
#: (`GLOG_minloglevel` and `TF_CPP_MIN_LOG_LEVEL` were tried); everything else on stderr passes.
NOISE: Final = re.compile(
    rb"INFO: Created TensorFlow Lite XNNPACK delegate for CPU\."
    rb"|WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR"
    rb"|W0000 .*inference_feedback_manager\.cc"
    rb"|W0000 .*face_landmarker_graph\.cc.* Sets FaceBlendshapesGraph acceleration to xnnpack by default"
    rb"|[IW]0000 .*(gl_context|gl_context_egl|task_runner)\.cc"
)
#: The filter ends with its last writer. A child process that was started meanwhile is one too, and is not waited for.
LAST_LINES_S: Final = 1.0
#: Later ones have no models in the wheel: see pyproject.toml.
_FIX: Final = "pip install 'mediapipe>=0.10.14,<0.10.22'"


def load(module: str) -> Any:
    """Import `mediapipe.…` without running `mediapipe/__init__.py`.

    That file imports every solution and task: matplotlib.pyplot, sounddevice (which opens PortAudio) and 90 protocol
    modules, 0.7 s of CPU. The graph needs 0.03 s of it. The package is registered by its folder instead, so that any
    submodule can still be imported by its full name. Raises EngineError where MediaPipe or its models are missing.
    """
    # MediaPipe 0.10 calls a protobuf API that protobuf 4 announces to drop; the user can do nothing about it.
    warnings.filterwarnings("ignore", r"SymbolDatabase\.GetPrototype\(\) is deprecated", UserWarning)
    if "mediapipe" not in sys.modules:
        spec = importlib.util.find_spec("mediapipe")
        if spec is None or spec.submodule_search_locations is None:
            raise EngineError("MediaPipe is not installed", _FIX)
        package = types.ModuleType("mediapipe")
        package.__spec__, package.__path__ = spec, list(spec.submodule_search_locations)
        sys.modules["mediapipe"] = package
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise EngineError(f"MediaPipe cannot be loaded: {e}", _FIX) from e


@contextmanager
def quiet() -> Iterator[None]:
    """Drop the lines of `NOISE` from the process's stderr while the body runs; pass all others on at once.

    Native code writes to descriptor 2 itself, so the descriptor is what is filtered. Only around a graph's start; two
    graphs may start at once (an avatar is composed while the tracker opens): they share one filter.
    """
    _FILTER.enter()
    try:
        yield
    finally:
        _FILTER.leave()


class _Filter:
    """What stands before the process's stderr while anybody wants quiet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = 0
        self._terminal = -1
        self._passing: threading.Thread | None = None

    def enter(self) -> None:
        """The first one puts it there; not where a service has no stderr."""
        with self._lock:
            self._wanted += 1
            if self._wanted > 1:
                return
            try:
                self._terminal = os.dup(2)
            except OSError:
                return
            reading, writing = os.pipe()
            os.dup2(writing, 2)
            os.close(writing)
            self._passing = threading.Thread(
                target=_pass_on, args=(reading, os.dup(self._terminal)), name="stderr", daemon=True
            )
            self._passing.start()

    def leave(self) -> None:
        """The last one takes it away."""
        with self._lock:
            self._wanted -= 1
            if self._wanted or self._passing is None:
                return
            passing, self._passing = self._passing, None
            os.dup2(self._terminal, 2)  # closes the pipe's last writer here: the thread ends
            os.close(self._terminal)
            passing.join(LAST_LINES_S)


_FILTER: Final = _Filter()


def _pass_on(reading: int, terminal: int) -> None:
    with os.fdopen(reading, "rb") as lines, os.fdopen(terminal, "wb", 0) as out, suppress(OSError):  # it may be gone
        for line in lines:
            if not NOISE.match(line):
                out.write(line)
