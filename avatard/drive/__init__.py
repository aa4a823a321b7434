"""Drive: what pose and expression the avatar shows at this instant.

`Driver.observe` takes what the tracker saw; `Driver.motion` blends it with idle movement for any instant asked.
"""

from __future__ import annotations

from avatard.drive.driver import Driver

__all__ = ["Driver"]
