from __future__ import annotations

import numpy as np
import pytest

from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.heard import HELD_NS, KEPT, Heard, Moment

MS = 1_000_000
START = 10**12


def moment(viseme: Viseme = Viseme.AA, lips: float = 0.0, loud: float = 1.0) -> Moment:
    return Moment(np.eye(len(Viseme), dtype=np.float32)[viseme], lips, 0.0, loud, 0.0)


def filled(count: int, lips_at: int = -1) -> Heard:
    heard = Heard()
    for k in range(count):
        heard.add(START + k * 10 * MS, moment(lips=float(k == lips_at)))
    return heard


def test_nothing_was_heard_at_first() -> None:
    assert Heard().at(START) is None


def test_what_was_heard_long_ago_is_gone_and_the_rest_is_there() -> None:
    heard = filled(2 * KEPT)
    assert heard.at(START) is None
    assert heard.at(START + (2 * KEPT - 50) * 10 * MS) is not None


def test_shares_stay_shares() -> None:
    heard = Heard()
    for k in range(20):
        heard.add(START + k * 10 * MS, moment(Viseme.AA if k < 10 else Viseme.OU))
    between = heard.at(START + 70 * MS)
    assert between is not None
    assert between.shares.sum() == pytest.approx(1, abs=1e-5)
    assert 0.05 < between.shares[Viseme.OU] < 0.95


def test_one_closed_frame_is_fully_closed_long_enough_to_be_seen() -> None:
    heard = filled(40, lips_at=20)
    lips = [found.lips for k in range(400) if (found := heard.at(START + k * MS)) is not None]
    assert max(lips) > 0.9
    assert sum(share > 0.5 for share in lips) >= 40
    assert abs(int(np.argmax(lips)) - 200) <= 5


def test_a_closure_is_known_afterwards() -> None:
    heard = filled(40)
    heard.close(12, 6)
    closed = heard.at(START + 300 * MS)
    assert closed is not None
    assert closed.lips == pytest.approx(1, abs=1e-5)
    after = heard.at(START + 390 * MS)
    assert after is not None
    assert after.lips < 0.2


def test_sound_that_stops_coming_is_held_and_fades() -> None:
    heard = filled(40)
    newest = START + 390 * MS
    held, fading = heard.at(newest + HELD_NS), heard.at(newest + HELD_NS * 3 // 2)
    assert held is not None
    assert fading is not None
    assert held.loud == pytest.approx(1)
    assert fading.loud == pytest.approx(0.5, abs=0.01)
    assert heard.at(newest + 2 * HELD_NS + MS) is None


def test_in_a_gap_of_the_sound_there_is_nothing() -> None:
    heard = filled(10)
    heard.add(START + 1000 * MS, moment())
    assert heard.at(START + 500 * MS) is None
