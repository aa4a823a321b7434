import pytest

from avatard.strict_json import loads


def test_values_are_those_of_json() -> None:
    assert loads('{"a": [1, 2.5, null, {"a": "\\u00e9"}]}') == {"a": [1, 2.5, None, {"a": "\u00e9"}]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": {"b": 1, "b": 1}}', "a name comes twice in one object"),
        ("[-Infinity]", "-Infinity is no number"),
        ("[-1e999]", "a number is too large"),
        ("secret", "Expecting value"),
    ],
)
def test_what_python_would_take_beyond_it_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        loads(text)
    assert "secret" not in str(refused.value)
