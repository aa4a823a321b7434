# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard import canonical
from avatard.face_mesh import INNER_LIPS
from avatard.motion import UNIT, UNITS, Driver
from avatard.speech.lips.closures import closures
from avatard.speech.lips.emotion import EMOTIONS
from avatard.speech.lips.performance import BRIDGE_S, CUT_S, Performance
from avatard.spoken import MOUTH, Spoken
from avatard.utterance import RATE, Clause, Phoneme, Word
from tests.speech.lips.clauses_said import clause

UPPER, LOWER = np.array(INNER_LIPS[1:10]), np.array(INNER_LIPS[:10:-1])
BASIS = canonical.basis()
GAPS = BASIS[:, LOWER, 1] - BASIS[:, UPPER, 1]
REST = Spoken(np.zeros(len(UNITS), np.float32), 0.0, np.zeros(3, np.float32))
BABY = (("b", 70), ("eɪ", 130), ("b", 60), ("i", 110), ("m", 80), ("a", 160), ("f", 90), ("iː", 140), ("v", 60))


def gaps(spoken: Spoken | None) -> np.ndarray:
    """Between the lips, at nine places; closed where none is above 0."""
    return np.asarray((spoken or REST).units @ GAPS)


def vector(spoken: Spoken | None) -> np.ndarray:
    """All that is shown on an idle face."""
    spoken = spoken or REST
    mouth = spoken.units * spoken.mouth
    return np.concatenate([np.where(MOUTH, mouth, 0), np.where(MOUTH, 0, spoken.units), spoken.rotation])


def shown(performance: Performance, start_s: float, end_s: float, step_s: float = 0.004) -> np.ndarray:
    """Times, and what is shown then on an idle face."""
    return np.array([vector(performance.at(t)) for t in np.arange(start_s, end_s, step_s)])


@pytest.mark.parametrize("emotion", EMOTIONS)
@pytest.mark.parametrize("phase", [0.0, 0.011, 0.022])
def test_lips_are_closed_for_two_pictures_at_each_closure_and_open_between(emotion: str, phase: float) -> None:
    said = clause(*BABY, stressed="eɪ a iː")
    performance = Performance()
    performance.add(10.0, said, emotion)
    pictures = 10.0 - 0.3 + phase + np.arange(60) / 30
    seen = {t: performance.at(t) or REST for t in pictures}
    for closure in closures(said):
        closed = [
            t for t in pictures
            if abs(t - 10.0 - (closure.start_s + closure.end_s) / 2) <= 0.04
            and gaps(seen[t]).max() <= 0
            and seen[t].mouth == 1
        ]  # fmt: skip
        assert len(closed) >= 2, closure
    for vowel in (p for p in said.phonemes if p.symbol in ("eɪ", "a", "iː")):
        opened = [gaps(seen[t])[4] for t in pictures if vowel.start_s < t - 10.0 < vowel.end_s]
        assert max(opened) > 0.03, vowel


def test_a_closure_shorter_than_a_picture_is_held_for_two() -> None:
    said = clause(("a", 150), ("b", 15), ("a", 150))
    performance = Performance()
    performance.add(0.0, said)
    closed = [t for t in np.arange(0, 0.4, 0.001) if gaps(performance.at(t)).max() <= 0]
    assert max(closed) - min(closed) >= 2 / 30


def test_lips_meet_before_the_burst_and_open_on_it() -> None:
    said = clause(("a", 200), ("p", 100), ("a", 200))
    performance = Performance()
    performance.add(0.0, said)
    (closure,) = closures(said)
    times = np.arange(0.05, 0.45, 0.001)
    gap = np.array([gaps(performance.at(t)).max() for t in times])
    closed = times[gap <= 0]
    assert closure.start_s - 0.03 <= closed[0] <= closure.start_s + 0.005
    assert closure.end_s <= closed[-1] <= closure.end_s + 0.03
    assert (closed[0] + closed[-1]) / 2 == pytest.approx((closure.start_s + closure.end_s) / 2, abs=0.01)
    # on the way 30 to 60 ms before the sound is that of closed lips
    widest = gap[times < closure.start_s].max()
    ahead = closure.start_s - times[(gap < 0.9 * widest) & (times > times[gap.argmax()])][0]
    assert 0.02 < ahead < 0.09


