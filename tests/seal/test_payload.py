from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.seal.payload import CODED, EPOCH, Payload, decode

PAYLOADS = st.builds(Payload, st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1))


@settings(max_examples=40, deadline=None)
@given(payload=PAYLOADS)
def test_a_clean_code_word_is_read(payload: Payload) -> None:
    bits = payload.encode()
    assert bits.shape == (CODED,)
    assert decode(1 - 2 * bits.astype(np.float32)) == payload


@settings(max_examples=40, deadline=None)
@given(payload=PAYLOADS, seed=st.integers(0, 2**32 - 1))
def test_ten_percent_wrong_bits_are_mended(payload: Payload, seed: int) -> None:
    bits = payload.encode()
    wrong = np.random.default_rng(seed).permutation(CODED)[::10][: CODED // 14]
    bits[wrong] ^= 1
    assert decode(1 - 2 * bits.astype(np.float32)) == payload


def test_noise_is_no_payload() -> None:
    random = np.random.default_rng(5)
    read = [decode(random.normal(size=CODED).astype(np.float32)) for _ in range(200)]
    assert sum(one is not None for one in read) <= 1  # one in 65,536 checks by chance


def test_hours_are_told_in_utc() -> None:
    assert Payload(0, 0).started == EPOCH
    assert Payload(0, 7799).started == datetime(2026, 11, 21, 23, tzinfo=timezone.utc)
