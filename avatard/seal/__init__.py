"""Seal: one conversion to the sinks' I420, then badge and invisible mark on those very bytes, then the self-check."""

from __future__ import annotations

from avatard.seal.sealer import Sealer
from avatard.seal.standby import StandbyReason

__all__ = ["Sealer", "StandbyReason"]
