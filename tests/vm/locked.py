"""The lines of a lock that hold for another Python on Linux: `locked.py run.txt 3.11`.

pip takes markers to be about the Python that it runs in, even with --python-version.
"""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.requirements import Requirement


def held(lock: str, version: str) -> str:
    """The requirements of `lock` (name==version ; marker, then hashes) that Python `version` gets, unconditional."""
    python = {
        "implementation_name": "cpython",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{version}.0",
        "python_version": version,
        "sys_platform": "linux",
    }
    lines = (line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    kept = []
    for entry in "\n".join(lines).replace("\\\n", " ").splitlines():
        words, *hashes = entry.split("--hash=")
        if not words.strip():
            continue
        requirement = Requirement(words.strip())
        if requirement.marker is None or requirement.marker.evaluate(python):
            kept.append(
                " ".join([f"{requirement.name}{requirement.specifier}", *(f"--hash={h.strip()}" for h in hashes)])
            )
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    sys.stdout.write(held(Path(sys.argv[1]).read_text(), sys.argv[2]))
