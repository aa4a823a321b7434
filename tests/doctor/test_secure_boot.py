from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.secure_boot import KEYS, SECURE_BOOT, enroll, is_on
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, write


@pytest.mark.parametrize(
    ("variable", "on"), [(b"\x06\0\0\0\x01", True), (b"\x06\0\0\0\0", False), (b"", False), (None, False)]
)
def test_what_the_firmware_says(tmp_path: Path, variable: bytes | None, on: bool) -> None:
    if variable is not None:
        write(tmp_path, SECURE_BOOT).write_bytes(variable)

    assert is_on(machine(tmp_path)) == on


@pytest.mark.parametrize("key", KEYS)
def test_the_key_is_where_the_distribution_has_it(tmp_path: Path, key: str) -> None:
    write(tmp_path, key)

    assert enroll(machine(tmp_path)) == f"sudo mokutil --import /{key}"


def test_a_key_that_is_known_needs_nothing(tmp_path: Path) -> None:
    known = Answer(1, "/var/lib/dkms/mok.pub is already enrolled")

    assert enroll(machine(tmp_path, run=answers({"mokutil --test-key": known}))) == ""
