from __future__ import annotations

import pytest

from avatard.audio.choice import Choice
from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.fake import HEADPHONES, FakeSystem
from avatard.config import AudioConfig
from avatard.errors import AudioError

SPEAKERS = SoundDevice("fake_speakers", "fake loudspeakers", Kind.SPEAKER)


def system(*plugged: SoundDevice) -> FakeSystem:
    fake = FakeSystem()
    for device in plugged:
        fake.plug(device)
    return fake


@pytest.mark.parametrize("output", ["headphones", "default"])
def test_the_ears_are_never_the_device_that_goes_into_the_call(output: str) -> None:
    config = AudioConfig(output=output)  # its monitor is the default, as the headphones are
    assert Choice(config, system(SPEAKERS)).of("call") == HEADPHONES
    assert Choice(config, system(SPEAKERS)).of("monitor") == SPEAKERS


@pytest.mark.parametrize("monitor", ["default", "fake_headphones"])
def test_where_there_is_no_other_device_nobody_hears_it(monitor: str) -> None:
    with pytest.raises(AudioError, match="no speaker") as raised:
        Choice(AudioConfig(output="fake_headphones", monitor=monitor), system()).of("monitor")
    assert raised.value.retryable


@pytest.mark.parametrize("output", ["auto", "none", "not plugged in"])
def test_with_no_such_device_in_the_call_the_ears_are_the_default(output: str) -> None:
    assert Choice(AudioConfig(output=output), system(SPEAKERS)).of("monitor") == HEADPHONES
