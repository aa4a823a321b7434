"""The real Piper, in the worker's own process, with a voice of some hundred bytes; and once with one that talks."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from avatard.errors import AudioError
from avatard.speech.voices import catalogue
from avatard.speech.voices.phonemes import merge
from avatard.speech.voices.words import place
from avatard.speech.voices.worker_process import WorkerProcess
from avatard.speech.worker.protocol import Said, Say
from tests.speech.voices.tiny_voice import FRAMES, HOP, SAMPLE_RATE, network, write_voice

pytest.importorskip("piper", reason="pip install 'avatard[voices]'")

FRAME_S = FRAMES * HOP / SAMPLE_RATE
NUMBERS = itertools.count(100)


def start(file: Path, cache: Path) -> WorkerProcess:
    return WorkerProcess(("piper", str(file), str(cache)))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    folder = tmp_path_factory.mktemp("voice")
    worker = start(write_voice(folder), folder / "cache")
    yield worker
    worker.kill()


def said(worker: WorkerProcess, number: int, text: str, **fields: object) -> Said:
    answer = worker.say(Say(number, text, **fields), 60.0)  # type: ignore[arg-type]
    assert answer is not None
    return answer


def seconds(clause: Said) -> float:
    return len(clause.sound) / 2 / clause.sample_rate


def words(clause: Said, text: str) -> list[str]:
    return [text[w.first : w.last] for w in place(text, clause.words, merge(clause.phonemes, 99.0), seconds(clause))]


def test_each_sound_is_as_long_as_the_network_says(tiny: WorkerProcess) -> None:
    clause = said(tiny, 1, "papa.")
    assert [name for name, _, _ in clause.phonemes] == list("^pˈɑːpə.$")  # noqa: RUF001 (IPA)
    lengths = [round((end - start) / FRAME_S) for _, start, end in clause.phonemes]
    assert lengths == [2] * 8 + [1]  # a sound and the pause behind it; none behind the last
    assert clause.phonemes[-1][2] == pytest.approx(seconds(clause))
    assert 0.7 < np.abs(np.frombuffer(clause.sound, "<i2")).max() / 32768 < 1.0


def test_rate_and_pitch(tiny: WorkerProcess) -> None:
    usual = said(tiny, 2, "papa.")
    assert seconds(said(tiny, 3, "papa.", rate=0.5)) == pytest.approx(2 * seconds(usual), rel=0.02)
    high = said(tiny, 4, "papa.", pitch=1.5)
    assert high.sample_rate == 24_000
    assert seconds(high) == pytest.approx(seconds(usual), rel=0.02)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello there, you.", ["Hello", "there", "you"]),
        ("one of the best", ["one", "of", "the", "best"]),
        ("It is $1,234.50 of 7 now", ["It", "is", "$1,234.50", "of", "7", "now"]),
        ("a 👍 & b", ["a", "👍", "&", "b"]),
        ("no [[x]] there", ["no", "x", "there"]),
    ],
)
def test_words_though_some_are_said_as_one_and_some_as_many(
    tiny: WorkerProcess, text: str, expected: list[str]
) -> None:
    clause = said(tiny, next(NUMBERS), text)
    assert words(clause, text) == expected
    starts = [start for _, _, start in clause.words]
    assert starts == sorted(starts)


def test_given_sounds_are_spoken(tiny: WorkerProcess) -> None:
    clause = said(tiny, 5, "a tomato", sounds=((2, 8, "təˈmɑːtəʊ"),))  # noqa: RUF001 (IPA)
    assert "".join(name for name, _, _ in clause.phonemes) == "^ˈeɪ təˈmɑːtəʊ$"  # noqa: RUF001 (IPA)


@pytest.mark.parametrize("text", ["", "...", "你好", "\u200b"])
def test_what_it_cannot_say_does_no_harm(tiny: WorkerProcess, text: str) -> None:
    said(tiny, next(NUMBERS), text)


def test_the_copy_is_made_once_and_is_not_needed(tmp_path: Path) -> None:
    file, cache = write_voice(tmp_path), tmp_path / "cache"
    for _ in range(2):
        worker = start(file, cache)
        assert said(worker, 1, "papa").phonemes
        worker.kill()
        (copy,) = cache.iterdir()
    assert copy.read_bytes().startswith(file.read_bytes())
    blocked = tmp_path / "file"
    blocked.write_text("")
    worker = start(file, blocked / "cache")
    assert said(worker, 1, "papa").phonemes
    worker.kill()


@pytest.mark.parametrize("ceils", [0, 2])
def test_a_network_that_does_not_tell_lengths_still_sounds(tmp_path: Path, ceils: int) -> None:
    worker = start(write_voice(tmp_path, network(ceils=ceils)), tmp_path / "cache")
    clause = said(worker, 1, "papa mama")
    worker.kill()
    assert seconds(clause) > 0.2
    assert clause.phonemes == ()
    assert [word[:2] for word in clause.words] == [(0, 4), (5, 9)]
    assert clause.words[1][2] == pytest.approx(seconds(clause) * 5 / 9, abs=0.001)


def test_files_that_broke_since_they_were_added(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    file.write_bytes(b"broken")
    worker = start(file, tmp_path / "cache")
    with pytest.raises(AudioError, match="cannot be loaded"):
        worker.load()
    worker.kill()
    (tmp_path / "tiny.onnx.json").write_text(json.dumps({}))
    worker = start(file, tmp_path / "cache")
    with pytest.raises(AudioError, match="cannot be loaded"):
        worker.load()
    worker.kill()


def test_joe_talks_and_can_be_stopped() -> None:
    if not catalogue.find("joe").installed:
        pytest.skip("pip install 'avatard[voices]'")
    worker = WorkerProcess(catalogue.find("joe").command)
    text = "Maybe a bumble bee pops up."
    clause = said(worker, 1, text)
    phonemes = merge(clause.phonemes, seconds(clause))
    assert "".join(p.symbol for p in phonemes).startswith("meɪbi")  # noqa: RUF001 (IPA)
    assert words(clause, text) == ["Maybe", "a", "bumble", "bee", "pops", "up"]
    sound = np.frombuffer(clause.sound, "<i2").astype(float)
    loud = {
        symbol: [
            np.sqrt(np.mean(sound[int(p.start_s * clause.sample_rate) : int(p.end_s * clause.sample_rate)] ** 2))
            for p in phonemes
            if p.symbol == symbol
        ]
        for symbol in ("", "i", "ʌ")
    }
    assert max(loud[""]) < 0.3 * min(loud["i"] + loud["ʌ"])  # silence is silent, vowels are where they are said
    threading.Timer(0.1, worker.cancel, (2,)).start()
    assert worker.say(Say(2, "and so on, " * 18), 60.0) is None
    worker.kill()
