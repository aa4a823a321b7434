from __future__ import annotations

import pytest

from avatard.bench.child import Child


def test_the_call_encodes_until_told_to_stop_and_says_how_fast() -> None:
    with Child("avatard.bench.call") as call:
        found = call.stop()
    assert set(found) == {"fps", "core_ms"}


def test_a_child_that_cannot_start_is_an_error_at_once() -> None:
    with pytest.raises(RuntimeError, match="ended with"), Child("avatard.bench.no_such_module"):
        pass


def test_leaving_without_stop_ends_the_child() -> None:
    child = Child("avatard.bench.ring_reader", "/nowhere")
    with child:
        process = child._process
        assert process is not None
    assert process.returncode is not None
