"""What the face does while clauses are said, at any instant of the sound's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from avatard.easing import ease
from avatard.motion import UNIT, UNITS
from avatard.speech.lips.articulation import Articulation
from avatard.speech.lips.emotion import EMOTIONS, Emotion
from avatard.speech.lips.gestures import PERIODS, Gestures, sway
from avatard.speech.lips.recording import Recording
from avatard.speech.lips.shapes import closed
from avatard.spoken import MOUTH, Spoken

if TYPE_CHECKING:
    from avatard.utterance import Clause, Word

Mouth: TypeAlias = Articulation | Recording

#: Seconds in which the mouth becomes speech's before the first sound, at the least, and its owner's after the last.
READY_S, HURRY_S, LEAVE_S = 0.12, 0.05, 0.25
#: A pause up to this long between two clauses leaves the mouth with speech.
BRIDGE_S: Final = 0.8
#: Seconds in which an emotion comes before the first sound; how long it stays after the last, and goes.
FEEL_S, FELT_S, FADE_S = 0.35, 0.4, 0.8
#: Seconds in which the face comes to rest when speech is cut off.
CUT_S: Final = 0.13
#: Pull of the resting mouth, beside the sounds'.
REST_PULL: Final = 0.04
#: How much of a smile rounded lips take away.
ROUND: Final = 0.7
#: A line is forgotten this long after it is over (words may be asked for a little late), by the last instant that was
#: asked for; and where nobody asks, as no picture is drawn, by the clause that is so far ahead.
FORGET_S, AHEAD_S = 2.0, 60.0
_PUCKER = UNIT["mouthPucker"]


@dataclass(frozen=True, slots=True)
class _Line:
    """One clause being performed; all times in seconds of the sound's clock.

    from_s: the mouth begins to be speech's. first_s, last_s: it moves on purpose. over_s: nothing of it is left.
    """

    start_s: float
    from_s: float
    first_s: float
    last_s: float
    over_s: float
    mouth: Mouth
    gestures: Gestures
    emotion: Emotion
    words: tuple[Word, ...]

    def felt(self, t_s: float) -> float:
        """0..1: how much of its emotion shows."""
        return min(ease((t_s - self.from_s) / FEEL_S), 1 - ease((t_s - self.last_s - FELT_S) / FADE_S))

    def share(self, t_s: float) -> float:
        """0..1: how much of the mouth is its own."""
        return min(ease((t_s - self.from_s) / (self.first_s - self.from_s)), 1 - ease((t_s - self.last_s) / LEAVE_S))


def mouth_of(clause: Clause) -> Mouth:
    """How the mouth says a clause. Takes some ms, and for a long recording some tens: not for a picture's thread."""
    return Articulation(clause) if clause.phonemes else Recording(clause)


