"""Puts the repository and the recipes of the shipped pictures (head, teeth, skin of MakeHuman) on the import path."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "avatard" / "assets" / "recipes")]
