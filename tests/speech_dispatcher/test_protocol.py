from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avatard.speech_dispatcher import protocol
from avatard.speech_dispatcher.protocol import Conversation, ListVoices, Message, Quit, Stop
from avatard.speech_dispatcher.ssml import plain

LINES = st.sampled_from(
    ["INIT", "AUDIO", "LOGLEVEL", "SET", "SPEAK", "CHAR", "STOP", "PAUSE", "LIST VOICES", "QUIT", ".", "..", "rate=5"]
)


def replies(*lines: str) -> list[str]:
    conversation = Conversation()
    return [conversation.feed(line)[0] for line in lines]


def test_the_beginning_as_speech_dispatcher_has_it() -> None:
    """The lines that speech-dispatcher 0.11.4 sends."""
    assert replies("INIT") == ["299-avatard says it\n299 OK LOADED SUCCESSFULLY"]
    assert replies("AUDIO", "audio_output_method=server", ".") == [
        "207 OK RECEIVING AUDIO SETTINGS",
        "",
        "303 ERROR INVALID PARAMETER OR VALUE",
    ]
    assert replies("AUDIO", "audio_output_method=pulse", ".")[-1] == "203 OK AUDIO INITIALIZED"
    assert replies("LOGLEVEL", "log_level=0", ".")[::2] == [
        "207 OK RECEIVING LOGLEVEL SETTINGS",
        "203 OK LOG LEVEL SET",
    ]
    assert replies("DEBUG ON /tmp/x", "QUIT", "HELLO") == [
        "200 OK DEBUGGING SET",
        "210 OK QUIT",
        "300 ERR UNKNOWN COMMAND",
    ]


def test_a_message_comes_with_the_settings_before_it() -> None:
    conversation = Conversation()
    for line in ("SET", "rate=50", "language=NULL", "."):
        conversation.feed(line)
    assert conversation.feed("SPEAK") == ("202 OK RECEIVING MESSAGE", None)
    for line in ("<speak>one", "..two", "STOP</speak>"):
        assert conversation.feed(line) == ("", None)
    reply, request = conversation.feed(".")
    assert reply == ""
    assert request == Message("SPEAK", "<speak>one\n.two\nSTOP</speak>", {"rate": "50", "language": "NULL"})
    assert "one" not in repr(request)


def test_what_is_asked_for() -> None:
    conversation = Conversation()
    assert conversation.feed("STOP") == ("", Stop(pause=False))
    assert conversation.feed("PAUSE") == ("", Stop(pause=True))
    assert conversation.feed("LIST VOICES en none") == ("", ListVoices())
    assert conversation.feed("QUIT")[1] == Quit()
    assert protocol.voices("de").splitlines() == ["200-avatard\tde\tnone", "200 OK VOICE LIST SENT"]


def test_a_message_without_end_takes_no_memory() -> None:
    conversation = Conversation()
    conversation.feed("SPEAK")
    for _ in range(protocol.MAX_MESSAGE // 1000 + 1):
        conversation.feed("x" * 1000)
    assert sum(map(len, conversation._data)) <= protocol.MAX_MESSAGE
    assert conversation.feed(".") == (protocol.REFUSED, None)


def test_settings_in_the_middle_are_the_users_own() -> None:
    assert protocol.manner({}) == {}
    assert protocol.manner({"rate": "0", "pitch": "0", "volume": "100"}) == {}
    assert protocol.manner({"rate": "100", "pitch": "-100", "volume": "0"}) == {
        "rate": 2.0,
        "pitch": 0.5,
        "volume": 0.5,
    }
    assert protocol.manner({"rate": "9999", "pitch": "x", "volume": ""}) == {"rate": 2.0}


def test_words_of_ssml() -> None:
    assert plain('<speak>Hi <mark name="a"/>you &lt;&amp; me</speak>') == "Hi you <& me"
    assert plain("no < markup") == "no < markup"
    entities = '<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>'
    assert plain(entities) == entities
    assert plain("<speak>\ud800</speak>") == "<speak>\ud800</speak>"


@given(st.lists(LINES | st.text(max_size=20), max_size=30))
def test_any_lines_are_answered(lines: list[str]) -> None:
    conversation = Conversation()
    for line in lines:
        reply, request = conversation.feed(line)
        assert all(part[:3].isdigit() for part in reply.splitlines() if reply)
        assert request is None or reply in ("", "210 OK QUIT")
