from __future__ import annotations

import threading

import numpy as np
import pytest

from avatard.config import SealConfig
from avatard.errors import ConfigError
from avatard.frame import Picture
from avatard.seal import Sealer, StandbyReason
from avatard.seal.badge import Badge
from avatard.seal.barcode import decode
from avatard.seal.identity import MarkIdentity
from avatard.seal.layout import Layout
from avatard.seal.masks import load_masks
from avatard.sealed import Sealed, VideoFormat

IDENTITY = MarkIdentity(bytes(32))
FORMAT = VideoFormat(640, 480, 30.0)


def sealer(format: VideoFormat = FORMAT, **settings: str | bool) -> Sealer:  # noqa: A002
    return Sealer(SealConfig(**settings), format, IDENTITY)  # type: ignore[arg-type]


def noise(format: VideoFormat = FORMAT) -> Picture:  # noqa: A002
    return np.random.default_rng(1).integers(0, 256, (format.height, format.width, 3), np.uint8)


def badged(sealed: Sealed) -> bool:
    return Badge(load_masks("en"), sealed.format).intact(sealed.i420)


def row_shown(sealed: Sealed) -> bool:
    """Whether the strip's lowest line is plate from edge to edge, over a white picture."""
    return bool((sealed.i420[Layout.of(sealed.format.width, sealed.format.height).opening_bottom - 2] < 60).all())


def test_what_is_sealed_is_the_picture_with_a_badge() -> None:
    picture = np.full((480, 640, 3), 200, np.uint8)
    sealed = sealer().seal(picture, 7, 123)
    assert badged(sealed)
    assert (sealed.seq, sealed.captured_ns, sealed.standby) == (7, 123, "")
    assert sealed.i420.shape == (720, 640)
    assert not sealed.i420.flags.writeable
    assert abs(float(sealed.i420[300:480].mean()) - (16 + 200 * 219 / 255)) < 1


@pytest.mark.parametrize("shape", [(480, 641, 3), (240, 640, 3), (480, 640)])
def test_a_picture_of_another_size_is_a_bug(shape: tuple[int, ...]) -> None:
    with pytest.raises(AssertionError):
        sealer().seal(np.zeros(shape, np.uint8), 0, 0)


@pytest.mark.parametrize("size", [(62, 48), (64, 46), (641, 480), (640, 481)])
def test_a_size_that_cannot_carry_the_badge_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match="cannot carry the badge"):
        sealer(VideoFormat(*size, 30.0))


def test_the_opening_row_is_shown_for_three_seconds_then_after_announce_and_standby() -> None:
    one = sealer()
    white = np.full((480, 640, 3), 255, np.uint8)

    def shown(count: int) -> list[bool]:
        result = []
        for _ in range(count):
            sealed = one.seal(white, 0, 0)
            result.append(row_shown(sealed))
            sealed.release()
        return result

    assert shown(100) == [True] * 90 + [False] * 10
    one.announce()
    assert shown(100) == [True] * 90 + [False] * 10
    one.standby(StandbyReason.HANG)
    assert shown(100) == [True] * 90 + [False] * 10


def test_the_opening_row_returns_by_itself_every_five_minutes() -> None:
    one = Sealer(SealConfig(), VideoFormat(64, 48, 1.0), IDENTITY)
    white = np.full((48, 64, 3), 255, np.uint8)
    shown = []
    for _ in range(303):
        sealed = one.seal(white, 0, 0)
        shown.append(row_shown(sealed))
        sealed.release()
    assert shown == [True] * 3 + [False] * 297 + [True] * 3


@pytest.mark.parametrize("reason", list(StandbyReason))
def test_standby_says_why_and_is_badged(reason: StandbyReason) -> None:
    sealed = sealer().standby(reason)
    assert badged(sealed)
    assert sealed.standby == reason.value
    assert sealed.seq == -1
    assert not sealed.i420.flags.writeable


def test_standby_cards_differ_and_need_no_buffer() -> None:
    one = sealer()
    held = [one.seal(noise(), 0, 0) for _ in range(4)]
    cards = [one.standby(reason) for reason in StandbyReason] * 3
    assert len(held) == 4
    assert len({card.i420.tobytes() for card in cards if card.standby in {"paused", "consent", "starting"}}) == 3
    for card in cards:
        card.release()
        card.release()  # shared: nothing to give back


def test_standby_from_another_thread_while_sealing() -> None:
    one = sealer()
    picture, stop, wrong = noise(), threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            card = one.standby(StandbyReason.ENGINE)
            if not badged(card):
                wrong.append(card)
            card.release()

    asker = threading.Thread(target=ask)
    asker.start()
    for seq in range(60):
        sealed = one.seal(picture, seq, seq)
        assert badged(sealed)
        sealed.release()
    stop.set()
    asker.join()
    assert not wrong
    assert one.badge_failures == 0


def test_a_failed_self_check_shows_standby_until_the_badge_is_back() -> None:
    one = sealer()
    picture = noise()
    draw = one._badge.draw
    one._badge.draw = lambda i420: None  # type: ignore[method-assign]
    for failures in (1, 2):
        sealed = one.seal(picture, 3, 4)
        assert sealed.standby == "badge"
        assert badged(sealed)
        assert one.badge_failures == failures
    one._badge.draw = draw  # type: ignore[method-assign]
    assert one.seal(picture, 3, 4).standby == ""
    assert one.badge_failures == 2


def test_a_badge_lost_in_flight_is_found_within_thirty_pictures() -> None:
    one = sealer()
    picture = noise()
    one.seal(picture, 0, 0).release()
    one._badge.draw = lambda i420: None  # type: ignore[method-assign]
    standby = []
    for _ in range(30):
        sealed = one.seal(picture, 0, 0)
        standby.append(sealed.standby)
        sealed.release()
    assert standby[0] == ""
    assert standby[-1] == "badge"


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (720, 1280), (160, 120)])
def test_barcode_is_read_beside_badge_and_opening_row(size: tuple[int, int]) -> None:
    format = VideoFormat(*size, 30.0)  # noqa: A001
    sealed = sealer(format, barcode=True).seal(noise(format), 123456, 987654321012345)
    assert decode(sealed.i420[: format.height]) == (123456, 987654321012345)
    assert badged(sealed)


def test_without_the_setting_there_is_no_barcode() -> None:
    assert decode(sealer().seal(noise(), 1, 2).i420[:480]) is None


def test_the_hour_turns_while_sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = sealer()
    before = one._mark
    later = IDENTITY.payload(before.payload.started.replace(year=2027))
    monkeypatch.setattr(MarkIdentity, "payload", lambda self, at=None: later)
    one.seal(noise(), 0, 0).release()
    for thread in threading.enumerate():
        if thread.name == "mark":
            thread.join()
    assert one._mark is not before
    assert one._mark.payload == later
    assert badged(one.standby(StandbyReason.PAUSED))
