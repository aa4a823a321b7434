from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.errors import SinkError
from avatard.seal.detector import Finding
from avatard.seal.explain import draw_finding
from avatard.seal.payload import Payload

FRAME = np.full((90, 160), 128, np.uint8)


def finding(z: float, payload: Payload | None = None, searched: int = 50) -> Finding:
    surface = np.random.default_rng(1).normal(size=(128, 128)).astype(np.float32)
    surface[5, 120] = z
    looked = np.stack([np.geomspace(0.25, 2.4, searched), np.full(searched, 4.0)], axis=1).astype(np.float32)
    return Finding(z, 0.5, 0.75, True, payload, surface, looked)


@pytest.mark.parametrize("one", [finding(18, Payload(1, 2)), finding(7), finding(5)])
def test_a_picture_is_drawn_for_each_verdict(tmp_path: Path, one: Finding) -> None:
    draw_finding(one, FRAME, tmp_path / "why.png")
    drawn = cv2.imread(str(tmp_path / "why.png"))
    assert drawn is not None
    assert min(drawn.shape[:2]) > 400
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 100


def test_a_search_that_never_began_is_drawn_too(tmp_path: Path) -> None:
    draw_finding(finding(0, searched=0), FRAME, tmp_path / "why.png")
    assert (tmp_path / "why.png").stat().st_size > 10_000


def test_the_place_must_be_writable(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="cannot write"):
        draw_finding(finding(5), FRAME, tmp_path / "nowhere" / "why.png")
