from __future__ import annotations

import time
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

from avatard import canonical
from avatard.audio.fake import FakeSystem
from avatard.audio.sound import Sound
from avatard.config import AudioConfig
from avatard.drive.regions import AT, measure
from avatard.errors import EngineError
from avatard.motion import UNITS, Driver
from avatard.speech.voicemouth import VoiceMouth
from avatard.speech.voicemouth.log_mel import HOP
from avatard.speech.voicemouth.network import Network
from avatard.spoken import MOUTH, Spoken
from avatard.timing import NS_PER_S
from avatard.utterance import RATE, Pcm
from tests.speech.voicemouth.sounds import noise, said, silence, talk

START = 10**12
HOP_NS = NS_PER_S * HOP // RATE
#: As in a call: the picture's age.
DELAY_S = 0.1


class Call:
    """A microphone and a picture at each hop, on a clock that is told."""

    def __init__(self, mouth: VoiceMouth) -> None:
        self.mouth = mouth
        self.now_ns = START

    def speak(self, pcm: Pcm, face: bool = False) -> list[Spoken | None]:
        """What is shown while a sound is spoken."""
        shown = []
        for at in range(0, len(pcm) - HOP + 1, HOP):
            self.mouth.hear(pcm[at : at + HOP], self.now_ns)
            self.now_ns += HOP_NS
            shown.append(self.mouth.at(self.now_ns, face))
        return shown


@pytest.fixture
def call() -> Iterator[Call]:
    with VoiceMouth("auto", lambda: DELAY_S) as mouth:
        yield Call(mouth)


@pytest.fixture
def always() -> Iterator[Call]:
    with VoiceMouth("always", lambda: DELAY_S) as mouth:
        yield Call(mouth)


def gap(spoken: Spoken | None) -> float:
    """Between the lips of the canonical head, eye distances; negative where they press."""
    if spoken is None:
        return 0.0
    moved = (spoken.units @ canonical.basis().reshape(len(UNITS), -1)).reshape(-1, 3) * np.float32(spoken.mouth)
    return float(measure(canonical.neutral() + moved)[AT["gap"]])


def moves(shown: list[Spoken | None]) -> float:
    return max((float(np.abs(spoken.units).max()) for spoken in shown if spoken is not None), default=0.0)


def test_silence_moves_nothing(call: Call, always: Call) -> None:
    assert call.speak(silence(2.0)) == [None] * 200
    assert moves(always.speak(silence(2.0))) < 0.01


def test_noise_moves_nothing(call: Call) -> None:
    call.speak(noise(1.0, 0.003))
    assert moves(call.speak(noise(4.0, 0.003, seed=2))) < 0.02


def test_a_sudden_fan_hardly_moves_the_mouth(call: Call) -> None:
    call.speak(silence(0.5))
    assert max(map(gap, call.speak(noise(3.0, 0.02)))) < 0.03


def test_a_voice_opens_the_mouth_and_its_end_closes_it(call: Call) -> None:
    shown = call.speak(np.concatenate([silence(0.5), talk(1.5), silence(1.0)]))
    assert max(gap(each) for each in shown[60:210]) > 0.12
    assert np.mean([gap(each) for each in shown[60:210]]) > 0.04
    assert shown[20] is None
    assert shown[-1] is None
    spoken = shown[150]
    assert spoken is not None
    assert spoken.driver is Driver.VOICE
    assert spoken.mouth == 1


def test_nothing_jumps(call: Call) -> None:
    shown = call.speak(np.concatenate([silence(0.4), talk(0.5), silence(0.6), said("Maybe not.").pcm, silence(0.5)]))
    gaps = np.array([max(gap(each), 0.0) for each in shown])
    assert np.abs(np.diff(gaps)).max() < 0.1  # at the release of a "b", a third of a picture later


def test_lips_close_for_p_b_and_m(call: Call) -> None:
    clause = said("A map, a puppy, maybe a bomb, and a happy baby.")
    start = 0.4
    shown = call.speak(np.concatenate([silence(start), clause.pcm, silence(0.6)]))
    closures = [p for p in clause.phonemes if p.symbol in ("p", "b", "m")]
    assert len(closures) >= 10
    missed = []
    for phoneme in closures:
        first = round((start + phoneme.start_s + DELAY_S) * 100) - 2
        last = round((start + phoneme.end_s + DELAY_S) * 100) + 3
        if min(gap(each) for each in shown[first:last]) > 0.012:
            missed.append((phoneme.symbol, round(phoneme.start_s, 2)))
    assert len(missed) <= 2, missed


