"""The real questions, asked of the machine that runs the tests."""

from __future__ import annotations

import os

import pytest

from avatard.doctor.questions import (
    groups,
    import_problem,
    installed,
    load,
    network_ms,
    package_folder,
    pipewire_problem,
)
from avatard.errors import SinkError


def test_packages_are_found_without_importing_them() -> None:
    assert "numpy" in installed()
    assert package_folder("mediapipe") is not None
    assert package_folder("no_such_package") is None
    assert package_folder("json.no_such") is None


def test_an_import_says_what_is_wrong() -> None:
    assert import_problem("json") == ""
    assert "no_such_module" in import_problem("no_such_module")


def test_the_shipped_network_runs_on_this_machine() -> None:
    assert network_ms("cpu") > 0


@pytest.mark.parametrize("there", [True, False])
def test_pipewires_library(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def library() -> None:
        if not there:
            raise SinkError("PipeWire is not installed", "sudo apt install pipewire")

    monkeypatch.setattr("avatard.output.pipewire_library.library", library)

    assert pipewire_problem() == ("" if there else "PipeWire is not installed")


def test_the_load_is_a_number() -> None:
    assert load() >= 0


def test_the_groups_are_this_process_s() -> None:
    assert groups() == (frozenset(os.getgroups()) if hasattr(os, "getgroups") else frozenset())
