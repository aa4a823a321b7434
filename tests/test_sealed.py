from __future__ import annotations

import re
from pathlib import Path

import pytest

import avatard
from avatard.sealed import Sealed, SealedPool, VideoFormat

FORMAT = VideoFormat(64, 48)


def test_nobody_makes_a_sealed_picture_by_hand() -> None:
    pool = SealedPool(FORMAT)
    with pytest.raises(TypeError, match=r"only avatard\.seal"):
        Sealed(object(), pool, pool.take(), 0, 0, 0, "")


def test_only_seal_mints() -> None:
    root = Path(avatard.__file__).parent
    callers = {
        p.relative_to(root).parts[0]
        for p in root.rglob("*.py")
        if re.search(r"\._mint\(|sealed import.*_KEY", p.read_text())
    }
    assert callers == {"seal"}


def test_a_sealed_picture_is_read_only_until_released() -> None:
    pool = SealedPool(FORMAT, buffers=1)
    sealed = pool._mint(pool.take(), 3, 5, 7)
    assert sealed.i420.shape == (72, 64)
    with pytest.raises(ValueError, match="read-only"):
        sealed.i420[0, 0] = 1
    with pytest.raises(IndexError):
        pool.take()
    sealed.release()
    pool.take()[0, 0] = 1


def test_a_picture_is_released_once() -> None:
    pool = SealedPool(FORMAT)
    sealed = pool._mint(pool.take(), 0, 0, 0)
    sealed.release()
    with pytest.raises(AssertionError, match="twice"):
        sealed.release()


def test_a_shared_picture_goes_back_after_its_last_release() -> None:
    pool = SealedPool(FORMAT, buffers=1)
    sealed = pool._mint(pool.take(), 0, 0, 0)
    sealed.share()
    sealed.release()
    with pytest.raises(IndexError):
        pool.take()
    sealed.release()
    pool.take()


def test_more_buffers_are_made_up_to_a_limit() -> None:
    pool = SealedPool(FORMAT, buffers=1, most=3)
    taken = [pool.take() for _ in range(3)]
    with pytest.raises(IndexError):
        pool.take()
    for buffer in taken:
        pool.give_back(buffer)
    assert len({id(pool.take()) for _ in range(3)}) == 3