def test_sounds_that_follow_each_other_closely_stay_closed() -> None:
    said = clause(("a", 120), ("m", 60), ("b", 50), ("f", 70), ("a", 120))
    performance = Performance()
    performance.add(0.0, said)
    assert all(gaps(performance.at(t)).max() <= 0 for t in np.arange(0.12, 0.29, 0.002))


def test_vowels_are_shaped_as_they_sound() -> None:
    performance = Performance()
    performance.add(0.0, clause(("a", 300), ("n", 60), ("uː", 300), ("n", 60), ("iː", 300), stressed="a uː iː"))
    a, u, i = (performance.at(t) for t in (0.15, 0.50, 0.85))
    assert gaps(a)[4] > 1.8 * gaps(i)[4] > 0
    assert u is not None
    assert u.units[UNIT["mouthPucker"]] > 0.5
    assert i is not None
    assert i.units[UNIT["mouthStretchLeft"]] > 0.1


def test_stress_opens_wider_and_schwa_less() -> None:
    def widest(symbol: str, stressed: str = "") -> float:
        performance = Performance()
        performance.add(0.0, clause(("n", 60), (symbol, 140), ("n", 60), stressed=stressed))
        return max(float(gaps(performance.at(t))[4]) for t in np.arange(0, 0.3, 0.01))

    assert widest("ɛ", "ɛ") > widest("ɛ") > widest("ə")


@pytest.mark.parametrize("emotion", ["neutral", "happy"])
def test_nothing_jumps_from_first_to_last(emotion: str) -> None:
    performance = Performance(seed=3)
    performance.add(1.0, clause(*BABY, stressed="eɪ a", ending="."), emotion)
    performance.add(2.2, clause(*BABY, ("", 300), *BABY, stressed="eɪ a", ending="?"), "sad")
    performance.add(4.5, clause(("a", 200)))
    steps = np.abs(np.diff(shown(performance, 0.5, 8.0), axis=0))
    assert steps[:, : 2 * len(UNITS)].max() < 0.2  # in 4 ms: a lip that rolls out takes 50
    assert np.degrees(steps[:, 2 * len(UNITS) :].max()) < 0.1
    assert performance.at(0.5) is None
    assert performance.at(9.0) is None


def test_what_comes_late_eases_in_too() -> None:
    performance = Performance()
    for t in np.arange(0.0, 1.0, 0.004):
        assert performance.at(t) is None
    performance.add(1.0, clause(("a", 400)))  # the sound is heard in this instant
    later = shown(performance, 1.0, 1.3)
    assert np.abs(later[0]).max() < 0.01
    assert np.abs(np.diff(later, axis=0)).max() < 0.12


def test_a_cut_brings_the_mouth_to_rest_without_a_jump() -> None:
    for at_s in (1.03, 1.2, 1.31, 1.55):
        performance = Performance()
        performance.add(1.0, clause(*BABY, stressed="a"), "happy")
        performance.add(2.0, clause(*BABY))
        before = shown(performance, 0.9, at_s)
        performance.cut(at_s)
        after = shown(performance, at_s, at_s + 0.3)
        steps = np.abs(np.diff(np.concatenate([before, after]), axis=0))
        assert steps.max() < 0.13
        assert performance.at(at_s + CUT_S + 0.01) is None
        assert performance.at(2.3) is None
        assert performance.word_at(2.3) is None


def test_a_cut_in_the_past_does_not_jump_back() -> None:
    """Pictures are drawn for when they are seen: a little ahead of the sound that is cut."""
    performance = Performance()
    performance.add(1.0, clause(*BABY, stressed="a"))
    before = shown(performance, 0.9, 1.3)
    performance.cut(1.25)
    after = shown(performance, 1.3, 1.6)
    assert np.abs(np.diff(np.concatenate([before, after]), axis=0)).max() < 0.13
    assert performance.at(1.3 + CUT_S) is None


