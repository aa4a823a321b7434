from __future__ import annotations

import re

from avatard import errors


def test_each_error_has_the_exit_code_that_the_tree_draws() -> None:
    drawn = dict(re.findall(r"── (\w+) +(\d+)", errors.__doc__ or ""))
    found = {
        c.__name__: str(c.exit_code) for c in errors.AvatardError.__subclasses__() if c.__module__ == errors.__name__
    }
    assert drawn == found
    assert len(set(found.values())) == len(found)


def test_an_error_carries_its_hint_and_whether_to_try_again() -> None:
    e = errors.SourceError("gone", "plug it in", retryable=True)
    assert (str(e), e.hint, e.retryable, errors.SourceError.retryable) == ("gone", "plug it in", True, False)
