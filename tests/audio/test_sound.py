"""The whole of it, on devices that are fakes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.fake import HEADPHONES, MICROPHONE, VIRTUAL_MICROPHONE, FakeSystem
from avatard.audio.sound import Sound
from avatard.audio.system import NoSound
from avatard.config import AudioConfig
from avatard.errors import AudioError
from avatard.utterance import Pcm
from tests.audio.parec import noise, until

NO_MONITOR = AudioConfig(monitor="none")


def heard(system: FakeSystem, said: Pcm) -> bool:
    return system.played(VIRTUAL_MICROPHONE).tobytes().find(said.tobytes()) >= 0


def test_speech_goes_into_the_call_and_private_speech_to_the_ears() -> None:
    system = FakeSystem()
    said, private = noise(0.2), noise(0.2, seed=2)
    with Sound(AudioConfig(), system) as audio:
        until(lambda: not audio.call.missing and not audio.monitor.missing)
        audio.call.write(said)
        audio.monitor.write(private)
        until(lambda: heard(system, said) and system.played(HEADPHONES).any())
        assert not heard(system, private[:100])
        assert audio.status()["call"] == {"device": "fake virtual microphone", "missing": "", "xruns": 0, "lost": 0}
    assert system.released


def test_what_is_not_wanted_says_so_and_its_time_goes_on() -> None:
    with Sound(NO_MONITOR, FakeSystem()) as audio:
        until(lambda: audio.monitor.missing == "audio.monitor is none")
        audio.monitor.write(noise(0.1))
        until(lambda: audio.monitor.queued_s == 0)
        assert "microphone" not in audio.status()


def test_a_lost_device_comes_back_and_the_sentence_has_gone_on(caplog: pytest.LogCaptureFixture) -> None:
    system = FakeSystem()
    with Sound(AudioConfig(output="none"), system) as audio:
        until(lambda: not audio.monitor.missing)
        said = noise(3)
        first = audio.monitor.write(said)
        until(lambda: system.played(HEADPHONES).any())
        system.unplug(HEADPHONES)
        until(lambda: audio.monitor.missing)
        left = audio.monitor.queued_s
        until(lambda: audio.monitor.queued_s < left - 0.3)
        system.plug(HEADPHONES)
        until(lambda: not audio.monitor.missing)
        until(lambda: audio.monitor.queued_s == 0)
        played = system.played(HEADPHONES)
        assert played.tobytes().find(said[-4800:].tobytes()) >= 0, "its end is heard"
        assert np.count_nonzero(played) < len(said) - 0.3 * 48_000, "its middle is not"
        assert audio.monitor.sample_at(time.monotonic_ns()) >= first + len(said)
        assert caplog.text.count("has gone") == 1
        status = audio.status()["monitor"]
        assert isinstance(status, dict)
        assert status["lost"] >= 1


def test_private_speech_does_not_go_on_by_another_device_than_it_began_on() -> None:
    system = FakeSystem()
    loudspeakers = SoundDevice("fake_loudspeakers", "fake loudspeakers", Kind.SPEAKER)
    system.plug(loudspeakers)
    with Sound(AudioConfig(output="none"), system) as audio:
        until(lambda: audio.monitor.missing == "")
        audio.monitor.write(noise(30))
        until(lambda: system.played(HEADPHONES).any())
        system.unplug(HEADPHONES)
        until(lambda: len(system.played(loudspeakers)) > 9_600)
        assert not system.played(loudspeakers).any()
        assert audio.monitor.queued_s == 0
        assert audio.monitor.moved == 1, "who queues the rest of it is told"
        said = noise(0.1, seed=2)
        audio.monitor.write(said)
        until(lambda: system.played(loudspeakers).tobytes().find(said.tobytes()) >= 0)


def test_a_default_that_changes_while_it_is_looked_for_is_not_missed() -> None:
    """As when a device is opened just then: the choice is made of what was true a moment ago."""
    loudspeakers = SoundDevice("fake_loudspeakers", "fake loudspeakers", Kind.SPEAKER)

    class Changing(FakeSystem):
        sound: Sound | None = None

        def devices(self) -> Sequence[SoundDevice]:
            found = super().devices()
            if self.sound is not None and threading.current_thread().name == "avatard-monitor":
                sound, self.sound = self.sound, None
                self.unplug(HEADPHONES)
                self.plug(loudspeakers)
                sound._changed()  # what the sound server's news come to
            return found

    system = Changing()
    with Sound(AudioConfig(output="none"), system) as audio:
        until(lambda: audio.monitor.missing == "")
        system.sound = audio
        audio._monitor.reopen()
        until(lambda: audio._monitor.device == "fake loudspeakers")
        assert audio._monitor.lost == 0, "the one that had gone was not tried"


def test_the_microphone_goes_into_the_call_later_and_speech_on_top_without_wrapping() -> None:
    loud = np.full(96_000, 30_000, np.int16)
    system = FakeSystem(heard=loud)
    listened: list[Pcm] = []
    with Sound(AudioConfig(microphone="default", monitor="none"), system) as audio:
        audio.keep_step(lambda: 0.1)
        audio.listen(lambda pcm, spoken_ns: listened.append(pcm))
        until(lambda: (system.played(VIRTUAL_MICROPHONE) == 30_000).any())
        audio.call.write(np.full(9_600, 30_000, np.int16))
        until(lambda: (system.played(VIRTUAL_MICROPHONE) == 32_767).any())
        until(lambda: listened)
        status = audio.status()["microphone"]
        assert isinstance(status, dict)
        assert status["device"] == "fake microphone"
        until(lambda: isinstance(now := audio.status()["microphone"], dict) and now["delay_ms"] > 20)
    assert system.played(VIRTUAL_MICROPHONE).min() >= 0


def test_without_its_microphone_the_call_still_hears_speech() -> None:
    system = FakeSystem()
    system.unplug(MICROPHONE)
    with Sound(AudioConfig(microphone="default", monitor="none"), system) as audio:
        said = noise(0.1)
        until(lambda: not audio.call.missing)
        audio.call.write(said)
        until(lambda: heard(system, said))
        until(lambda: isinstance(now := audio.status()["microphone"], dict) and "no microphone" in now["missing"])


def test_without_any_sound_time_goes_on_and_says_why() -> None:
    with Sound(AudioConfig(), NoSound(AudioError("PulseAudio's library is not installed"))) as audio:
        audio.call.write(noise(0.2))
        until(lambda: audio.call.missing == "PulseAudio's library is not installed")
        until(lambda: audio.call.queued_s == 0)


def test_a_bug_in_a_device_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeSystem):
        def virtual_microphone(self) -> SoundDevice:
            raise RuntimeError("broken")

    with Sound(NO_MONITOR, Broken()) as audio:
        until(lambda: audio.call.missing == "failed: RuntimeError")
        audio.call.write(noise(0.1))
        until(lambda: audio.call.queued_s == 0)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "please report it" in caplog.text
    assert caplog.records[0].exc_info


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (AudioConfig(monitor="fake call"), "no speaker is called 'fake call'"),  # no ears hear the call
        (AudioConfig(monitor="nowhere"), "no speaker is called 'nowhere'"),
    ],
)
def test_a_name_that_no_speaker_has_is_waited_for(
    config: AudioConfig, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Sound(config, FakeSystem()) as audio:
        until(lambda: audio.monitor.missing == reason)
        until(lambda: not audio.call.missing)
    assert "fake_headphones" in caplog.text


def test_a_name_that_several_have_is_an_error() -> None:
    system = FakeSystem()
    system.plug(SoundDevice("other_headphones", "other headphones", Kind.HEADPHONES))
    with pytest.raises(AudioError, match="more than one speaker") as raised:
        Sound(AudioConfig(monitor="headphones"), system)
    assert "other_headphones" in raised.value.hint
