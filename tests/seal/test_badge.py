from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatard.seal.badge import Badge, opening_row
from avatard.seal.layout import Layout
from avatard.seal.masks import LANGUAGES, load_masks
from avatard.sealed import I420, VideoFormat

SIZES = [(1280, 720), (640, 480), (1920, 1080), (720, 720), (720, 1280), (320, 240), (960, 540), (848, 480), (640, 360)]


def i420(bgr: int, width: int = 1280, height: int = 720) -> I420:
    picture = np.full((height, width, 3), bgr, np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)


def badge(language: str = "en", width: int = 1280, height: int = 720) -> Badge:
    return Badge(load_masks(language), VideoFormat(width, height, 30.0))


def crop(buffer: I420, box: tuple[int, int, int, int]) -> I420:
    x, y, width, height = box
    return buffer[y : y + height, x : x + width]


def linear(grey: float) -> float:
    c = grey / 255
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("backdrop", [0, 128, 255])
def test_contrast_is_thirteen_to_one_over_any_backdrop(backdrop: int) -> None:
    buffer, one = i420(backdrop), badge()
    one.draw(buffer)
    rgb = cv2.cvtColor(buffer, cv2.COLOR_YUV2BGR_I420)
    shown = crop(np.asarray(rgb, np.uint8), one.box)
    plate = shown[4:8, 20:-20]  # between the plate's rim and the letters
    assert (linear(float(shown.max())) + 0.05) / (linear(float(plate.max())) + 0.05) >= 13


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_full_text_fits_a_vertical_crop_at_every_usual_size(language: str, size: tuple[int, int]) -> None:
    one = badge(language, *size)
    x, y, width, height = one.box
    shorter = min(size)
    assert width > 2.5 * height, "the letters alone"
    assert width <= shorter * 9 / 16
    assert abs(2 * x + width - size[0]) <= 2
    assert y >= 0.03 * shorter - 2
    assert height >= 0.05 * shorter


@pytest.mark.parametrize("size", [(160, 120), (64, 48), (1280, 64)])
def test_letters_alone_where_the_text_has_no_room(size: tuple[int, int]) -> None:
    _, _, width, height = badge("en", *size).box
    assert width < 2 * height
    assert Layout.of(*size).cap == 12


@pytest.mark.parametrize("size", SIZES)
def test_capitals_are_five_percent_of_the_shorter_side(size: tuple[int, int]) -> None:
    buffer, one = i420(128, *size), badge("en", *size)
    one.draw(buffer)
    letters = crop(buffer, one.box) > 125  # half covered
    first = np.flatnonzero(letters.any(axis=0))[0]
    a = letters[:, first : first + letters.shape[0] // 2]  # the A of AI
    rows = np.flatnonzero(a.any(axis=1))
    assert rows[-1] - rows[0] + 1 >= 0.05 * min(size)


def test_the_text_is_not_mirrored() -> None:
    buffer, one = i420(128), badge()
    one.draw(buffer)
    ink = crop(buffer, one.box)[16:50, 14:-14].astype(np.float32)
    word = load_masks("en").badge.at(36)[18:52, :]
    word = np.asarray(cv2.resize(word, (ink.shape[1], ink.shape[0])), np.float32)

    def likeness(other: np.ndarray) -> float:
        return float(np.corrcoef(ink.ravel(), other.ravel())[0, 1])

    assert likeness(word) > 0.8
    assert likeness(word[:, ::-1]) < 0.5


def test_outside_the_plate_nothing_changes() -> None:
    buffer, one = i420(200), badge()
    before = buffer.copy()
    one.draw(buffer)
    x, y, width, height = one.box
    changed = buffer[:720] != before[:720]
    changed[y : y + height, x : x + width] = False
    assert not changed.any()
    assert (buffer[720:] != before[720:]).sum() == 0  # grey stays grey


def test_colour_is_pulled_to_grey_under_the_plate() -> None:
    red = np.zeros((720, 1280, 3), np.uint8)
    red[..., 2] = 255
    buffer, one = np.asarray(cv2.cvtColor(red, cv2.COLOR_BGR2YUV_I420), np.uint8), badge()
    one.draw(buffer)
    shown = crop(np.asarray(cv2.cvtColor(buffer, cv2.COLOR_YUV2BGR_I420), np.uint8), one.box)
    plate = shown[4:8, 20:-20].astype(int)
    assert plate.max() < 60
    letters = shown[shown.min(axis=2) > 225].astype(int)
    assert letters.size > 0
    assert np.ptp(letters, axis=1).max() < 40  # at the letters' edges; red itself spans 255


def test_intact_tells_present_from_absent() -> None:
    buffer, one = i420(90), badge()
    assert not one.intact(buffer)
    one.draw(buffer)
    assert one.intact(buffer)


@pytest.mark.parametrize("where", ["letter", "plate", "chroma"])
def test_a_flipped_byte_is_found(where: str) -> None:
    buffer, one = i420(90), badge()
    one.draw(buffer)
    x, y, width, height = one.box
    if where == "chroma":
        buffer.reshape(-1)[1280 * 720 + (y + height // 2) // 2 * 640 + (x + width // 2) // 2] ^= 0x80
    else:
        area = crop(buffer, one.box)
        row, column = np.argwhere(area == (235 if where == "letter" else area[6, 40]))[20]
        area[row, column] ^= 0x80
    assert not one.intact(buffer)


def test_a_shifted_or_mirrored_badge_does_not_pass() -> None:
    buffer, one = i420(90), badge()
    one.draw(buffer)
    assert not one.intact(np.roll(buffer, 2, axis=1))
    assert not one.intact(np.ascontiguousarray(buffer[:, ::-1]))


@pytest.mark.parametrize("size", [*SIZES, (64, 48)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_opening_row_spans_the_picture(language: str, size: tuple[int, int]) -> None:
    buffer = i420(255, *size)
    row = opening_row(load_masks(language), VideoFormat(*size, 30.0))
    row.draw(buffer)
    bottom = Layout.of(*size).opening_bottom
    assert (buffer[:bottom, 0] < 60).all()
    assert (buffer[:bottom, -1] < 60).all()
    assert (buffer[bottom : size[1]] == 235).all()
    assert (buffer[:bottom] > 150).any()
    assert bottom < 0.25 * size[1] or size[1] < 240
