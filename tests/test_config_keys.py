from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.config_keys import keys, nearest, tables


def test_no_setting_switches_badge_mark_or_consent() -> None:
    for name in keys():
        for word in ("badge", "mark", "watermark", "consent", "label", "disclos", "notice", "visible", "seal.off"):
            assert word not in name.replace("benchmark", ""), name
    # What there is about the seal is how the badge reads; a new key here needs a second look.
    assert [key.field for key in keys().values() if key.table == "seal"] == ["language", "barcode"]


def test_every_number_has_a_range_and_every_default_fits() -> None:
    for key in keys().values():
        assert key.checked(key.default) == key.default
        if key.type in (int, float):
            with pytest.raises(ValueError, match="must be"):
                key.checked(key.type((key.limits or (0, 0))[0] - 1))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reenact.avatr", "reenact.avatar"),
        ("renact.avatar", "reenact.avatar"),
        ("outptu", "output"),
        ("mouth_gain", "drive.mouth_gain"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_the_nearest_name(typed: str, meant: str) -> None:
    assert nearest(typed) == meant


def test_tables_are_the_stages_in_their_order() -> None:
    assert tables() == ("capture", "track", "drive", "reenact", "seal", "output", "audio", "speech", "daemon")
    assert tuple(dict.fromkeys(key.table for key in keys().values())) == tables()


@given(st.sampled_from(list(keys())), st.text(max_size=8) | st.sampled_from(["on", "0", "1e3", "-1", "nan", "a,b"]))
def test_any_text_is_a_value_that_fits_or_a_value_error(name: str, text: str) -> None:
    try:
        value = keys()[name].parsed(text)
    except ValueError:
        return
    assert keys()[name].checked(value) == value
