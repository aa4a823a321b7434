"""The daemon's lifetime: start, readiness, signals, watchdog, stop."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from avatard import allocator, sd_notify, timer_resolution
from avatard.audio import open_audio
from avatard.bench.budget import default_profile, load_budget
from avatard.capture.permission import ask_for_camera
from avatard.commands import Commands
from avatard.control.server import Server, default_path
from avatard.parts import parts_of
from avatard.pipeline import Pipeline
from avatard.speech.speaker import Speaker
from avatard.speech.voicemouth.live import voice_mouth
from avatard.spoken import Together
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
    with ExitStack() as stack:
        stop = stack.enter_context(_signals())
        commands = Commands(load_avatar, stop.request)
        if control:
            # Before any device: a second daemon is told that another runs, not that the camera is busy.
            stack.enter_context(Server(socket or default_path(), commands))
        ask_for_camera(config.capture.source)
        audio = stack.enter_context(open_audio(config.audio))
        speaker = stack.enter_context(Speaker(config.speech, audio))
        deadlines_ms = load_budget(default_profile(config.reenact.engine)).deadlines_ms()
        avatar = load_avatar(config.reenact.avatar)
        voice = stack.enter_context(voice_mouth(config, audio))
        lips = Together([speaker, *([voice] if voice else [])])
        pipeline = Pipeline(config, avatar, parts_of(config), deadlines_ms, lips=lips)
        stack.enter_context(pipeline)
        audio.keep_step(lambda: max(pipeline.age_s(), voice.needed_delay_s if voice else 0.0))
        commands.serve(pipeline, speaker, audio)
        _watch(pipeline, stop, config.daemon.hang_s)
        sd_notify.stopping()
    if pipeline.error is not None:
        raise pipeline.error


class Stop:
    """Asked to stop, and how often."""

    def __init__(self) -> None:
        self.asked = 0

    def request(self) -> None:
        """By a command, however often."""
        self.asked = max(self.asked, 1)

    def ask(self) -> None:
        """By a signal. The second time ends the process at once: something hangs, and the user knows."""
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
