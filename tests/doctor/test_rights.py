from __future__ import annotations

import os
from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.rights import no_permission
from avatard.errors import SourceError
from tests.doctor.machine import machine, write

#: The group that files of this test have.
OURS = os.stat(__file__).st_gid if not hasattr(os, "getgid") else os.getgid()


@pytest.mark.parametrize(
    ("group", "groups", "fix", "advice"),
    [
        (f"video:x:{OURS}:grace", set(), "sudo usermod -aG video $USER", "Then log out and in again."),
        (f"camera:x:{OURS}:", set(), "sudo usermod -aG camera $USER", "Then log out and in again."),
        (f"video:x:{OURS}:grace,ada", set(), "newgrp video   # for this terminal alone", "this session began before"),
        (f"video:x:{OURS}:ada", {OURS}, "sudo chmod g+rw ", "may not open it"),
        (f"root:x:{OURS}:", set(), "sudo udevadm trigger", "udev has not"),
        ("", set(), "sudo udevadm trigger", "udev has not"),
    ],
    ids=["not in it", "another group", "joined, not yet in force", "in it, to no avail", "root's", "nobody's"],
)
def test_what_lets_this_user_in(tmp_path: Path, group: str, groups: set[int], fix: str, advice: str) -> None:
    node = write(tmp_path, "dev/video0")
    os.chown(node, -1, OURS)
    write(tmp_path, "etc/group", f"# who\ndaemon\n{group}\n")
    finding = no_permission(machine(tmp_path, groups=frozenset(groups)), "camera", "it", node, SourceError)

    assert (finding.level, finding.error, finding.text) == (Level.FAIL, SourceError, "no permission to open it")
    assert finding.fix.startswith(fix)
    assert advice in finding.advice


def test_a_node_that_went_meanwhile(tmp_path: Path) -> None:
    finding = no_permission(machine(tmp_path), "camera", "it", tmp_path / "dev/video0", SourceError)

    assert finding.fix == "sudo usermod -aG video $USER"
