# ruff: noqa: RUF001 (letters that look like others are meant)
from __future__ import annotations

import pytest

from avatard.speech.voices.wording import clean


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain text.", "plain text."),
        ("a \t\n  b\x00c\x07d\x7f", "a b c d "),
        ("\ufeffa\u200bb\u202ec\u2066d\u00ade", "abcde"),
        ("cafe\u0301 e\u0302\u0301", "café ế"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud83dx\udfff\ue000\U000f0000", "x"),
        ("𝐇𝐞𝐥𝐥𝐨 𝟙 ｆｕｌｌ ﬁre ½", "Hello 1 full fire ½"),
        ("👍🏽 ❤️ 👍👍👍 1️⃣", "👍 ❤ 👍 1"),
        ("z" + "\u0301\u0302\u0303\u0304\u0305\u0306" * 50, "ź\u0302\u0303\u0304"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_only_what_can_be_said_is_left(text: str, said: str) -> None:
    assert clean(text).text == said


def test_each_character_knows_where_it_comes_from() -> None:
    text = "a  cafe\u0301 👍🏽👍 ﬁ!"
    wording = clean(text)
    at = wording.text.index
    assert wording.text == "a café 👍 fi!"
    assert text[slice(*wording.source(at("c"), at("é") + 1))] == "cafe\u0301"
    assert text[slice(*wording.source(at("👍"), at("👍") + 1))] == "👍🏽👍"
    assert text[slice(*wording.source(at("f", 6), at("i") + 1))] == "ﬁ"
    assert len(wording.first) == len(wording.last) == len(wording.text)
