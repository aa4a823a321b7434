from __future__ import annotations

import numpy as np

from avatard.speech.voices.clause_cache import ClauseCache, Sounding


def clause(samples: int) -> Sounding:
    return Sounding(np.zeros(samples, np.int16), (), ())


def test_the_one_unused_longest_goes() -> None:
    cache = ClauseCache(max_bytes=800)
    first, second, third = clause(100), clause(100), clause(100)
    for key, value in (("a", first), ("b", second), ("c", third)):
        cache.put((key,), value)
    assert cache.get(("a",)) is first
    cache.put(("d",), clause(100))
    cache.put(("e",), clause(100))
    assert cache.get(("b",)) is None
    assert cache.get(("a",)) is first
    assert cache.get(("c",)) is third


def test_one_clause_does_not_push_out_all_others() -> None:
    cache = ClauseCache(max_bytes=800)
    cache.put(("a",), clause(10))
    cache.put(("long",), clause(1000))
    assert cache.get(("long",)) is None
    assert cache.get(("a",)) is not None


def test_the_same_again_takes_no_more_room() -> None:
    cache = ClauseCache(max_bytes=800)
    for _ in range(50):
        cache.put(("a",), clause(100))
    cache.put(("b",), clause(100))
    assert cache.get(("a",)) is not None
