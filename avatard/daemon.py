"""The daemon's lifetime: start, readiness, signals, watchdog, stop."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from avatard import __version__, allocator, sd_notify, timer_resolution
from avatard.bench.budget import default_profile, load_budget
from avatard.capture.permission import ask_for_camera
from avatard.control.server import Server, default_path
from avatard.errors import ControlError
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from avatard.avatar import Avatar
    from avatard.config import Config

log = logging.getLogger("avatard.daemon")

#: How often the main thread looks: signals interrupt it, so this bounds only the watchdog's and the readiness' delay.
LOOK_S = 0.25

if sys.platform == "win32":
    #: What asks to stop. SIGBREAK is Ctrl-Break, the console's closing and the user's logging off.
    STOP_SIGNALS = (signal.SIGINT, signal.SIGBREAK)
else:
    STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

#: How long a command waits for the devices to be opened: less than the client's own patience of 5 s.
START_S = 4.0


def tune_process() -> None:
    """Settings of the whole process that the frame path needs.

    A switch interval of 0.5 ms: beside a busy Python thread it cut a slot's hand-over from 9–12 ms to 2.7 ms (p99).
    OpenCV on one thread: its pool costs more CPU than it saves on pictures of this size, and a call needs the cores.
    """
    import cv2

    sys.setswitchinterval(0.0005)
    cv2.setNumThreads(1)
    allocator.keep_few_arenas()
    timer_resolution.wake_each_millisecond()


def run(
    config: Config, load_avatar: Callable[[str], Avatar], socket: Path | None = None, *, control: bool = True
) -> None:
    """Run until SIGINT, SIGTERM, `stop` over the control socket, or a failure, which is raised.

    load_avatar: name → Avatar. socket: the control socket's path, None for the default.
    """
    tune_process()
    started_ns = time.monotonic_ns()
    with ExitStack() as stack:
        stop = stack.enter_context(_signals())
        handler = _Handler(load_avatar, stop, started_ns)
        if control:
            # Before any device: a second daemon is told that another runs, not that the camera is busy.
            stack.enter_context(Server(socket or default_path(), handler))
        ask_for_camera(config.capture.source)
        deadlines_ms = load_budget(default_profile(config.reenact.engine)).deadlines_ms()
        pipeline = Pipeline(config, load_avatar(config.reenact.avatar), parts_of(config), deadlines_ms)
        stack.enter_context(pipeline)
        handler.serve(pipeline)
        _watch(pipeline, stop, config.daemon.hang_s)
        sd_notify.stopping()
    if pipeline.error is not None:
        raise pipeline.error


class Stop:
    """Asked to stop, and how often."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> None:
        """Ask once more. The second time ends the process at once: something hangs, and the user knows."""
        self.asked += 1
        if self.asked > 1:
            os._exit(130)


@contextmanager
def _signals() -> Iterator[Stop]:
    stop = Stop()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.ask()

    former = {number: signal.signal(number, handle) for number in STOP_SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _watch(pipeline: Pipeline, stop: Stop, hang_s: float) -> None:
    """Until it ends, by its own will or by ours; a hang ends the process."""
    watchdog = Watchdog(pipeline, hang_s)
    while not stop.asked and not pipeline.wait(LOOK_S):
        if hang := watchdog.look():
            faulthandler.dump_traceback(all_threads=True)
            log.critical("the %s has hung for %.0f s; the stacks are above", hang.what, hang.seconds)
            os._exit(hang.error.exit_code)


class _Handler:
    """Answers the control socket's commands, on its thread."""

    def __init__(self, load_avatar: Callable[[str], Avatar], stop: Stop, started_ns: int) -> None:
        self._pipeline: Pipeline | None = None
        self._started = threading.Event()
        self._load_avatar = load_avatar
        self._stop = stop
        self._started_ns = started_ns

    def serve(self, pipeline: Pipeline) -> None:
        """Answer for `pipeline` from now on; who asked before has been waiting."""
        self._pipeline = pipeline
        self._started.set()

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        if command == "stop":
            self._stop.asked = 1
            return {"state": "stopping"}
        self._started.wait(START_S)
        pipeline = self._pipeline
        if pipeline is None:
            raise ControlError("avatard is still starting", "Ask again in a second.", retryable=True)
        match command:
            case "status":
                return {
                    "version": __version__,
                    "pid": os.getpid(),
                    "uptime_s": round((time.monotonic_ns() - self._started_ns) / 1e9, 1),
                    **pipeline.status(),
                }
            case "pause":
                pipeline.pause()
            case "resume":
                pipeline.resume()
            case "recenter":
                pipeline.recenter()
            case "use":
                pipeline.use(self._load_avatar(str(args.get("avatar", ""))))
            case _:
                raise ControlError(
                    f"no command is called {command!r}", "Known: status, pause, resume, recenter, use, stop"
                )
        return {"state": pipeline.state}