def test_what_comes_late_is_shown_as_late_as_it_is_heard() -> None:
    opened = []
    for delay_s in (0.1, 0.3):
        with VoiceMouth("auto", lambda: delay_s) as mouth:  # noqa: B023 - called within the turn
            shown = Call(mouth).speak(np.concatenate([silence(0.4), talk(1.0), silence(0.6)]))
            opened.append(int(np.argmax([gap(each) for each in shown])))
    assert 18 <= opened[1] - opened[0] <= 22


def test_a_face_on_camera_keeps_its_own_mouth(call: Call) -> None:
    assert call.speak(talk(1.0), face=True) == [None] * 100


def test_a_face_that_goes_leaves_the_mouth_to_the_microphone_and_comes_back_smoothly(call: Call) -> None:
    call.speak(talk(0.5), face=True)
    away = call.speak(talk(1.5))
    assert away[20] is None
    assert away[80] is not None
    shares = [each.mouth if each else 0.0 for each in call.speak(talk(0.5), face=True)]
    assert shares[0] > 0.8
    assert shares[-1] == 0
    assert np.abs(np.diff(shares)).max() < 0.15


def test_always_is_also_when_a_face_is_seen_and_never_is_never(always: Call) -> None:
    assert all(each is not None and each.mouth == 1 for each in always.speak(talk(1.0), face=True)[60:])
    always.mouth.voice = "never"
    assert always.speak(talk(1.0))[60:] == [None] * 40


def test_a_microphone_that_stops_leaves_the_mouth_at_rest(always: Call) -> None:
    always.speak(talk(0.5))
    late = [always.mouth.at(always.now_ns + k * HOP_NS, False) for k in range(100)]
    assert late[-1] is None
    assert np.abs(np.diff([max(gap(each), 0.0) for each in late])).max() < 0.05


@pytest.mark.parametrize(
    "garbage",
    [
        np.full(HOP, np.nan, np.float32),
        np.zeros((HOP, 2), np.int16),
        np.zeros(HOP - 1, np.int16),
        np.zeros(0, np.int16),
        None,
    ],
)
def test_what_is_no_sound_is_not_heard(call: Call, garbage: object) -> None:
    call.speak(talk(0.3))
    call.mouth.hear(garbage, call.now_ns)  # type: ignore[arg-type]
    assert max(map(gap, call.speak(talk(0.5)))) > 0.05


def test_a_clipped_and_a_constant_signal_stay_within_bounds(always: Call) -> None:
    square = np.where(np.arange(RATE) // 200 % 2, 32767, -32768).astype(np.int16)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for pcm in (square, np.full(RATE, 32767, np.int16), noise(1.0, 3.0)):
            for each in always.speak(pcm):
                assert each is None or (
                    np.isfinite(each.units).all() and 0 <= each.units.min() <= each.units.max() <= 1
                )


def test_a_gap_and_sound_from_the_past_are_harmless(call: Call) -> None:
    call.speak(talk(0.3))
    call.now_ns += 5 * NS_PER_S
    call.speak(silence(0.3))
    assert max(map(gap, call.speak(talk(0.5)))) > 0.05
    before = call.mouth.at(call.now_ns, False)
    call.mouth.hear(noise(0.01, 0.5), START)
    after = call.mouth.at(call.now_ns, False)
    assert before is not None
    assert after is not None
    assert np.array_equal(before.units, after.units)


def test_the_head_nods_a_little_and_the_eyes_stay_their_owner_s(call: Call) -> None:
    call.speak(silence(0.2))
    shown = [each for each in call.speak(talk(3.0)) if each is not None]
    nods = np.abs([each.rotation[1] for each in shown])
    assert 0.003 < nods.max() < 0.06
    others = np.stack([each.units for each in shown])[:, ~MOUTH]
    assert others.max() < 0.3


def test_a_network_that_fails_is_told_once_and_leaves_the_mouth_at_rest(
    call: Call, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    call.speak(talk(0.5))

    def fail(self: Network, frame: object) -> None:
        raise EngineError("out of memory")

    monkeypatch.setattr(Network, "__call__", fail)
    shown = call.speak(talk(1.5))
    assert shown[-1] is None
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the microphone moves the mouth no more: out of memory"
    ]


def test_it_hears_a_microphone_on_the_devices_own_thread() -> None:
    config = AudioConfig(output="none", monitor="none", microphone="default")
    pcm = np.concatenate([silence(0.2), talk(2.0)])
    with VoiceMouth("auto", lambda: DELAY_S) as mouth, Sound(config, FakeSystem(pcm)) as sound:
        sound.listen(mouth.hear)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if gap(mouth.at(time.monotonic_ns(), False)) > 0.05:
                return
            time.sleep(0.01)
    pytest.fail("the mouth did not open")