def test_two_cuts_are_one() -> None:
    performance = Performance()
    performance.add(1.0, clause(*BABY, stressed="a"))
    before = shown(performance, 0.9, 1.3)
    performance.cut(1.3)
    between = shown(performance, 1.3, 1.36)
    performance.cut(1.36)
    after = shown(performance, 1.36, 1.6)
    assert np.abs(np.diff(np.concatenate([before, between, after]), axis=0)).max() < 0.13
    assert performance.at(1.3 + CUT_S) is None


def test_of_two_cuts_to_come_the_sooner_counts() -> None:
    performance = Performance()
    performance.add(1.0, clause(*BABY))
    performance.cut(1.5)
    performance.cut(1.2)
    assert performance.at(1.25) is not None
    assert performance.at(1.2 + CUT_S) is None


def test_after_a_cut_one_may_speak_again_at_once() -> None:
    performance = Performance()
    performance.add(1.0, clause(*BABY))
    before = shown(performance, 0.9, 1.4)
    performance.cut(1.4)
    performance.add(1.45, clause(("m", 100), ("a", 200)))
    after = shown(performance, 1.4, 2.0)
    assert np.abs(np.diff(np.concatenate([before, after]), axis=0)).max() < 0.13
    assert gaps(performance.at(1.5)).max() <= 0
    assert gaps(performance.at(1.65))[4] > 0.05


def test_a_cut_of_what_is_still_to_come_leaves_what_is_said() -> None:
    performance, uncut = Performance(), Performance()
    for one in (performance, uncut):
        one.add(1.0, clause(*BABY))
        one.at(1.1)
    performance.cut(1.3)
    assert vector(performance.at(1.2)) == pytest.approx(vector(uncut.at(1.2)))
    assert performance.word_at(1.2) == uncut.word_at(1.2)


def test_clauses_may_be_added_while_others_are_said() -> None:
    whole, piecewise = Performance(), Performance()
    clauses = [(0.2 + i * 0.9, clause(*BABY, stressed="a")) for i in range(6)]
    for start_s, said in clauses:
        whole.add(start_s, said)
    waiting = list(clauses)
    for t in np.arange(0, 6, 0.01):
        while waiting and waiting[0][0] < t + 0.5:
            piecewise.add(*waiting.pop(0))
        assert vector(piecewise.at(t)) == pytest.approx(vector(whole.at(t)), abs=1e-6)


@pytest.mark.parametrize(("drawn", "kept"), [(True, 8), (False, 70)])
def test_what_is_over_is_forgotten_also_where_nobody_looks(drawn: bool, kept: int) -> None:
    performance = Performance()
    for i in range(200):
        performance.add(float(i), clause(("a", 300), words=True))
        if drawn:
            performance.at(float(i))
    assert len(performance._lines) < kept


def test_the_mouth_stays_speech_s_in_short_pauses_only() -> None:
    performance = Performance()
    performance.add(0.0, clause(("a", 300)))
    performance.add(0.3 + BRIDGE_S - 0.1, clause(("a", 300)))
    performance.add(1.3 + 4.0, clause(("a", 300)))
    shares = [(performance.at(t) or REST).mouth for t in np.arange(0.1, 1.3, 0.02)]
    assert min(shares) == 1
    assert (performance.at(3.0) or REST).mouth == 0
    lips = performance.at(0.65)
    assert lips is not None
    assert gaps(lips)[4] < 0.02  # at rest


def test_words_are_told_while_they_sound() -> None:
    said = Clause(
        np.zeros(RATE, np.int16),
        (Phoneme("m", 0.1, 0.3), Phoneme("", 0.3, 0.5), Phoneme("n", 0.5, 0.8)),
        (Word(2, 4, 0.1, 0.3), Word(7, 9, 0.5, 0.8)),
    )
    performance = Performance()
    performance.add(5.0, said)
    asked = {4.9: None, 5.05: None, 5.15: (2, 4), 5.4: (2, 4), 5.6: (7, 9), 5.95: None, 9.0: None}
    assert {t: performance.word_at(t) for t in asked} == asked


