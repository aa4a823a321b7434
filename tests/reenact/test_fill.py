from __future__ import annotations

import numpy as np

from avatard.reenact.fill import between, push_pull, smoothstep


def test_a_gradient_goes_on_smoothly_through_a_hole() -> None:
    x = np.linspace(0, 200, 128, dtype=np.float32)
    picture = np.broadcast_to(x[None, :, None], (128, 128, 3)).copy()
    known = np.ones((128, 128), np.float32)
    known[40:80, 40:80] = 0
    spoiled = picture.copy()
    spoiled[known == 0] = 999
    filled = push_pull(spoiled, known)
    assert np.abs(filled - picture)[40:80, 40:80].max() < 25
    assert np.abs(filled - picture)[:30].max() < 1e-3


def test_a_constant_reaches_everywhere_from_one_corner() -> None:
    known = np.zeros((90, 70), np.float32)
    known[:4, :4] = 1
    picture = np.repeat(np.where(known[..., None] > 0, 77.0, 0.0), 3, 2).astype(np.float32)
    assert np.abs(push_pull(picture, known) - 77).max() < 0.5


def test_smoothstep_ends() -> None:
    assert smoothstep(np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), 0, 1).tolist() == [0, 0, 0.5, 1, 1]


def test_a_pixel_between_two_rows_counts_by_its_share() -> None:
    rows = np.arange(4, dtype=np.float32)[:, None]
    shares = between(np.array([0.5, 2.0], np.float32), np.array([2.25, 2.0], np.float32), rows)
    assert shares.dtype == np.float32
    assert shares.T.tolist() == [[0.0, 1.0, 0.75, 0.0], [0.0, 0.0, 0.0, 0.0]]
