"""What changed between two results: `python benchmarks/compare.py BEFORE.json AFTER.json`.

Prints AFTER over BEFORE for every figure. Two runs on one idle machine differ by about 5 % in CPU time and by 10 %
in p95; the plain path, measured in both, shows how much of a change is the machine's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Figures of one result, as paths into its JSON; each stage's are added.
FIGURES = (
    ("fps",),
    ("cpu_ms_per_frame",),
    ("rss_mb",),
    ("start_ms",),
    ("age_ms", "p50"),
    ("age_ms", "p95"),
    ("age_ms", "p99"),
    ("plain", "cpu_ms_per_frame"),
    ("plain", "age_ms", "p50"),
)


def figures(result: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Name and value of every figure that the result has."""
    stages = [("stages_ms", name, "p50") for name in result.get("stages_ms", {})]
    core = [("core_ms", name) for name in result.get("core_ms", {})]
    for path in (*FIGURES, *stages, *core):
        value: Any = result
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, int | float):
            yield " ".join(path), float(value)


def compare(before: dict[str, Any], after: dict[str, Any]) -> str:
    """A line a figure: before, after, their ratio. What only one of them has is left out."""
    then = dict(figures(before))
    lines = []
    if (old := before["machine"]["cpu"]) != (new := after["machine"]["cpu"]):
        lines.append(f"not the same machine: {old}, {new}")
    for name, value in figures(after):
        if name in then:
            ratio = f"{value / then[name]:7.2f}x" if then[name] else "        "
            lines.append(f"{name:28}{then[name]:10.2f} → {value:10.2f} {ratio}")
    return "\n".join(lines)


def main() -> None:
    """Compare the two files named."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    before, after = (json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:])
    print(compare(before, after))


if __name__ == "__main__":
    main()
