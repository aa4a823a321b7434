"""The output module against a daemon that stands in: what is said, to whom, and what Speech Dispatcher is told."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Iterator, Mapping

import pytest

from avatard.errors import ControlError
from avatard.speech.saying import MAX_CHARACTERS
from avatard.speech_dispatcher import module
from avatard.speech_dispatcher.module import Module


class Daemon:
    """Answers as a running avatard does. stage: how far everything is."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, object]]] = []
        self.stage = "said"
        self.gone = False
        self.voice = "en-us"

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        if self.gone:
            raise ControlError("no avatard is running", "Start it with: avatard up")
        if command == "say-stop":
            self.stage = "stopped"
        if command != "said":
            self.asked.append((command, args))
        return {"id": len(self.asked), "stage": self.stage, "speech": {"voice": self.voice}}


class Lines:
    """A pipe: lines as they are put, until the end is."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()

    def __iter__(self) -> Iterator[str]:
        return iter(lambda: self._lines.get(timeout=30), "end\n")

    def put(self, *lines: str) -> None:
        for line in lines:
            self._lines.put(line + "\n")


class Out(io.StringIO):
    """What the module tells, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.told: queue.Queue[str] = queue.Queue()

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self.told.put(line)
        return len(text)

    def lines(self, count: int) -> list[str]:
        return [self.told.get(timeout=30) for _ in range(count)]


class Running:
    def __init__(self, live: bool) -> None:
        self.daemon, self.lines, self.out = Daemon(), Lines(), Out()
        self.complaints: list[str] = []
        module = Module(self.out, self.daemon, live, self.complaints.append)
        self.thread = threading.Thread(target=module.run, args=(self.lines,))
        self.thread.start()

    def end(self) -> None:
        self.lines.put("end")
        self.thread.join(30)
        assert not self.thread.is_alive()


@pytest.fixture
def private() -> Iterator[Running]:
    running = Running(live=False)
    yield running
    running.end()


@pytest.fixture
def live() -> Iterator[Running]:
    running = Running(live=True)
    yield running
    running.end()


def test_a_message_is_said_for_the_users_ears_and_its_end_is_told(private: Running) -> None:
    private.lines.put("SET", "rate=100", ".", "SPEAK", "<speak>Hello &amp; welcome</speak>", ".")
    assert private.out.lines(6)[2:] == ["202 OK RECEIVING MESSAGE", "200 OK SPEAKING", "701 BEGIN", "702 END"]
    assert private.daemon.asked == [("say", {"rate": 2.0, "private": True, "text": "Hello & welcome"})]


def test_only_whole_messages_may_go_into_the_call_and_only_with_live(live: Running) -> None:
    for kind in ("SPEAK", "CHAR", "KEY"):
        live.lines.put(kind, "<speak>a</speak>", ".")
        assert live.out.lines(4)[-1] == "702 END"
    assert [args for _, args in live.daemon.asked] == [
        {"text": "a"},
        {"text": "a", "private": True},
        {"text": "a", "private": True},
    ]


def test_nothing_to_say_is_over_at_once(private: Running) -> None:
    private.lines.put("SOUND_ICON", "bell", ".", "SPEAK", "<speak> </speak>", ".")
    assert private.out.lines(8)[-2:] == ["701 BEGIN", "702 END"]
    assert private.daemon.asked == []


def test_a_long_message_is_said_in_parts(private: Running) -> None:
    private.lines.put("SPEAK", "<speak>" + "word " * MAX_CHARACTERS + "</speak>", ".")
    assert private.out.lines(4)[-1] == "702 END"
    texts = [str(args["text"]) for _, args in private.daemon.asked]
    assert len(texts) > 1
    assert max(map(len, texts)) <= MAX_CHARACTERS
    assert " ".join("".join(texts).split()).count("word") == MAX_CHARACTERS


@pytest.mark.parametrize(("command", "event"), [("STOP", "703 STOP"), ("PAUSE", "704 PAUSE")])
def test_a_stop_is_told_once(private: Running, command: str, event: str) -> None:
    private.daemon.stage = "speaking"
    private.lines.put("SPEAK", "<speak>a</speak>", ".")
    assert private.out.lines(3)[-1] == "701 BEGIN"
    private.lines.put(command, command, "LIST VOICES")
    assert private.out.lines(3) == [event, "200-avatard\ten\tnone", "200 OK VOICE LIST SENT"]
    assert [command for command, _ in private.daemon.asked] == ["say", "say-stop", "status"]


def test_a_stop_with_nothing_of_ours_stops_nobody_else(private: Running) -> None:
    private.lines.put("STOP", "LIST VOICES")
    private.out.lines(2)
    assert [command for command, _ in private.daemon.asked] == ["status"]


def test_without_a_daemon_nobody_waits_for_the_end(private: Running) -> None:
    private.daemon.gone = True
    private.lines.put("SPEAK", "<speak>secret</speak>", ".", "LIST VOICES")
    assert private.out.lines(5)[1:] == ["200 OK SPEAKING", "701 BEGIN", "703 STOP", "200-avatard\ten\tnone"]
    assert private.complaints == ["no avatard is running. Start it with: avatard up"]


def test_a_daemon_that_ends_meanwhile_ends_the_speech(private: Running) -> None:
    private.daemon.stage = "speaking"
    private.lines.put("SPEAK", "<speak>a</speak>", ".")
    private.out.lines(3)
    private.daemon.gone = True
    assert private.out.lines(1) == ["703 STOP"]


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("de", "de"),
        ("en-us", "en"),
        ("en_GB-alba", "en"),
        ("joe", "joe"),
        ("my-voice", "my"),
        ("x", "en"),
        ("mira", "en"),
    ],
)
def test_the_voices_language_is_in_its_name(private: Running, voice: str, language: str) -> None:
    private.daemon.voice = voice
    private.lines.put("LIST VOICES")
    assert private.out.lines(2)[0] == f"200-avatard\t{language}\tnone"


def test_it_asks_often_enough() -> None:
    assert module.ASK_S <= 0.1