class Performance:
    """Clauses on the sound's clock, in seconds: what is said, and what face, lips and head do meanwhile.

    One caller at a time; clauses may be added while others are being said, a minute ahead. `at` takes 0.1 ms at most.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, PERIODS.shape)
        self._lines: list[_Line] = []
        self._count = 0
        self._asked_s = -np.inf
        self._blinked_s = -np.inf
        self._cut: tuple[float, list[_Line]] | None = None

    def add(self, start_s: float, clause: Clause, emotion: str = "neutral", mouth: Mouth | None = None) -> None:
        """Perform `clause`, whose first sample is heard at `start_s`, after those that were added before. emotion: one
        of `EMOTIONS`; an unknown one is neutral. mouth: `mouth_of(clause)`, where that was made beforehand."""
        feeling = EMOTIONS.get(emotion, EMOTIONS["neutral"])
        mouth = mouth or mouth_of(clause)
        gestures = Gestures(clause, self._seed, self._count, feeling.lively, self._blinked_s - start_s)
        self._blinked_s = start_s + gestures.blink_s
        self._count += 1
        first_s = start_s + mouth.first_s
        from_s = max(first_s - READY_S, self._asked_s)  # nothing jumps that has been seen
        first_s = max(first_s, from_s + HURRY_S)
        last_s = max(start_s + mouth.last_s, first_s)
        over_s = max(last_s + FELT_S + FADE_S, start_s + gestures.last_s)
        needed_s = min(max(self._asked_s, start_s - AHEAD_S), start_s) - FORGET_S
        self._lines = [line for line in self._lines if line.over_s > needed_s]
        self._lines.append(_Line(start_s, from_s, first_s, last_s, over_s, mouth, gestures, feeling, clause.words))

    def cut(self, at_s: float) -> None:
        """Forget what would be said from `at_s` on, or from the last instant that has been seen: the face is at rest
        `CUT_S` later."""
        at_s = max(at_s, self._asked_s)
        if self._cut is not None and not self._lines:  # nothing has come since
            self._cut = min(at_s, self._cut[0]), self._cut[1]
        else:
            self._cut = at_s, self._lines
            self._lines = []

    def at(self, t_s: float) -> Spoken | None:
        """The face at an instant; None while nothing is said."""
        self._asked_s = max(self._asked_s, t_s)
        if self._cut is not None:
            at_s, lines = self._cut
            if t_s < at_s:
                return self._face(lines, t_s)
            if t_s < at_s + CUT_S:
                gone = ease((t_s - at_s) / CUT_S)
                return _between(self._face(lines, at_s), self._face(self._lines, t_s), gone)
            self._cut = None
        return self._face(self._lines, t_s)

    def word_at(self, t_s: float) -> tuple[int, int] | None:
        """`text[first:last]`, the word being said; the one before it in the pauses of its clause; None outside."""
        lines = self._cut[1] if self._cut is not None and t_s < self._cut[0] else self._lines
        for line in reversed(lines):
            if line.start_s <= t_s:
                said = [word for word in line.words if line.start_s + word.start_s <= t_s]
                return (said[-1].first, said[-1].last) if said and t_s < line.last_s else None
        return None

    def _face(self, lines: list[_Line], t_s: float) -> Spoken | None:
        near = [line for line in lines if line.from_s <= t_s < line.over_s]
        mouth = _share(lines, t_s)
        if not near and not mouth:
            return None
        total, blend, lips, teeth = REST_PULL, np.zeros(len(UNITS), np.float32), 0.0, 0.0
        felt, feeling, turn, lively = 0.0, np.zeros(len(UNITS), np.float32), np.zeros(3, np.float32), 0.0
        gestures = np.zeros(3 + len(UNITS), np.float32)
        for line in near:
            pull = line.mouth.at(t_s - line.start_s)
            blend, total = blend + pull.units, total + pull.weight
            lips, teeth = max(lips, pull.lips), max(teeth, pull.teeth)
            gestures += line.gestures.at(t_s - line.start_s)
            weight = line.felt(t_s)
            feeling += np.float32(weight) * line.emotion.units
            turn += np.float32(weight) * line.emotion.rotation
            felt, lively = felt + weight, max(lively, weight * line.emotion.lively)
        much = np.float32(1 / max(felt, 1.0))
        out = blend / np.float32(total)
        out += (1 - ROUND * out[_PUCKER]) * much * feeling * MOUTH
        out = closed(out, lips, teeth)
        out += ~MOUTH * (much * feeling + gestures[3:])
        rotation = much * turn + gestures[:3] + np.float32(lively) * sway(t_s, self._phases)
        return Spoken(out, mouth, rotation)


def _share(lines: list[_Line], t_s: float) -> float:
    """How much of the mouth is speech's: also in short pauses between clauses."""
    share, before_s = 0.0, -np.inf
    for line in lines:
        if before_s <= t_s < line.first_s and line.first_s - before_s < BRIDGE_S:
            return 1.0
        share, before_s = max(share, line.share(t_s)), line.last_s
    return share


def _between(before: Spoken | None, after: Spoken | None, share: float) -> Spoken | None:
    """From one to the other; None is a face that nobody moves."""
    if before is None:
        return after
    rest = after or Spoken(np.zeros(len(UNITS), np.float32), 0.0, np.zeros(3, np.float32))
    old, new = np.float32((1 - share) * before.mouth), np.float32(share * rest.mouth)
    mouth = float(old + new)
    # Jaw and lips are a mean by what each owns of them, the rest of the face fades.
    lips = (old * before.units + new * rest.units) / np.float32(max(mouth, 1e-6))
    face = np.float32(1 - share) * before.units + np.float32(share) * rest.units
    rotation = np.float32(1 - share) * before.rotation + np.float32(share) * rest.rotation
    return Spoken(np.where(MOUTH, lips, face).astype(np.float32), mouth, rotation)
