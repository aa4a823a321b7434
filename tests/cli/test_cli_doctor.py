from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from rich.console import Console

from avatard.cli.doctor import command as doctor
from avatard.cli.doctor import print_finding, print_summary
from avatard.doctor import Finding, Level, System
from avatard.errors import SinkError
from avatard.video_devices import INSTALL_LOOPBACK, KEEP_LOOPBACK

LONG = Finding("virtual camera", Level.FAIL, "a long tale of what is missing here, " * 5, KEEP_LOOPBACK, "Words. " * 20)


def check_healthy(system: System) -> Iterator[Finding]:
    yield Finding("python", Level.OK, "Python 3.11")


def check_wanting(system: System) -> Iterator[Finding]:
    yield Finding("camera", Level.WARN, "no camera [of any kind]", advice="Plug one in.")


def check_broken(system: System) -> Iterator[Finding]:
    yield Finding("virtual camera", Level.FAIL, "not installed", INSTALL_LOOPBACK, error=SinkError)


def check_mistaken(system: System) -> Iterator[Finding]:
    yield Finding("virtual camera", Level.OK, str(1 / 0))


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr("avatard.doctor.examination.CHECKS", request.param)


@pytest.mark.parametrize("checks", [(check_healthy, check_wanting, check_broken)], indirect=True)
def test_prints_lines_to_paste_whole(checks: None) -> None:
    result = CliRunner().invoke(doctor, [])

    assert result.exit_code == 12
    printed = [line.strip() for line in result.output.splitlines()]
    assert all(line in printed for line in INSTALL_LOOPBACK.splitlines())
    assert "! camera          no camera [of any kind]" in printed
    assert printed[-1] == "1 to fix before avatard works as it is set up; 1 to know of."


@pytest.mark.parametrize(
    ("checks", "last", "code"),
    [
        ((check_healthy,), "Nothing stops avatard from working.", 0),
        ((check_healthy, check_wanting), "Nothing stops avatard from working; 1 to know of.", 0),
        ((check_healthy, check_mistaken), "Nothing stops avatard from working; 1 could not be checked.", 1),
    ],
    indirect=["checks"],
)
def test_ends_with_what_stands_in_the_way(checks: None, last: str, code: int) -> None:
    result = CliRunner().invoke(doctor, [])

    assert result.exit_code == code
    assert result.output.splitlines()[-1] == last


@pytest.mark.parametrize("checks", [(check_wanting, check_broken)], indirect=True)
def test_as_json(checks: None) -> None:
    result = CliRunner().invoke(doctor, ["--json"])
    report = json.loads(result.output)

    assert result.exit_code == report["exit_code"] == 12
    assert report.keys() == {"schema", "avatard", "system", "findings", "exit_code"}
    assert report["findings"] == [
        {"check": "camera", "level": "warn", "text": "no camera [of any kind]", "fix": "", "advice": "Plug one in."},
        {"check": "virtual camera", "level": "fail", "text": "not installed", "fix": INSTALL_LOOPBACK, "advice": ""},
    ]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_words_are_broken_at_the_terminals_width_and_lines_to_paste_never(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None, markup=False)
    print_finding(console, LONG)
    printed = console.file.getvalue().splitlines()  # type: ignore[attr-defined]

    to_paste = [line for line in printed if line.strip() in KEEP_LOOPBACK.splitlines()]
    assert len(to_paste) == 2
    assert all(len(line) <= width for line in printed if line not in to_paste)
    assert all(line.startswith(" " * 18) and line == line.rstrip() for line in printed[1:])


def test_in_a_file_nothing_is_broken() -> None:
    console = Console(file=io.StringIO(), width=80, markup=False)
    print_finding(console, LONG)

    assert len(console.file.getvalue().splitlines()) == 4  # type: ignore[attr-defined]


def test_a_terminal_without_check_marks() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict", write_through=True)
    console = Console(file=out, width=80, markup=False)
    for level in Level:
        print_finding(console, Finding("camera", level, "text"))
    print_summary(console, [LONG])

    assert out.buffer.getvalue().split()[::3] == [b"+", b"!", b"x", b"?", b"1", b"before", b"as", b"set"]


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, coloured in (("NO_COLOR", False), ("FORCE_COLOR", True)):
        with monkeypatch.context() as patch:
            patch.setenv(variable, "1")
            patch.setenv("TERM", "xterm-256color")
            console = Console(file=io.StringIO(), force_terminal=True, markup=False)
            print_finding(console, LONG)
            assert ("\x1b[36m" in console.file.getvalue()) == coloured  # type: ignore[attr-defined]


@pytest.mark.slow
def test_this_machine_is_looked_at_without_a_bug() -> None:
    findings = json.loads(CliRunner().invoke(doctor, ["--json"]).output)["findings"]

    assert not [finding for finding in findings if finding["level"] == "bug"]
    assert {"python", "packages", "face models", "settings", "network", "service", "speed"} <= {
        finding["check"] for finding in findings
    }
