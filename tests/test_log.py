from __future__ import annotations

import io
import logging
import os
import re
import sys
from collections.abc import Iterator

import pytest

from avatard import log

LOGGER = logging.getLogger("avatard")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    handlers, level = list(LOGGER.handlers), LOGGER.level
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


def test_a_terminal_gets_time_level_and_stage() -> None:
    stream = io.StringIO()
    log.setup("info", stream, {})
    logging.getLogger("avatard.capture").warning("camera %d is gone", 2)
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning capture: camera 2 is gone\n", stream.getvalue())


def test_the_level_holds_and_setting_up_again_does_not_double_lines() -> None:
    stream = io.StringIO()
    log.setup("debug", stream, {})
    log.setup("warning", stream, {})
    logging.getLogger("avatard.track").info("not shown")
    logging.getLogger("avatard.track").error("shown")
    assert stream.getvalue().count("\n") == 1


def test_the_journal_gets_priorities_on_every_line() -> None:
    read, write = os.pipe()
    status = os.fstat(write)
    with os.fdopen(write, "w") as stream:
        log.setup("info", stream, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"})
        try:
            raise ValueError("why")
        except ValueError:
            logging.getLogger("avatard.render").exception("it failed")
    with os.fdopen(read) as end:
        lines = end.read().splitlines()
    assert lines[0] == "<3>render: it failed"
    assert lines[-1] == "<3>ValueError: why"
    assert all(line.startswith("<3>") for line in lines)


def test_a_terminal_of_a_program_that_the_journal_started_gets_no_priorities() -> None:
    stream = io.StringIO()
    log.setup("info", stream, {"JOURNAL_STREAM": "8:1234"})
    logging.getLogger("avatard.seal").info("x")
    assert "<6>" not in stream.getvalue()
    assert sys.stderr is not stream