def test_a_recording_opens_the_mouth_by_its_loudness() -> None:
    t = np.arange(2 * RATE) / RATE
    loud = np.where((t > 0.5) & (t < 1.0), 9000, np.where((t > 1.3) & (t < 1.6), 2500, 15))
    performance = Performance()
    performance.add(3.0, Clause((loud * np.sin(2 * np.pi * 150 * t)).astype(np.int16)))
    quiet, wide, half, between = (gaps(performance.at(3.0 + s))[4] for s in (0.2, 0.75, 1.45, 1.15))
    assert wide > 0.12
    assert 0.02 < half < 0.9 * wide
    assert max(quiet, between) < 0.02


def test_gestures_are_small_and_the_same_each_time() -> None:
    def play(seed: int) -> np.ndarray:
        performance = Performance(seed)
        for i in range(12):
            performance.add(i * 1.1, clause(*BABY, stressed="eɪ a iː", ending=".?"[i % 2]))
        return shown(performance, 0.0, 14.0, 0.02)

    first, again, other = play(1), play(1), play(2)
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)
    turns = np.degrees(first[:, -3:])
    assert 2 < np.ptp(turns[:, 1]) < 6  # people who talk: 2 to 4 degrees, and settle
    assert np.ptp(turns[:, 0]) < 5
    blinks = first[:, len(UNITS) + UNIT["eyeBlinkLeft"]] > 0.9
    starts = np.count_nonzero(np.diff(blinks.astype(int)) == 1)
    assert 3 <= starts <= 12


def test_a_question_lifts_the_brows_at_its_end() -> None:
    def brows(ending: str) -> float:
        performance = Performance()
        performance.add(0.0, clause(*BABY, ending=ending))
        spoken = performance.at(0.9)
        assert spoken is not None
        return float(spoken.units[UNIT["browInnerUp"]])

    assert brows("?") > 0.3
    assert brows(".") < 0.1


def test_an_emotion_shows_while_it_is_spoken_and_goes() -> None:
    performance = Performance()
    performance.add(0.5, clause(*BABY), "happy")
    smile = [
        (performance.at(t) or REST).units[UNIT["mouthSmileLeft"]] * (performance.at(t) or REST).mouth
        for t in (0.2, 1.0, 4.0)
    ]
    assert smile[1] > 0.2
    assert smile[0] == smile[2] == 0


def test_an_unknown_emotion_is_neutral() -> None:
    plain, odd = Performance(), Performance()
    plain.add(0.0, clause(*BABY))
    odd.add(0.0, clause(*BABY), "hangry")
    assert np.array_equal(shown(plain, 0, 1), shown(odd, 0, 1))


def test_it_speaks_as_speech() -> None:
    performance = Performance()
    performance.add(0.0, clause(("a", 200)))
    spoken = performance.at(0.1)
    assert spoken is not None
    assert spoken.driver is Driver.SPEECH
    assert spoken.units.dtype == spoken.rotation.dtype == np.float32


symbols = st.sampled_from(["p", "b", "m", "f", "v", "a", "ə", "aɪ", "s", "ʃ", "", "😀", "w", "pf"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.tuples(symbols, st.floats(0, 400)), max_size=8), max_size=5),
    st.lists(st.floats(-0.3, 1.5), max_size=5),
    st.sampled_from(sorted(EMOTIONS)),
)
def test_whatever_is_said_is_a_face(said: list[list[tuple[str, float]]], pauses: list[float], emotion: str) -> None:
    performance, t = Performance(), 0.0
    for sounds, pause in itertools.zip_longest(said, pauses, fillvalue=None):
        if sounds is not None:
            one = clause(*sounds) if sounds else Clause(np.zeros(0, np.int16))
            performance.add(t, one, emotion)
            t += one.seconds
        t = max(t + (pause or 0), 0)
        if pause and pause < 0:
            performance.cut(t)
    for at in np.arange(-0.5, t + 2, 0.05):
        spoken = performance.at(at)
        if spoken is not None:
            assert np.isfinite(spoken.units).all()
            assert np.isfinite(spoken.rotation).all()
            assert 0 <= spoken.mouth <= 1
            assert spoken.units.min() > -0.3
            assert spoken.units.max() < 2
