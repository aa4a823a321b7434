"""The delay line between simulated devices: clocks that drift, callbacks that come late, sound that is lost."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.audio.delay import DelayLine
from avatard.metronome import BEATS, Metronome
from avatard.utterance import RATE

S = 1_000_000_000
Times: TypeAlias = npt.NDArray[np.float64]
Sound: TypeAlias = Callable[[Times], Times]
"""True seconds → values in the air."""


@dataclass
class Device:
    """Calls back with blocks. ppm: how much too fast its clock is. jitter_s: how wrong the times may be that it tells,
    to either side. late_s: how much later than due it may call back. latency_s: from the air to the callback, or from
    the callback to the ear."""

    latency_s: float
    block: int = 480
    ppm: float = 0.0
    jitter_s: float = 0.0
    late_s: float = 0.0
    lost: list[tuple[float, float]] = field(default_factory=list)  #: from, to: no callbacks, and the sound is lost

    def blocks(self, seconds: float, rng: np.random.Generator) -> list[tuple[float, float]]:
        """For each block: when its first sample passes (true seconds), and how late its callback comes."""
        period = self.block / (RATE * (1 + self.ppm * 1e-6))
        starts = np.arange(0.0, seconds, period)
        kept = [float(s) for s in starts if not any(a <= s < b for a, b in self.lost)]
        return [(start, float(late)) for start, late in zip(kept, rng.uniform(0, self.late_s, len(kept)), strict=True)]


@dataclass
class Heard:
    """What came out: each block's sound, and when its first sample was heard (true seconds)."""

    at: list[float]
    pcm: list[npt.NDArray[np.int16]]
    delays: list[float]  #: as the line says it
    line: DelayLine


def play(
    microphone: Device,
    listener: Device,
    sound: Sound,
    seconds: float,
    want: Callable[[float], float],
    seed: int = 0,
    keep: Callable[[float], bool] = lambda start: True,
) -> Heard:
    """Run both devices over a line. want: seconds → delay wished for. keep: of which seconds the sound is kept."""
    rng = np.random.default_rng(seed)
    line = DelayLine()
    events: list[tuple[float, int, float]] = []
    for start, late in microphone.blocks(seconds, rng):
        length = microphone.block / (RATE * (1 + microphone.ppm * 1e-6))
        events.append((start + length + microphone.latency_s + late, 0, start))
    events += [(start - listener.latency_s + late, 1, start) for start, late in listener.blocks(seconds, rng)]
    heapq.heapify(events)
    heard = Heard([], [], [], line)
    while events:
        now, kind, start = heapq.heappop(events)
        device = (microphone, listener)[kind]
        told = int((start + rng.uniform(-device.jitter_s, device.jitter_s)) * S) + 5 * S
        if kind == 0:
            times = start + np.arange(device.block) / (RATE * (1 + device.ppm * 1e-6))
            line.write(np.asarray(sound(times), np.int16), told)
            continue
        line.want_s = want(now)
        pcm = line.read(device.block, told)
        if keep(start):
            heard.at.append(start)
            heard.pcm.append(pcm)
            heard.delays.append(line.delay_s)
    return heard


def clock_sound(times: Times) -> Times:
    """A sound from which the time can be read: a sine whose frequency rises, anew each two seconds."""
    t = np.mod(times, 2.0)
    return np.asarray(12000 * np.sin(2 * np.pi * (200 * t + 400 * t * t)))


def true_delay(heard: Heard, at_s: float) -> float:
    """The delay of what was heard around `at_s`, by matching it with what was in the air then."""
    block = len(heard.pcm[0])
    first = int(np.searchsorted(heard.at, at_s))
    n = 4096 // block
    got = np.concatenate(heard.pcm[first : first + n]).astype(np.float64)
    start, longest = heard.at[first], 0.8
    air = clock_sound(start - longest + np.arange(round(longest * RATE) + len(got)) / RATE)
    size = 1 << len(air).bit_length()
    score = np.fft.irfft(np.fft.rfft(air, size) * np.conj(np.fft.rfft(got, size)))[: len(air) - len(got)]
    return longest - int(np.argmax(score)) / RATE


def test_the_sound_comes_out_as_late_as_wished() -> None:
    heard = play(Device(0.02), Device(0.03), clock_sound, 8.0, lambda now: 0.15)
    assert true_delay(heard, 6.3) == pytest.approx(0.15, abs=0.002)
    assert heard.line.starved == 0


