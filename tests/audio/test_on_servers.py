"""Sound on a real PulseAudio and a real PipeWire."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from avatard.audio import open_audio
from avatard.audio.pulse_server import SINK, SOURCE, connected
from avatard.audio.sound import Sound
from avatard.bench.private_sound import DEVICES, MICROPHONE, SPEAKER, VOICE
from avatard.config import AudioConfig
from avatard.errors import AudioError
from avatard.utterance import Pcm
from tests.audio.parec import noise, recording, until
from tests.audio.sound_servers import SERVERS, SoundServer

pytestmark = pytest.mark.audio

ANOTHER = """
import time
from avatard.audio import open_audio
from avatard.config import AudioConfig
with open_audio(AudioConfig(monitor="none")) as audio:
    while audio.call.missing:
        time.sleep(0.01)
    print("plays", flush=True)
    time.sleep(60)
"""


@contextmanager
def playing(config: AudioConfig = AudioConfig(monitor="none")) -> Iterator[Sound]:  # noqa: B008 (frozen)
    audio = open_audio(config)
    assert isinstance(audio, Sound)
    with audio:
        until(lambda: not audio.call.missing or config.output == "none")
        yield audio


@contextmanager
def another_avatard() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", ANOTHER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "plays\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)


def modules() -> dict[str, int]:
    """The number of the module that made each sink and source: who made it anew, made another number."""
    with connected() as pulse:
        return {device.name: device.owner_module for device in [*pulse.sink_list(), *pulse.source_list()]}


def test_the_call_hears_each_sample_as_it_was_written(sound_server: SoundServer) -> None:
    with playing() as audio, recording(SOURCE) as call:
        said = noise(1.5)
        audio.call.write(said[:10_000])
        audio.call.write(said[10_000:])
        until(lambda: call.find(said) >= 0)


def test_the_microphone_is_there_for_people_and_never_the_default(sound_server: SoundServer) -> None:
    before = SPEAKER, MICROPHONE
    until(lambda: defaults() == before)  # PipeWire's session manager takes a moment
    with playing(), connected() as pulse:
        ours = next(source for source in pulse.source_list() if source.name == SOURCE)
        assert ours.description == "avatard microphone"
        assert defaults() == before


def defaults() -> tuple[str, str]:
    with connected() as pulse:
        told = pulse.server_info()
        return told.default_sink_name, told.default_source_name


@pytest.mark.parametrize("sound_server", SERVERS[:1], indirect=True)  # PipeWire has no such module
def test_a_server_that_switches_to_what_is_new_is_switched_back(sound_server: SoundServer) -> None:
    with connected() as pulse:
        pulse.module_load("module-switch-on-connect", "ignore_virtual=no")
    before = defaults()
    with playing():
        assert defaults() == before


def test_sound_that_comes_too_late_is_counted_and_none_is_lost(sound_server: SoundServer) -> None:
    with playing() as audio, recording(SOURCE) as call:
        said = noise(2)
        audio.call.write(said)
        until(lambda: call.find(said[:4800]) >= 0)
        with audio._speech._lock:  # a thread that hogs the processor
            time.sleep(0.3)
        until(lambda: call.find(said[-4800:]) >= 0)
        status = audio.status()["call"]
        assert isinstance(status, dict)
        assert status["xruns"] >= 1
        assert status["lost"] == 0
        heard = call.pcm[call.find(said[:4800]) : call.find(said[-4800:]) + 4800]
        np.testing.assert_array_equal(heard[heard != 0], said[said != 0])


def test_nothing_is_left_when_avatard_ends(sound_server: SoundServer) -> None:
    before = modules()
    with playing():
        assert {SINK, SOURCE} <= set(modules())
    until(lambda: modules() == before)


def test_a_call_goes_on_with_the_microphone_of_a_killed_avatard(sound_server: SoundServer) -> None:
    with another_avatard() as killed, recording(SOURCE) as call:
        made = modules()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with playing() as audio:
            assert modules() == made
            said = noise(0.5)
            audio.call.write(said)
            until(lambda: call.find(said) >= 0)
    until(lambda: not {SINK, SOURCE} & set(modules()))


def test_what_is_left_of_half_a_microphone_is_mended(sound_server: SoundServer) -> None:
    with playing():
        with connected() as pulse:
            pulse.module_unload(modules()[SINK])
        until(lambda: {SINK, SOURCE} <= set(modules()))
        with connected() as pulse:
            pulse.module_unload(modules()[SINK])
        until(lambda: {SINK, SOURCE} <= set(modules()))
    until(lambda: not {SINK, SOURCE} & set(modules()))


def test_two_avatards_do_not_talk_at_once(sound_server: SoundServer) -> None:
    with another_avatard() as other, open_audio(AudioConfig(monitor="none")) as audio:
        until(lambda: "another avatard" in audio.call.missing)
        assert f"process {other.pid}" in audio.call.missing
        other.send_signal(signal.SIGKILL)
        until(lambda: not audio.call.missing)


def test_a_sentence_goes_on_while_the_server_is_restarted(sound_server: SoundServer) -> None:
    with playing() as audio:
        said = noise(6)
        audio.call.write(said)
        until(lambda: audio.call.queued_s < 5)
        sound_server.end()
        until(lambda: audio.call.missing)
        silent_s = audio.call.queued_s
        until(lambda: audio.call.queued_s < silent_s)  # time goes on
        sound_server.start()
        until(lambda: not audio.call.missing)
        with recording(SOURCE) as call:
            until(lambda: call.find(said[-4800:]) >= 0)
        status = audio.status()["call"]
        assert isinstance(status, dict)
        assert status["lost"] >= 1


def test_a_cut_is_faded_and_reaches_what_the_device_has(sound_server: SoundServer) -> None:
    with playing() as audio, recording(SOURCE) as call:
        said = noise(3)
        first = audio.call.write(said)
        until(lambda: call.find(said[:4800]) >= 0)
        at = audio.call.sample_at(time.monotonic_ns()) - first
        audio.call.cut()
        until(lambda: not call.pcm[-4800:].any())
        heard = call.pcm[call.find(said[:4800]) :][: len(said)]
        cut = int(np.flatnonzero(heard != said[: len(heard)])[0])
        silent = int(np.flatnonzero(heard)[-1])
        assert silent - cut < 250, "a fade of 5 ms"
        assert audio.call.queued_s < 0.1
        assert silent < at + 0.2 * 48_000, "not what had been queued"


def test_private_speech_stays_out_of_the_call_when_its_speaker_goes(sound_server: SoundServer) -> None:
    with playing(AudioConfig(monitor=SPEAKER)) as audio, recording(SOURCE) as call:
        until(lambda: not audio.monitor.missing)
        audio.monitor.write(noise(30))
        with connected() as pulse:
            pulse.module_unload(modules()[SPEAKER])
        until(lambda: audio.monitor.missing)
        with connected() as pulse:
            pulse.module_load(*DEVICES[0].split(" ", 1))
        until(lambda: not audio.monitor.missing)
        assert audio.monitor.queued_s > 0
        assert not call.pcm.any()


def test_the_monitor_follows_the_default_but_not_into_the_call(sound_server: SoundServer) -> None:
    with playing(AudioConfig()) as audio:
        make_default(VOICE)
        until(lambda: streams().get("monitor") == VOICE)
        make_default(SPEAKER)
        until(lambda: streams().get("monitor") == SPEAKER)
        make_default(SINK)
        with recording(SOURCE) as call:
            audio.monitor.write(noise(1))
            until(lambda: audio.monitor.queued_s == 0)
            assert not call.pcm.any()


def make_default(name: str) -> None:
    with connected() as pulse:
        pulse.default_set(next(sink for sink in pulse.sink_list() if sink.name == name))


def streams() -> dict[str, str]:
    """By what they are for, the sinks that this process plays to."""
    with connected() as pulse:
        sinks = {sink.index: sink.name for sink in pulse.sink_list()}
        ours = [
            stream
            for stream in pulse.sink_input_list()
            if stream.proplist["application.process.id"] == str(os.getpid())
        ]
        return {"call" if sinks.get(each.sink) == SINK else "monitor": sinks.get(each.sink, "") for each in ours}


def test_a_speaker_at_another_rate(sound_server: SoundServer) -> None:
    tone = (8000 * np.sin(np.arange(48_000) * 2 * np.pi * 1000 / 48_000)).astype(np.int16)
    with playing(AudioConfig(output="none", monitor=SPEAKER)) as audio:
        until(lambda: not audio.monitor.missing)
        with recording(f"{SPEAKER}.monitor", 44_100) as room:
            audio.monitor.write(tone)
            until(lambda: np.count_nonzero(room.pcm) > 43_000 and not room.pcm[-2000:].any())
            heard = room.pcm[np.flatnonzero(room.pcm)[0] :][4410 : 4410 + 22_050]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * 2 == pytest.approx(1000, abs=2)


def test_the_microphone_reaches_the_call_and_whoever_listens(sound_server: SoundServer) -> None:
    heard: list[tuple[Pcm, int]] = []
    names: set[str] = set()

    def hear(pcm: Pcm, spoken_ns: int) -> None:
        names.add(threading.current_thread().name)
        heard.append((pcm, spoken_ns))

    tone = (8000 * np.sin(np.arange(96_000) * 2 * np.pi * 500 / 48_000)).astype(np.int16)
    with playing(AudioConfig(microphone="Test_mic", monitor="none")) as audio, recording(SOURCE) as call:
        audio.keep_step(lambda: 0.1)
        audio.listen(hear)
        speak = ["paplay", "--raw", "--rate=48000", "--channels=1", "--format=s16le", f"--device={VOICE}"]
        subprocess.run(speak, input=tone.tobytes(), check=True)
        until(lambda: np.count_nonzero(np.abs(call.pcm) > 1000) > 40_000)
        assert "avatard-listen" in names
        assert all(len(pcm) == 480 for pcm, _ in heard)
        assert any(np.abs(pcm).max() > 6000 for pcm, _ in heard)
        times = np.diff([spoken_ns for _, spoken_ns in heard])
        assert np.median(times) == pytest.approx(1e7, rel=0.01)
        status = audio.status()["microphone"]
        assert isinstance(status, dict)
        assert status["device"] == "Test_microphone"
        assert status["delay_ms"] > 0


def test_a_name_that_is_not_there_is_waited_for(sound_server: SoundServer, caplog: pytest.LogCaptureFixture) -> None:
    with playing(AudioConfig(monitor="My headphones")) as audio:
        until(lambda: audio.monitor.missing == "no speaker is called 'My headphones'")
        assert SPEAKER in caplog.text, "what there is"
        with connected() as pulse:
            pulse.module_load(
                "module-null-sink", "sink_name=new sink_properties='device.description=\"My headphones\"'"
            )
        until(lambda: not audio.monitor.missing)


def test_a_name_that_cannot_be(sound_server: SoundServer) -> None:
    with pytest.raises(AudioError) as raised:
        open_audio(AudioConfig(monitor="test_"))
    assert SPEAKER in raised.value.hint
    assert MICROPHONE not in raised.value.hint
