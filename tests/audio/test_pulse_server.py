from __future__ import annotations

from types import SimpleNamespace

import pytest

from avatard.audio.devices import Kind
from avatard.audio.pulse_server import SINK, connected, sound_devices
from avatard.audio.pulse_server import _kind as kind
from avatard.errors import AudioError
from tests.audio.absent import absent


@pytest.mark.parametrize(
    ("port", "form", "description", "expected"),
    [
        ("analog-output-headphones", "", "Built-in Audio", Kind.HEADPHONES),
        ("analog-output-speaker", "internal", "Built-in Audio", Kind.SPEAKER),
        (None, "headset", "H390", Kind.HEADPHONES),
        (None, "", "WH-1000 Headphones", Kind.HEADPHONES),
        (None, "", "Null Output", Kind.SPEAKER),
    ],
)
def test_what_is_worn_is_told_by_port_form_or_name(
    port: str | None, form: str, description: str, expected: Kind
) -> None:
    sink = SimpleNamespace(
        name="alsa_output",
        description=description,
        port_active=SimpleNamespace(name=port) if port else None,
        proplist={"device.form_factor": form},
    )
    assert kind(sink) is expected


def test_our_own_sink_is_no_speaker() -> None:
    assert kind(SimpleNamespace(name=SINK)) is Kind.VIRTUAL_MICROPHONE


def test_no_server_is_an_error_that_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    with pytest.raises(AudioError, match="no sound server answers") as raised:
        sound_devices()
    assert raised.value.retryable
    assert "systemctl --user" in raised.value.hint


def test_a_missing_library_is_said_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "pulsectl", "libpulse.so.0: cannot open shared object file")
    with pytest.raises(AudioError, match="library is not installed") as raised, connected():
        pass
    assert raised.value.hint == "sudo apt install libpulse0"