@pytest.mark.parametrize("ppm", [(200.0, -200.0), (-200.0, 200.0), (200.0, 0.0), (0.0, 0.0)])
def test_within_ten_ms_after_five_seconds_whatever_the_clocks(ppm: tuple[float, float]) -> None:
    microphone = Device(0.02, 480, ppm[0], jitter_s=0.005, late_s=0.01)
    listener = Device(0.03, 960, ppm[1], jitter_s=0.005, late_s=0.01)
    heard = play(microphone, listener, clock_sound, 14.0, lambda now: 0.18 if now < 7 else 0.21)
    for at in (5.2, 6.4, 12.1, 13.2):
        want = 0.18 if at < 7 else 0.21
        assert true_delay(heard, at) == pytest.approx(want, abs=0.010)


@given(
    first=st.floats(0.1, 0.6),
    then=st.floats(0.1, 0.6),
    blocks=st.sampled_from([(480, 480), (480, 960), (960, 480), (512, 441)]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=15, deadline=None)
def test_any_step_is_made_within_five_seconds(first: float, then: float, blocks: tuple[int, int], seed: int) -> None:
    heard = play(
        Device(0.01, blocks[0], 100, 0.003, 0.004),
        Device(0.02, blocks[1], -100, 0.003, 0.004),
        clock_sound,
        9.0,
        lambda now: first if now < 3 else then,
        seed,
    )
    late = [delay for at, delay in zip(heard.at, heard.delays, strict=True) if at > 8.0]
    assert np.abs(np.asarray(late) - then).max() < 0.010
    assert true_delay(heard, 8.3) == pytest.approx(then, abs=0.012)
    assert heard.line.starved == 0


def test_never_shorter_than_what_the_devices_cost() -> None:
    heard = play(Device(0.05), Device(0.04), clock_sound, 6.0, lambda now: 0.0)
    least = heard.line.least_s
    # Both latencies, the block that must have been recorded, the block that is played, and what is kept back.
    assert 0.09 < least < 0.14
    assert true_delay(heard, 5.2) == pytest.approx(least, abs=0.01)


def spectrum(heard: Heard, from_s: float) -> Times:
    """Power in dB against the strongest, by Blackman-Harris windows of a second: the worst of all."""
    got = np.concatenate([pcm for at, pcm in zip(heard.at, heard.pcm, strict=True) if at > from_s]).astype(np.float64)
    n = RATE
    t = 2 * np.pi * np.arange(n) / n
    window = 0.35875 - 0.48829 * np.cos(t) + 0.14128 * np.cos(2 * t) - 0.01168 * np.cos(3 * t)
    powers = [np.abs(np.fft.rfft(got[i : i + n] * window)) ** 2 for i in range(0, len(got) - n, n // 2)]
    return np.asarray(10 * np.log10(np.max(powers, 0) / np.max(powers) + 1e-20))


@pytest.mark.parametrize("hz", [220, 997, 5000])
def test_a_sine_stays_clean_while_it_is_steered(hz: int) -> None:
    def sine(times: Times) -> Times:
        return 20000 * np.sin(2 * np.pi * hz * times)

    heard = play(
        Device(0.02, 480, 200, 0.003, 0.003),
        Device(0.02, 480, -200, 0.003, 0.003),
        sine,
        16.0,
        lambda now: 0.2 + 0.02 * (now > 8),
    )
    assert heard.line.cuts == 0  # 20 ms is made by speed alone
    level = spectrum(heard, 4.0)
    away = np.abs(np.arange(len(level)) - hz) > max(40, 0.012 * hz)  # 0.5 % of another speed, and the window's foot
    assert level[away].max() < -60


def test_a_cut_makes_no_click() -> None:
    def sine(times: Times) -> Times:
        return 20000 * np.sin(2 * np.pi * 331 * times)

    heard = play(Device(0.02), Device(0.02), sine, 8.0, lambda now: 0.15 if now < 4 else 0.3)
    assert heard.line.cuts >= 1
    got = np.concatenate(heard.pcm).astype(np.float64)[RATE:]
    slope = np.abs(np.diff(got)).max()
    assert slope < 1.05 * 20000 * 2 * np.pi * 331 / RATE
    envelope = np.abs(got[: len(got) // 480 * 480]).reshape(-1, 480).max(1)
    assert envelope.min() > 0.9 * 20000  # found where the sound looks alike: no dip either


def test_in_a_pause_it_jumps_at_once() -> None:
    def words(times: Times) -> Times:
        return clock_sound(times) * (np.mod(times, 1.0) < 0.6)

    heard = play(Device(0.02), Device(0.02), words, 6.0, lambda now: 0.15 if now < 4.1 else 0.17)
    assert heard.line.cuts >= 1
    at_once = [delay for at, delay in zip(heard.at, heard.delays, strict=True) if 5.0 < at < 5.1]
    assert at_once[0] == pytest.approx(0.17, abs=0.004)


def test_lost_sound_is_silence_and_what_follows_is_in_step() -> None:
    microphone = Device(0.02, lost=[(3.0, 3.5)])
    heard = play(microphone, Device(0.02), clock_sound, 6.0, lambda now: 0.2)
    assert heard.line.gaps == 1
    assert true_delay(heard, 4.3) == pytest.approx(0.2, abs=0.003)
    got = np.concatenate(heard.pcm).astype(np.float64)
    assert np.abs(np.diff(got)).max() < 3000
    silent = [pcm for at, pcm in zip(heard.at, heard.pcm, strict=True) if 3.25 < at < 3.65]
    assert not np.concatenate(silent).any()


def test_a_microphone_that_stops_fades_and_comes_back() -> None:
    microphone = Device(0.02, lost=[(2.0, 30.0)])
    heard = play(microphone, Device(0.02), clock_sound, 34.0, lambda now: 0.1)
    assert np.abs(np.diff(np.concatenate(heard.pcm).astype(np.float64))).max() < 3000
    assert heard.delays[-1] == pytest.approx(0.1, abs=0.005)
    assert true_delay(heard, 32.3) == pytest.approx(0.1, abs=0.005)


def test_a_listener_that_skips_is_in_step_again() -> None:
    heard = play(Device(0.02), Device(0.02, lost=[(3.0, 3.12)]), clock_sound, 9.0, lambda now: 0.2)
    assert true_delay(heard, 8.3) == pytest.approx(0.2, abs=0.010)


@pytest.mark.slow
def test_no_drift_in_an_hour() -> None:
    microphone = Device(0.02, 480, 200, jitter_s=0.005, late_s=0.005)
    listener = Device(0.03, 480, -200, jitter_s=0.005, late_s=0.005)
    minute = 60.0
    heard = play(microphone, listener, clock_sound, 3600, lambda now: 0.15, keep=lambda start: start % minute < 0.2)
    delays = [true_delay(heard, k * minute) for k in range(1, 60)]
    assert max(delays) - min(delays) < 0.005
    assert np.abs(np.asarray(delays) - 0.15).max() < 0.010
    assert heard.line.starved == 0


@given(blocks=st.lists(st.tuples(st.booleans(), st.integers(0, 3000), st.integers(-(10**9), 10**9)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_times_are_told_it_gives_what_was_asked_for(blocks: list[tuple[bool, int, int]]) -> None:
    line, now = DelayLine(), 5 * S
    line.want_s = 0.1
    for writes, samples, off in blocks:
        now += samples * S // RATE
        if writes:
            line.write(np.full(samples, 32767, np.int16), now + off)
        else:
            assert len(line.read(samples, now + off)) == samples


def test_nothing_in_nothing_out() -> None:
    line = DelayLine()
    assert not line.read(480, 5 * S).any()
    line.write(np.zeros(0, np.int16), 5 * S)
    assert line.delay_s == 0


def test_a_metronome_is_all_that_the_microphone_hears() -> None:
    line = DelayLine()
    line.want_s = 0.2
    line.metronome = Metronome(5 * S)
    heard = []
    for block in range(300):
        line.write(np.full(480, 5000, np.int16), 4 * S + block * S // 100)
        heard.append(line.read(480, 4 * S + block * S // 100 + S // 20))
    before, during = np.concatenate(heard[60:110]), np.concatenate(heard[130:])
    assert (before == 5000).all()
    begins_s = np.flatnonzero(np.abs(np.concatenate(heard[120:]).astype(int)) > 300)[0] / RATE + 5.25
    assert begins_s == pytest.approx(5 + BEATS[0] + 0.2, abs=0.005)
    assert np.abs(during.astype(int)).max() > 10_000
