"""The mouth that the user's own microphone moves, as the settings have it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from avatard import paths
from avatard.errors import AudioError, EngineError
from avatard.speech.voicemouth import profile
from avatard.speech.voicemouth.mouth import VoiceMouth

if TYPE_CHECKING:
    from avatard.audio import Audio
    from avatard.config import Config
    from avatard.speech.voicemouth.speaker import Speaker

log = logging.getLogger("avatard.speech")


@contextmanager
def voice_mouth(config: Config, audio: Audio) -> Iterator[VoiceMouth | None]:
    """It, listening to the microphone of `audio`; None where none is let through, where it is not to move the mouth,
    or where its network does not load: the picture goes on without it."""
    if config.audio.microphone == "none" or config.drive.voice == "never":
        yield None
        return
    with ExitStack() as stack:
        mouth = None
        try:
            mouth = stack.enter_context(VoiceMouth(config.drive.voice, lambda: audio.microphone_delay_s, _speaker()))
            audio.listen(mouth.hear)
        except EngineError as e:
            log.warning("the microphone moves no mouth: %s. %s", e.message, e.hint)
        yield mouth


def _speaker() -> Speaker | None:
    try:
        return profile.load(paths.speaker())
    except AudioError as e:
        log.warning("%s. %s", e.message, e.hint)
        return None
