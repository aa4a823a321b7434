"""What NVIDIA's own tool says of the GPUs, for whoever has none of our libraries."""

from __future__ import annotations

from typing import Final

QUERY: Final = ("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")


def gpus(said: str) -> list[tuple[str, str]]:
    """Name and driver's version of each GPU in what `QUERY` printed: ("NVIDIA GeForce RTX 4090", "580.95")."""
    rows = [line.rpartition(",") for line in said.splitlines()]
    return [(name.strip(), version.strip()) for name, _, version in rows if name.strip()]
