from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.closures import LONGEST, Dips, closed


def shares(**of: float) -> npt.NDArray[np.float32]:
    out = np.zeros(len(Viseme), np.float32)
    for name, share in of.items():
        out[Viseme[name]] = share
    return out


def found(louds: list[float], said: list[npt.NDArray[np.float32]]) -> list[tuple[int, int]]:
    """Frames, from the first, of each closure."""
    dips = Dips()
    spans = []
    for now, (loud, each) in enumerate(zip(louds, said, strict=True)):
        if span := dips(loud, each):
            spans.append((now - span[0], now - span[1]))
    return spans


VOWEL = shares(AA=0.9, SIL=0.1)


def stop(viseme: str, quiet: int, lips: float = 0.2) -> tuple[list[float], list[npt.NDArray[np.float32]]]:
    """A vowel, `quiet` frames of silence, a burst whose lips are heard at the burst, and a vowel."""
    louds = [-20.0] * 20 + [-60.0] * quiet + [-30.0] + [-20.0] * 20
    said = [VOWEL] * 20 + [shares(PP=lips, DD=lips)] * quiet + [shares(**{viseme: 0.6, "AA": 0.4})] + [VOWEL] * 20
    return louds, said


def test_the_silence_before_a_burst_of_the_lips_is_closed_as_a_whole() -> None:
    assert found(*stop("PP", 8)) == [(20, 27)]


def test_the_silence_of_a_t_and_a_k_is_not() -> None:
    assert found(*stop("DD", 8)) == []
    assert found(*stop("KK", 8)) == []


def test_a_pause_is_no_closure() -> None:
    assert found(*stop("PP", LONGEST + 1)) == []


def test_two_stops_are_two() -> None:
    louds, said = stop("PP", 6)
    assert found(louds * 2, said * 2) == [(20, 25), (67, 72)]


def test_a_voiced_closure_is_known_at_once() -> None:
    assert closed(0.8) == 1
    assert closed(0.2) == 0
    assert 0 < closed(0.55) < 1
