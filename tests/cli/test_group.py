"""The program as a shell sees it: help, failures, exit codes."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from avatard.cli import group
from avatard.cli.group import cli
from avatard.errors import AvatardError, AvatarError


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "avatard", *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    """The time limit is 150 ms; what keeps it is that none of these is imported (numpy alone takes 100 ms)."""
    program = (
        "import sys; from avatard.cli.group import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & set(sys.argv[1:])))"
    )
    heavy = ["numpy", "rich", "cv2", "av", "mediapipe", "PIL", "psutil", "platformdirs", "attr", "cattrs", "logging"]
    done = subprocess.run(
        [sys.executable, "-c", program, *heavy], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for name in cli.list_commands(click.Context(cli)):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_is_there_and_explains_itself(name: str) -> None:
    module, _, _ = group._COMMANDS[name]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not written yet")
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage: " in done.output
    assert done.exception is None


def test_version() -> None:
    done = run("--version")
    assert done.stdout.startswith("avatard 0.")
    assert done.returncode == 0


def test_an_unknown_command_is_a_usage_error_with_the_nearest_name() -> None:
    done = run("statsu")
    assert done.returncode == 2
    assert "Did you mean status?" in done.stderr


def test_a_failure_is_one_line_and_a_hint_and_its_own_exit_code(tmp_path: Path) -> None:
    done = run("status", "--socket", str(tmp_path / "nobody.sock"))
    assert done.returncode == 18
    assert done.stdout == ""
    assert done.stderr == "error: no avatard is running\nStart it with: avatard up\n"


def test_a_wrong_setting_stops_before_anything_is_opened() -> None:
    done = run("up", "--size", "641x480")
    assert done.returncode == 10
    assert done.stderr.startswith("error: output.width must be an even number")
    assert run("up", "--size", "wide").returncode == 2


def _failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    @click.command()
    def command() -> None:
        raise error

    module = sys.modules[__name__]
    monkeypatch.setattr(module, "failing_command", command, raising=False)
    monkeypatch.setitem(group._COMMANDS, "stop", (__name__, "failing_command", ""))


@pytest.mark.parametrize("kind", AvatardError.__subclasses__())
def test_each_error_exits_with_its_code(kind: type[AvatardError], monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, kind("what", "do this"))
    done = CliRunner().invoke(cli, ["stop"])
    assert done.exit_code == kind.exit_code
    assert done.stderr == "error: what\ndo this\n"


def test_a_terminal_obeys_no_words_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, AvatarError("the id a\x1b[2J\x9b2J\u202e\ud800 is wrong", "first\x07\nsecond\r"))
    done = CliRunner().invoke(cli, ["stop"])
    assert done.stderr == "error: the id a [2J 2J   is wrong\nfirst \nsecond \n"


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, ZeroDivisionError("bug"))
    done = CliRunner().invoke(cli, ["stop"])
    assert done.exit_code == 1
    assert isinstance(done.exception, ZeroDivisionError)


def test_an_interrupt_is_silent_and_exits_as_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, KeyboardInterrupt())
    done = CliRunner().invoke(cli, ["stop"])
    assert (done.exit_code, done.output) == (130, "")


def test_errors_are_red_on_a_terminal_and_plain_where_colour_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, AvatarError("what"))
    assert "\x1b[31m" in CliRunner().invoke(cli, ["stop"], color=True).stderr
    assert "\x1b[" not in CliRunner(env={"NO_COLOR": "1"}).invoke(cli, ["stop"], color=True).stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_real_interrupt_of_a_waiting_command(tmp_path: Path) -> None:
    import socket

    path = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        command = [sys.executable, "-m", "avatard", "status", "--socket", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            listener.settimeout(30)
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)  # it waits for our answer now
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == (b"", b"", 130)
