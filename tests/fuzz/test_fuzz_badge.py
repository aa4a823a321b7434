"""Whatever the settings and the pictures: no frame leaves without its badge."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatard.config import SealConfig
from avatard.frame import Picture
from avatard.seal import Sealer, StandbyReason
from avatard.seal.badge import Badge
from avatard.seal.identity import MarkIdentity
from avatard.seal.masks import LANGUAGES, load_masks
from avatard.sealed import Sealed, VideoFormat

IDENTITY = MarkIdentity(bytes(32))
SIZES = st.tuples(st.integers(32, 160), st.integers(24, 120)).map(lambda half: (2 * half[0], 2 * half[1]))


@st.composite
def pictures(draw: st.DrawFn, width: int, height: int) -> Picture:
    kind = draw(st.sampled_from(["flat", "noise", "stripes", "text"]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    match kind:
        case "flat":
            return np.full((height, width, 3), random.integers(0, 256, 3), np.uint8)
        case "noise":
            return random.integers(0, 256, (height, width, 3), np.uint8)
        case "stripes":
            period = int(random.integers(1, 9))
            column = np.where(np.arange(width) // period % 2, 255, 0).astype(np.uint8)
            return np.ascontiguousarray(np.broadcast_to(column[None, :, None], (height, width, 3)))
    picture = np.zeros((height, width, 3), np.uint8)  # a badge of somebody else's, white on black
    cv2.putText(picture, "REAL PERSON", (4, height // 8), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
    return picture


def luminance(y: float) -> float:
    """WCAG relative luminance of a grey in limited-range luma."""
    c = min(max((y - 16) / 219, 0.0), 1.0)
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def assert_badged(sealed: Sealed, language: str) -> None:
    badge = Badge(load_masks(language), sealed.format)
    assert badge.intact(sealed.i420)
    x, y, width, height = badge.box
    plate = sealed.i420[y : y + height, x : x + width].astype(float)
    # The plate's corners are round, so look at its inner part: dark ground and fully white letters, 13:1 apart.
    inner = plate[height // 4 : -height // 4, height // 4 : -height // 4]
    letters, ground = inner[inner > 225], inner[inner < 60]
    assert letters.size > 0.05 * inner.size
    assert ground.size > 0.2 * inner.size
    contrast = (luminance(float(letters.max())) + 0.05) / (luminance(float(ground.max())) + 0.05)
    assert contrast >= 10.9  # letters' edges count as ground here; test_badge.py measures plate alone at 13:1
    assert abs(x + width / 2 - sealed.format.width / 2) <= 1
    assert y + height < sealed.format.height


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), size=SIZES, language=st.sampled_from(LANGUAGES), fps=st.floats(1, 120), barcode=st.booleans())
def test_every_frame_is_badged(
    data: st.DataObject, size: tuple[int, int], language: str, fps: float, barcode: bool
) -> None:
    room_for_barcode = size[0] >= 160 and size[1] >= 120
    sealer = Sealer(SealConfig(language, barcode and room_for_barcode), VideoFormat(*size, fps), IDENTITY)
    for action in data.draw(st.lists(st.sampled_from(["seal", "announce", "standby"]), min_size=1, max_size=6)):
        match action:
            case "seal":
                picture = data.draw(pictures(*size))
                sealed = sealer.seal(picture, data.draw(st.integers(-1, 2**31 - 1)), data.draw(st.integers(0, 2**62)))
                assert_badged(sealed, language)
                assert sealed.standby == ""
                sealed.release()
            case "announce":
                sealer.announce()
            case "standby":
                assert_badged(sealer.standby(data.draw(st.sampled_from(StandbyReason))), language)
    assert sealer.badge_failures == 0


@settings(max_examples=25, deadline=None)
@given(data=st.data(), size=SIZES, language=st.sampled_from(LANGUAGES))
def test_a_covered_badge_never_passes(data: st.DataObject, size: tuple[int, int], language: str) -> None:
    """Anything opaque over a part of the letters is found, in whatever shade but the letters' own."""
    format = VideoFormat(*size, 30.0)  # noqa: A001
    sealed = Sealer(SealConfig(language), format, IDENTITY).seal(data.draw(pictures(*size)), 0, 0)
    badge = Badge(load_masks(language), format)
    x, y, width, height = badge.box
    tampered = sealed.i420.copy()
    area = tampered[y : y + height, x : x + width]
    rows, columns = np.nonzero(area == 235)
    letter = data.draw(st.integers(0, len(rows) - 1))
    area[rows[letter], columns[letter]] = data.draw(st.integers(0, 255).filter(lambda shade: shade != 235))
    assert not badge.intact(tampered)
