from __future__ import annotations

import pytest

from avatard.audio.devices import Kind, SoundDevice, find
from avatard.errors import AudioError

BUILT_IN = SoundDevice("alsa_output.pci.analog", "Built-in Audio", Kind.SPEAKER)
HEADSET = SoundDevice("alsa_output.usb-Logi_H390", "H390 Headset", Kind.HEADPHONES, default=True)
HEADSET_PRO = SoundDevice("alsa_output.usb-Logi_H390_Pro", "H390 Headset Pro", Kind.HEADPHONES)
ALL = [BUILT_IN, HEADSET, HEADSET_PRO]


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        ("default", HEADSET),
        ("alsa_output.pci.analog", BUILT_IN),
        ("built-in", BUILT_IN),
        ("H390 Headset", HEADSET),  # the whole name of one, though also a part of the other's
        ("pro", HEADSET_PRO),
    ],
)
def test_found(wanted: str, device: SoundDevice) -> None:
    assert find(ALL, wanted, "speaker") is device


def test_where_none_is_the_default_the_first_is() -> None:
    assert find([BUILT_IN, HEADSET_PRO], "default", "speaker") is BUILT_IN


@pytest.mark.parametrize(
    ("devices", "wanted", "message", "hint", "retryable"),
    [
        (ALL, "logi", "more than one speaker is called 'logi'", "H390 Headset Pro", False),
        (ALL, "bose", "no speaker is called 'bose'", "alsa_output.pci.analog  Built-in Audio", True),
        ([], "bose", "no speaker is called 'bose'", "none at all", True),
        ([], "default", "there is no speaker", "avatard devices", True),
    ],
)
def test_not_found(devices: list[SoundDevice], wanted: str, message: str, hint: str, retryable: bool) -> None:
    with pytest.raises(AudioError, match=message) as raised:
        find(devices, wanted, "speaker")
    assert hint in raised.value.hint
    assert raised.value.retryable is retryable
