"""Where badge, opening row and barcode stand: from the picture's size alone, so that any reader can find them.

0 ┌──────────────────────────────────────────────┐
  │               ┌──────────────┐               │ top
  │  opening row  │ AI GENERATED │               │
  │               └──────────────┘               │ bottom
  │      This person is shown by an avatar       │
  ├──────────────────────────────────────────────┤ opening_bottom
  │             ▀▄▀▀▄  barcode (bench only)      │
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from avatard.errors import ConfigError

#: Below 12 pixels capitals are unreadable, whatever share of the picture they are.
LEAST_CAP = 12
#: The badge's widest, of the shorter side: a centred 9:16 crop of a wide picture (405 px at 720 lines) keeps it whole.
WIDEST = 9 / 16
#: The smallest picture that holds the shortest badge.
LEAST_WIDTH, LEAST_HEIGHT = 64, 48


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows and sizes in pixels, all even, as chroma is at half size."""

    cap: int  #: height of the badge's capitals: 5 % of the shorter side at least
    pad: int  #: plate around them
    top: int  #: first row of the badge's plate
    bottom: int  #: first row below it
    widest: int  #: of the badge's plate
    opening_cap: int  #: capitals of the opening row's text, where it fits
    opening_bottom: int  #: first row below the opening row

    @classmethod
    def of(cls, width: int, height: int) -> Layout:
        """The layout of a picture. Raises ConfigError where the badge cannot fit or I420 cannot be."""
        if width % 2 or height % 2 or width < LEAST_WIDTH or height < LEAST_HEIGHT:
            raise ConfigError(
                f"a picture of {width}x{height} cannot carry the badge",
                f"Use an even width and height of at least {LEAST_WIDTH}x{LEAST_HEIGHT}, as 1280x720.",
            )
        shorter = min(width, height)
        cap = max(LEAST_CAP, 2 * math.ceil(shorter / 40))
        pad = 2 * int(0.21 * cap)
        top = 2 * round(shorter / 60)
        bottom = top + cap + 2 * pad
        opening_cap = max(8, 2 * round(shorter / 50))
        return cls(cap, pad, top, bottom, int(WIDEST * shorter), opening_cap, bottom + opening_cap + 2 * pad)
