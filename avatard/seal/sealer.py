"""Makes every picture that leaves: conversion, mark, badge and self-check, on the very bytes a sink is given."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from avatard.frame import Picture
from avatard.seal.badge import Badge, opening_row
from avatard.seal.barcode import Barcode
from avatard.seal.chips import Chips
from avatard.seal.flash import Flash
from avatard.seal.identity import MarkIdentity
from avatard.seal.mark import FittedMark
from avatard.seal.masks import load_masks
from avatard.seal.standby import Cards, StandbyReason
from avatard.sealed import I420, Sealed, SealedPool, VideoFormat

if TYPE_CHECKING:
    from avatard.config import SealConfig
    from avatard.metronome import Metronome
    from avatard.seal.payload import Payload

log = logging.getLogger("avatard.seal")

#: In flight at once; more than four only where sinks of a tee hang, one each.
MOST_PICTURES = 12
CHECK_EVERY = 30  #: pictures between self-checks
FIT_EVERY = 150  #: pictures between two looks (1.5 ms) at where the picture is flat
OPENING_S = 3.0
#: A reader that attaches unseen still meets the opening row within this time.
OPENING_EVERY_S = 300.0


class Sealer:
    """Badge and mark, on every picture, whatever the settings.

    One thread seals; `standby` and `announce` are for any thread at any time. Raises ConfigError for a language or
    size that cannot be, EngineError where the badge's files are not the released ones.
    """

    def __init__(self, config: SealConfig, format: VideoFormat, identity: MarkIdentity | None = None) -> None:  # noqa: A002
        masks = load_masks(config.language)
        self._format = format
        self._pool = SealedPool(format, most=MOST_PICTURES)
        self._identity = identity or MarkIdentity.of_install()
        self._badge = Badge(masks, format)
        self._row = opening_row(masks, format)
        self._barcode = Barcode(format) if config.barcode else None
        self._flash = Flash(format)
        self.metronome: Metronome | None = None  #: flashes are drawn by it; any thread sets it
        self._cards = Cards(masks, format)

        self._announced = True  # a start is announced
        self._row_until = 0  # in pictures sealed
        self._sealed = 0
        self._look_again = True
        self._suspicious = True  # check the next picture, not only every 30th
        self.badge_failures = 0  #: self-checks that did not find the badge; the pipeline reads it
        self._payload = self._identity.payload()
        self._adopt(self._payload)

    def announce(self) -> None:
        """Show the opening row for the next 3 s of pictures: someone may be looking for the first time."""
        self._announced = True

    def look_again(self) -> None:
        """The next picture is of another avatar: the mark is fitted to it anew."""
        self._look_again = True

    def standby(self, reason: StandbyReason) -> Sealed:
        """The still card for `reason`, badged and marked beforehand: shared, never changes, takes no buffer."""
        self._announced = True  # the avatar that follows is a first exposure again
        now = time.monotonic_ns()
        return self._pool._mint(self._stills[reason], -1, now, now, reason.value, shared=True)

    def seal(self, picture: Picture, seq: int, captured_ns: int) -> Sealed:
        """Badge and mark a copy of `picture`, height x width x 3 BGR of the format's size.

        seq, captured_ns: of the frame that shaped it. Where the self-check fails the standby picture is returned and
        `badge_failures` counts. Raises IndexError when all buffers are held.
        """
        assert picture.shape == (self._format.height, self._format.width, 3), picture.shape
        assert picture.dtype == np.uint8, picture.dtype
        self._renew_mark()
        buffer = self._pool.take()
        try:
            return self._sealed_in(buffer, picture, seq, captured_ns)
        except BaseException:
            self._pool.give_back(buffer)
            raise

    def _sealed_in(self, buffer: I420, picture: Picture, seq: int, captured_ns: int) -> Sealed:
        cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420, dst=buffer)
        self._embed(buffer[: self._format.height])
        if self._row_is_due():
            self._row.draw(buffer)
        if (metronome := self.metronome) is not None:
            self._flash.draw(buffer, metronome, captured_ns)
        if self._barcode is not None:
            self._barcode.draw(buffer, seq, captured_ns)
        self._badge.draw(buffer)
        if not self._passes(buffer):
            self._pool.give_back(buffer)
            return self.standby(StandbyReason.BADGE)
        return self._pool._mint(buffer, seq, captured_ns, time.monotonic_ns())

    def _embed(self, luma: I420) -> None:
        """The mark, fitted to the picture now and then: a head moves, the ground behind it hardly."""
        if self._look_again or self._sealed % FIT_EVERY == 0:
            self._look_again = False
            self._mark.fit(luma)
        self._mark.embed(luma)

    def _passes(self, buffer: I420) -> bool:
        """The self-check: every 30th picture, and after a failure each until one passes."""
        self._sealed += 1
        if not self._suspicious and self._sealed % CHECK_EVERY:
            return True
        self._suspicious = not self._badge.intact(buffer)
        if self._suspicious:
            self.badge_failures += 1
            log.error("the badge was not found on a finished picture: showing standby instead")
        return not self._suspicious

    def _row_is_due(self) -> bool:
        """Counted in pictures, not seconds, so that a file rendered faster than real time shows it as long."""
        fps = self._format.fps
        if self._sealed % round(OPENING_EVERY_S * fps) == 0:
            self._announced = True
        if self._announced:
            self._announced = False
            self._row_until = self._sealed + round(OPENING_S * fps)
        return self._sealed < self._row_until

    def _renew_mark(self) -> None:
        """When the hour turns make the new mark beside the frame path (30 ms at 720p), and use it once it is there."""
        payload = self._identity.payload()
        if payload != self._payload:
            self._payload = payload
            threading.Thread(target=self._adopt, args=(payload,), name="mark", daemon=True).start()

    def _adopt(self, payload: Payload) -> None:
        mark = FittedMark(Chips(), payload, self._format.width, self._format.height)
        self._stills = self._cards.draw(mark.faint)
        self._mark = mark
        self._look_again = True
