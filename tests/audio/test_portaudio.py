"""Windows and macOS, by a library that stands in for `sounddevice`."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from avatard.audio.choice import Choice
from avatard.audio.devices import Kind
from avatard.audio.portaudio import PortAudio
from avatard.config import AudioConfig
from avatard.errors import AudioError
from avatard.utterance import Pcm


class PortAudioError(Exception):
    pass


class Stream:
    """Calls back on a thread of its own as fast as it is let, `frames` at a time."""

    latency = 0.05

    def __init__(self, library: Library, callback: Callable[..., None], **settings: Any) -> None:
        if settings["samplerate"] != library.rate:
            raise PortAudioError("Invalid sample rate")
        if not library.running:
            raise PortAudioError("PortAudio not initialized")
        self._library, self._callback, self.settings = library, callback, settings
        self.active = False
        self.open = True
        self.played: list[Pcm] = []
        library.streams.append(self)

    def start(self) -> None:
        self.active = True
        threading.Thread(target=self._run, daemon=True).start()

    def abort(self, ignore_errors: bool = True) -> None:
        self.active = False

    def close(self, ignore_errors: bool = True) -> None:
        self.open = False
        self._library.closed += 1

    def _run(self) -> None:
        frames, block = 441, 0
        while self.active:
            status = SimpleNamespace(output_underflow=block == 3, input_overflow=block == 3)
            data = np.zeros((frames, self.settings["channels"]), np.int16)
            if self._library.said is not None:
                data[:, 0] = self._library.said[np.arange(block * frames, (block + 1) * frames) % 4410]
            now = time.monotonic()
            told = SimpleNamespace(currentTime=now, outputBufferDacTime=now + 0.02, inputBufferAdcTime=now - 0.03)
            self._callback(data, frames, told, status)
            self.played.append(data.copy())
            block += 1
            time.sleep(0.002)


class Library:
    """`sounddevice`, as far as it is used."""

    PortAudioError = PortAudioError

    def __init__(self, api: str = "Core Audio", rate: int = 48_000, said: Pcm | None = None) -> None:
        self.api, self.rate, self.said = api, rate, said
        self.streams: list[Stream] = []
        self.closed = self.started = self.torn = 0
        self.running = False
        self.listed = [("MME", []), (api, ["Speakers", "CABLE Input (VB-Audio)", "AirPods", "Webcam", "CABLE Output"])]

    def _initialize(self) -> None:
        self.started += 1
        self.running = True

    def _terminate(self) -> None:
        self.running = False
        self.torn += sum(stream.open for stream in self.streams)

    def WasapiSettings(self, auto_convert: bool) -> str:  # noqa: N802
        return f"auto_convert={auto_convert}"

    def query_hostapis(self, number: int | None = None) -> Any:
        apis = [
            {"name": name, "devices": range(len(names)), "default_output_device": 0, "default_input_device": 3}
            for name, names in self.listed
            if names
        ]
        return apis if number is None else apis[number]

    def query_devices(self, number: int) -> dict[str, Any]:
        name = self.listed[1][1][number]
        hears = name in ("Webcam", "CABLE Output", "VoiceMeeter Output")
        return {
            "name": name,
            "hostapi": 0,
            "max_output_channels": 0 if hears else 6,
            "max_input_channels": 2 if hears else 0,
            "default_samplerate": float(self.rate),
        }

    def OutputStream(self, **settings: Any) -> Stream:  # noqa: N802
        return Stream(self, **settings)

    InputStream = OutputStream


def device(system: PortAudio, name: str) -> Any:
    return next(device for device in system.devices() if device.name == name)


def test_devices_and_what_they_are() -> None:
    listed = PortAudio(Library()).devices()
    assert [(device.name, device.kind, device.default) for device in listed] == [
        ("Speakers", Kind.SPEAKER, True),
        ("CABLE Input (VB-Audio)", Kind.VIRTUAL_MICROPHONE, False),
        ("AirPods", Kind.HEADPHONES, False),
        ("Webcam", Kind.MICROPHONE, True),
    ]
    assert PortAudio(Library()).virtual_microphone().name == "CABLE Input (VB-Audio)"


@pytest.mark.parametrize(
    "cable", ["VoiceMeeter Input (VB-Audio VoiceMeeter VAIO)", "Voicemeeter AUX", "Hi-Fi VB-Audio"]
)
def test_another_makers_cables_and_mixers_are_nobodys_ears_and_not_chosen_by_themselves(cable: str) -> None:
    library = Library()
    library.listed[1][1][0] = cable
    system = PortAudio(library)
    assert not device(system, cable).plays
    assert system.virtual_microphone().name == "CABLE Input (VB-Audio)"
    assert Choice(AudioConfig(), system).of("monitor").name == "AirPods", "though the cable is the default"
    assert Choice(AudioConfig(output=cable), system).of("call").name == cable


def test_a_mixers_own_microphone_is_one() -> None:
    library = Library()
    library.listed[1][1].append("VoiceMeeter Output")
    assert device(PortAudio(library), "VoiceMeeter Output").kind is Kind.MICROPHONE


@pytest.mark.parametrize(("platform", "words"), [("win32", "VB-CABLE"), ("darwin", "brew install blackhole-2ch")])
def test_no_virtual_microphone_says_what_to_install(platform: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    library = Library()
    library.listed[1][1][1] = "Monitor"
    with pytest.raises(AudioError, match="no virtual microphone") as raised:
        PortAudio(library).virtual_microphone()
    assert words in raised.value.hint


@pytest.mark.parametrize("rate", [48_000, 44_100])
def test_plays_at_the_devices_own_rate_on_both_channels(rate: int) -> None:
    library = Library(rate=rate)
    system = PortAudio(library)
    times: list[int] = []

    def take(count: int, heard_ns: int) -> Pcm:
        times.append(heard_ns - time.monotonic_ns())
        at = np.arange(len(times) * count, (len(times) + 1) * count)
        return (10_000 * np.sin(2 * np.pi * 1000 * at / 48_000)).astype(np.int16)

    with system.playback(device(system, "Speakers"), 0.08) as playback:
        (stream,) = library.streams
        assert stream.settings["latency"] == 0.08
        playback.play(take, lambda: len(stream.played) < 60)
        assert playback.xruns == 1
    heard = np.concatenate(stream.played)
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
    tone = heard[4410 : 4410 + 8820, 0]
    frequency = np.argmax(np.abs(np.fft.rfft(tone * np.hanning(len(tone))))) * rate / len(tone)
    assert frequency == pytest.approx(1000, abs=6)
    assert np.median(times) == pytest.approx(20e6, rel=0.5)
    assert library.closed == 1


@pytest.mark.parametrize("rate", [48_000, 44_100])
def test_hears_at_the_devices_own_rate(rate: int) -> None:
    said = (10_000 * np.sin(2 * np.pi * 1000 * np.arange(4410) / 44_100)).astype(np.int16)
    library = Library(rate=rate, said=said)
    system = PortAudio(library)
    heard: list[Pcm] = []
    ages: list[int] = []

    def give(pcm: Pcm, spoken_ns: int) -> None:
        heard.append(pcm)
        ages.append(time.monotonic_ns() - spoken_ns)

    with system.recording(device(system, "Webcam")) as recording:
        recording.record(give, lambda: len(heard) < 60)
        assert recording.xruns == 1
    sound = np.concatenate(heard)[2400:12_000]
    frequency = np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound))))) * 48_000 / len(sound)
    assert frequency == pytest.approx(1000 * 48_000 / 44_100 if rate == 48_000 else 1000, abs=6)
    assert np.median(ages) == pytest.approx(30e6, rel=0.5)


def test_windows_converts_by_itself() -> None:
    library = Library(api="Windows WASAPI")
    system = PortAudio(library)
    with system.playback(device(system, "AirPods"), 0.08):
        assert library.streams[0].settings["extra_settings"] == "auto_convert=True"


def test_a_device_that_stops_is_lost() -> None:
    library = Library()
    system = PortAudio(library)
    with system.playback(device(system, "Speakers"), 0.08) as playback:
        threading.Timer(0.2, library.streams[0].abort).start()
        with pytest.raises(AudioError, match="Speakers has gone"):
            playback.play(lambda count, heard_ns: np.zeros(count, np.int16), lambda: True)


def test_the_list_is_read_anew_only_while_nothing_plays() -> None:
    library = Library()
    system = PortAudio(library)
    speakers = device(system, "Speakers")
    started = library.started
    with system.playback(speakers, 0.08):
        started = library.started
        system.devices()
        assert library.started == started
    system.devices()
    assert library.started == started + 1


def test_all_who_use_the_library_share_it() -> None:
    library = Library()
    one, other = PortAudio(library), PortAudio(library)
    with one.playback(device(one, "Speakers"), 0.08):
        started = library.started
        other.devices()
        assert library.started == started


def test_a_library_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Library) -> None:
        raise PortAudioError("no host")

    monkeypatch.setattr(Library, "_terminate", refuse)
    assert PortAudio(Library()).devices(), "it was not in use before"
    monkeypatch.setattr(Library, "_initialize", refuse)
    with pytest.raises(AudioError, match="PortAudio does not start: no host"):
        PortAudio(Library()).devices()


def test_a_device_that_went_meanwhile() -> None:
    library = Library()
    system = PortAudio(library)
    speakers = device(system, "Speakers")
    library.listed[1][1][0] = "Other speakers"
    with pytest.raises(AudioError, match="has gone"), system.playback(speakers, 0.08):
        pass


def test_a_device_is_opened_by_the_number_that_it_has_then() -> None:
    library = Library()
    system = PortAudio(library)
    playback = system.playback(device(system, "AirPods"), 0.08)
    library.listed[1][1].pop(0)  # unplugged, and all that follow have another number
    system.devices()
    with playback:
        (stream,) = library.streams
    assert library.query_devices(stream.settings["device"])["name"] == "AirPods"


def test_no_stream_is_opened_while_portaudio_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    system = PortAudio(library)
    playback = system.playback(device(system, "Speakers"), 0.08)
    opening = threading.Thread(target=playback.__enter__)
    opened_before: list[int] = []

    def start() -> None:
        opening.start()
        opening.join(0.2)
        opened_before.append(len(library.streams))
        Library._initialize(library)

    monkeypatch.setattr(library, "_initialize", start)
    system.devices()
    monkeypatch.undo()
    opening.join()
    assert opened_before == [0]
    assert [stream.open for stream in library.streams] == [True]
    playback.__exit__()


def test_portaudio_does_not_start_anew_until_a_stream_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    system = PortAudio(library)
    looking = threading.Thread(target=system.devices)
    with system.playback(device(system, "Speakers"), 0.08):
        (stream,) = library.streams

        def close(ignore_errors: bool = True) -> None:
            looking.start()
            looking.join(0.2)
            Stream.close(stream)

        monkeypatch.setattr(stream, "close", close)
    looking.join()
    assert library.torn == 0


def test_a_device_that_does_not_start_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Stream) -> None:
        raise PortAudioError("Unanticipated host error")

    monkeypatch.setattr(Stream, "start", refuse)
    system = PortAudio(Library())
    playback = system.playback(device(system, "Speakers"), 0.08)
    with playback, pytest.raises(AudioError, match="Speakers has gone"):
        playback.play(lambda count, heard_ns: np.zeros(count, np.int16), lambda: True)


def test_a_device_that_does_not_open() -> None:
    library = Library(rate=96_000)
    system = PortAudio(library)
    speakers = device(system, "Speakers")
    library.query_devices = lambda number: {**Library().query_devices(number)}  # type: ignore[method-assign]
    with pytest.raises(AudioError, match="cannot open Speakers"), system.playback(speakers, 0.08):
        pass
    assert not system._in_use.streams
