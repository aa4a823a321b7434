from __future__ import annotations

import io
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import pytest

from avatard.config import SpeechConfig
from avatard.errors import AudioError
from avatard.speech.saying import Mode, Saying, Wish
from avatard.speech.speaker import MOST_WAITING, SOUND_LATE_NS, Speaker
from avatard.speech.voices.voice import Voice
from avatard.utterance import RATE
from tests.speech.stand_ins import Tape, Tapes, Tones, no_voice


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def opener(tones: Tones) -> Callable[[str], Voice]:
    return lambda name: cast(Voice, tones)


@contextmanager
def speaking(
    config: SpeechConfig | None = None, tones: Tones | None = None, headphones: str = ""
) -> Iterator[tuple[Speaker, Tape, Tape]]:
    tapes = Tapes(headphones)
    with Speaker(config or SpeechConfig(), tapes, opener(tones or Tones())) as speaker:
        yield speaker, tapes.tapes["call"], tapes.tapes["monitor"]


def stage(speaker: Speaker, saying: Saying) -> Any:
    return speaker.progress(saying)["stage"]


def test_it_starts_private_and_nothing_reaches_the_call_nor_the_lips() -> None:
    with speaking() as (speaker, call, monitor):
        saying = speaker.say(Wish("Hello"))
        until(lambda: len(monitor.pcm) == RATE // 2)
        assert saying.private
        assert not len(call.pcm)
        assert speaker.at(0, face=False) is None
        monitor.heard = RATE / 4
        assert stage(speaker, saying) == "speaking"
        monitor.heard = RATE / 2
        until(lambda: stage(speaker, saying) == "said")


def test_live_speech_goes_into_the_call_and_moves_the_lips() -> None:
    with speaking(SpeechConfig(hear=False)) as (speaker, call, monitor):
        speaker.go(Mode.LIVE)
        saying = speaker.say(Wish("Hello"))
        until(lambda: len(call.pcm) == RATE // 2)
        assert not len(monitor.pcm)
        call.heard = RATE / 4
        spoken = speaker.at(0, face=True)
        assert spoken is not None
        assert spoken.mouth > 0.9
        assert spoken.units.max() > 0.1
        assert speaker.progress(saying)["word"] == [0, 5]


def test_one_hears_oneself_if_one_likes() -> None:
    with speaking(SpeechConfig(hear=True)) as (speaker, call, monitor):
        speaker.go(Mode.LIVE)
        speaker.say(Wish("Hello"))
        until(lambda: len(call.pcm) == RATE // 2)
        np.testing.assert_array_equal(monitor.pcm, call.pcm)


def test_a_private_wish_stays_private_while_live() -> None:
    with speaking() as (speaker, call, monitor):
        speaker.go(Mode.LIVE)
        speaker.say(Wish("what was her name", private=True))
        until(lambda: len(monitor.pcm))
        assert not len(call.pcm)


def test_leaving_live_ends_what_is_being_said_there_and_what_waits_for_it() -> None:
    tones = Tones()
    with speaking(SpeechConfig(hear=False), tones) as (speaker, call, monitor):
        speaker.go(Mode.LIVE)
        said, waits = speaker.say(Wish("One. Two. Three. Four. Five")), speaker.say(Wish("Six"))
        mine = speaker.say(Wish("Seven", private=True))
        until(lambda: call.queued_s > 1.5)
        call.heard = RATE / 4
        speaker.go(Mode.PRIVATE)
        assert [stage(speaker, one) for one in (said, waits)] == ["stopped", "stopped"]
        assert len(call.pcm) == RATE // 4
        until(lambda: len(monitor.pcm) == RATE // 2)
        monitor.heard = RATE / 2
        until(lambda: stage(speaker, mine) == "said")
        assert [text for text, _ in tones.said] == ["One. Two. Three. Four. Five", "Seven"]
        assert len(call.pcm) == RATE // 4, "nothing more went into the call"


def test_stop_is_silence_at_once_and_what_comes_later_is_said() -> None:
    tones = Tones()
    with speaking(tones=tones) as (speaker, call, _):
        speaker.go(Mode.LIVE)
        tones.go_on.clear()
        saying = speaker.say(Wish("One"))
        until(lambda: tones.said)
        speaker.stop()
        assert tones.cancelled
        assert stage(speaker, saying) == "stopped"
        tones.go_on.set()
        speaker.say(Wish("Two"))
        until(lambda: len(call.pcm))
        assert len(call.pcm) == RATE // 2, "the clause that came after the stop was let go"
        assert [text for text, _ in tones.said] == ["One", "Two"]


def test_a_long_text_is_not_synthesised_far_ahead() -> None:
    with speaking() as (speaker, call, _):
        speaker.go(Mode.LIVE)
        speaker.say(Wish(". ".join(["word"] * 60)))
        until(lambda: call.queued_s > 1.5)
        time.sleep(0.05)
        assert call.queued_s <= 2.0
        call.heard = len(call.pcm)
        until(lambda: call.queued_s > 1.5)


def test_the_settings_hold_where_the_wish_says_nothing() -> None:
    tones = Tones()
    with speaking(SpeechConfig(rate=1.5, volume=0.3), tones) as (speaker, *_):
        speaker.say(Wish("One", pitch=1.2, volume=0.9, language="de"))
        until(lambda: tones.said)
    manner = tones.said[0][1]
    assert (manner.rate, manner.pitch, manner.volume, manner.language) == (1.5, 1.2, 0.9, "de")


def test_a_recorded_phrase_is_heard_as_it_is() -> None:
    wav = io.BytesIO()
    sound = np.arange(RATE // 2, dtype=np.int16)
    with wave.open(wav, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    with speaking(SpeechConfig(hear=False)) as (speaker, call, _):
        speaker.go(Mode.LIVE)
        speaker.say(Wish("Hello", recording=wav.getvalue()))
        until(lambda: len(call.pcm) == len(sound))
        np.testing.assert_array_equal(call.pcm, sound)
        broken = speaker.say(Wish("Hello", recording=b"no sound"))
        until(lambda: stage(speaker, broken) == "failed")


def test_what_was_meant_for_headphones_is_not_said_by_what_came_in_their_place() -> None:
    tones = Tones()
    with speaking(tones=tones) as (speaker, _, monitor):
        begun, waits = speaker.say(Wish("One. Two. Three. Four. Five. Six")), speaker.say(Wish("Seven"))
        until(lambda: monitor.queued_s > 1.5)
        monitor.moved += 1
        monitor.cut()
        until(lambda: waits.stopped)
        assert [stage(speaker, one) for one in (begun, waits)] == ["stopped", "stopped"]
        assert not len(monitor.pcm)
        later = speaker.say(Wish("Eight"))
        until(lambda: len(monitor.pcm))
        assert not later.stopped


def test_without_headphones_private_speech_is_refused_and_live_is_not() -> None:
    with speaking(headphones="no headphones") as (speaker, call, _):
        with pytest.raises(AudioError, match="nobody would hear it: no headphones"):
            speaker.say(Wish("Hello"))
        speaker.go(Mode.LIVE)
        speaker.say(Wish("Hello"))
        until(lambda: len(call.pcm))


def test_live_speech_without_a_virtual_microphone_moves_the_lips_and_says_that_nobody_hears_it() -> None:
    tapes = Tapes()
    tapes.tapes["call"].missing = "no sound server answers"
    with Speaker(SpeechConfig(), tapes, opener(Tones())) as speaker:
        speaker.go(Mode.LIVE)
        saying = speaker.say(Wish("Hello"))
        assert speaker.progress(saying)["unheard"] == "no sound server answers"
        until(lambda: len(tapes.tapes["call"].pcm))
        tapes.tapes["call"].heard = RATE / 4
        assert speaker.at(0, face=False) is not None


def test_too_much_that_waits_is_refused() -> None:
    tones = Tones()
    tones.go_on.clear()
    with speaking(tones=tones) as (speaker, *_):
        for _ in range(MOST_WAITING):
            speaker.say(Wish("Hello"))
        with pytest.raises(AudioError, match="too much is waiting"):
            speaker.say(Wish("Hello"))
        speaker.stop()
        tones.go_on.set()
        speaker.say(Wish("Hello"))


def test_a_failure_is_told_and_what_comes_next_is_said(caplog: pytest.LogCaptureFixture) -> None:
    tones = Tones(fails=AudioError("the voice broke", "Take another."))
    with speaking(tones=tones) as (speaker, _, monitor):
        saying = speaker.say(Wish("my secret. my other secret"))
        until(lambda: saying.failure)
        monitor.heard = RATE
        assert stage(speaker, saying) == "failed"
        assert speaker.progress(saying)["error"] == "the voice broke"
        assert speaker.progress(saying)["hint"] == "Take another."
        speaker.say(Wish("Hello"))
        until(lambda: len(monitor.pcm) == RATE)
        assert speaker.status()["errors"] == 1
    assert "the voice broke" in caplog.text
    assert "secret" not in caplog.text


def test_a_bug_in_a_voice_does_not_end_speech_and_shows_no_text(caplog: pytest.LogCaptureFixture) -> None:
    with speaking(tones=Tones(fails=ZeroDivisionError("cannot say 'my other secret'"))) as (speaker, _, monitor):
        saying = speaker.say(Wish("my secret. my other secret"))
        until(lambda: saying.failure)
        speaker.say(Wish("Hello"))
        until(lambda: len(monitor.pcm) == RATE)
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_what_was_queued_before_a_failure_is_still_stopped() -> None:
    with speaking(SpeechConfig(hear=False), Tones(fails=AudioError("the voice broke"))) as (speaker, call, _):
        speaker.go(Mode.LIVE)
        saying = speaker.say(Wish("One. Two"))
        until(lambda: saying.failure)
        assert stage(speaker, saying) == "speaking"
        call.heard = RATE / 4
        speaker.go(Mode.PRIVATE)
        assert stage(speaker, saying) == "failed"
        assert len(call.pcm) == RATE // 4
        assert speaker.at(time.monotonic_ns(), face=False) is not None, "the lips come to rest"


def test_a_voice_that_there_is_none_of_fails_its_saying_alone() -> None:
    with Speaker(SpeechConfig(), Tapes(), cast(Callable[[str], Voice], no_voice)) as speaker:
        saying = speaker.say(Wish("Hello", voice="nobody"))
        until(lambda: stage(speaker, saying) == "failed")
        assert "no voice is called 'nobody'" in str(speaker.progress(saying)["error"])


def test_the_last_is_said_again_unless_nothing_is_remembered() -> None:
    tones = Tones()
    with speaking(tones=tones) as (speaker, *_):
        with pytest.raises(AudioError, match="nothing is remembered"):
            speaker.again()
        speaker.say(Wish("Hello"))
        speaker.again()
        until(lambda: [text for text, _ in tones.said] == ["Hello", "Hello"])
    with speaking(SpeechConfig(history=False)) as (speaker, *_):
        speaker.say(Wish("Hello"))
        with pytest.raises(AudioError, match="nothing is remembered") as e:
            speaker.again()
        assert "speech.history true" in e.value.hint


def test_the_avatar_looks_as_if_it_types_while_the_user_does() -> None:
    with speaking() as (speaker, *_):
        assert speaker.status()["state"] == "silent"
        speaker.composing()
        assert speaker.status()["state"] == "composing"
        pose = speaker.at(time.monotonic_ns() + 300_000_000, face=False)
        assert pose is not None
        assert pose.mouth == 0


def test_lips_are_ahead_of_the_sound_by_what_people_expect() -> None:
    """The lips are asked for where the sound will be `SOUND_LATE_NS` after they are seen, not before."""
    asked: list[int] = []

    class Asked(Tape):
        def sample_at(self, now_ns: int) -> float:
            asked.append(now_ns)
            return 0.0

    tapes = Tapes()
    tapes.call = Asked()
    Speaker(SpeechConfig(), tapes, opener(Tones())).at(1_000_000_000, face=False)
    assert asked == [1_000_000_000 + SOUND_LATE_NS]


def test_the_status_counts_and_holds_no_text() -> None:
    tones = Tones()
    with speaking(tones=tones) as (speaker, call, _):
        speaker.go(Mode.LIVE)
        speaker.say(Wish("my secret"))
        until(lambda: len(call.pcm))
        tones.go_on.clear()
        speaker.say(Wish("my other secret"))
        status = speaker.status()
        assert (status["mode"], status["state"], status["waiting"]) == ("live", "speaking", 1)
        assert "secret" not in repr(status)
        tones.go_on.set()
