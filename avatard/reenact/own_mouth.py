"""The driver's own mouth, where the user asked for it: a `DriverPatch` carried between the portrait's lips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from avatard.motion import DriverPatch
from avatard.reenact.fill import ONE_MAP, Floats

if TYPE_CHECKING:
    from avatard.reenact.mouth import Aperture

#: Exponent on the ratio of the two skins' brightness.
STRENGTH = 0.75


def carried(patch: DriverPatch, aperture: Aperture, upper: Floats, lower: Floats, skin: Floats) -> Floats:
    """The patch in the aperture's region, HxWx3 float32, 0..255.

    Column by column: a share of the way from corner to corner and from lip to lip is the same share in the patch.
    Colours are matched per channel by the two skins; what is dark in the mouth is nearly so in any light.
    """
    x = np.arange(aperture.left, aperture.left + aperture.width, dtype=np.float32)
    y = np.arange(aperture.top, aperture.top + aperture.height, dtype=np.float32)[:, None]
    across = np.linspace(0, 1, len(upper), dtype=np.float32)
    along = np.interp(x, np.maximum.accumulate(upper[:, 0]), across)
    gap = np.maximum(aperture.lower - aperture.upper, 1e-3)[None]
    down = np.clip((y - aperture.upper[None]) / gap, 0.0, 1.0)
    ring = patch.lips
    top, bottom = ring[:11], np.vstack([ring[0], ring[:10:-1], ring[10]])
    knots = np.linspace(0, 1, 11)
    first, last = (np.stack([np.interp(along, knots, edge[:, i]) for i in (0, 1)], -1) for edge in (top, bottom))
    # A little inside the lips' edge: the polygon's border is half skin.
    down = 0.04 + 0.92 * down
    where = (first[None] + (last - first)[None] * down[..., None]).astype(np.float32)
    inside = cv2.remap(patch.pixels, where, ONE_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # The light's colour is taken over whole; its strength less, as teeth are as white in a dark face as in a pale one.
    gain = skin / np.maximum(patch.skin, 8.0)
    level = max(float(gain.mean()), 1e-3)
    gain = np.clip((gain / level) ** 0.9 * level**STRENGTH, 0.35, 3.5)
    return np.asarray(inside.astype(np.float32) * gain, np.float32)
