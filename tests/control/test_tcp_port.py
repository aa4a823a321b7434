"""The way in that Windows has, on this machine: it needs nothing of Windows."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from avatard.control import door, tcp_port
from avatard.control.client import NotRunningError, call
from avatard.control.protocol import Request, encode_request
from avatard.control.server import Server
from avatard.errors import AvatarError, ControlError


@pytest.fixture(autouse=True)
def no_unix_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Server and client choose as on Windows; the port itself asks nothing of it."""

    class Windows:
        platform = "win32"

    monkeypatch.setattr(door, "sys", Windows)


def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
    if command == "use":
        raise AvatarError("no avatar is called 'x'", "avatard avatar list")
    return {"command": command, **args}


def port_of(path: Path) -> int:
    return int(path.read_text().split()[0])


def test_a_command_and_its_answer(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "control"
    with Server(path, handle):
        assert call("status", {"full": True}, path) == {"command": "status", "full": True}
        with pytest.raises(AvatarError, match="no avatar is called"):
            call("use", socket=path)
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_the_token_is_this_user_s_alone(tmp_path: Path) -> None:
    with tcp_port.listening(tmp_path / "control") as (_, token):
        assert (tmp_path / "control").stat().st_mode & 0o777 == 0o600
        assert token.decode() in (tmp_path / "control").read_text()


def test_the_file_is_the_same_bytes_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "linesep", "\r\n")
    with tcp_port.listening(tmp_path / "control") as (listener, token):
        written = (tmp_path / "control").read_bytes()
        assert written == b"%d %s\n" % (listener.getsockname()[1], token)


def test_each_daemon_has_a_token_of_its_own(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(3):
        with tcp_port.listening(tmp_path / "control") as (_, token):
            tokens.add(token)
    assert len(tokens) == 3


@pytest.mark.parametrize(
    "said",
    [
        encode_request(Request(1, "stop")),
        b"0" * 64 + b"\n" + encode_request(Request(1, "stop")),
        b"\n" + encode_request(Request(1, "stop")),
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + encode_request(Request(1, "stop")),
        b"x" * 100_000,
    ],
    ids=["no token", "a wrong one", "an empty line", "a web page", "a flood"],
)
def test_who_has_not_the_token_is_not_answered(said: bytes, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        asked.append(command)
        return {}

    path = tmp_path / "control"
    with Server(path, note):
        with socket.create_connection(("127.0.0.1", port_of(path)), 10) as stranger:
            try:
                stranger.sendall(said)
                assert b'"ok":true' not in stranger.recv(1000)
            except ConnectionError:
                pass  # it had hung up before we had said all
        call("status", socket=path)
    assert asked == ["status"]


def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    with tcp_port.listening(tmp_path / "control") as (listener, _):
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_second_daemon_is_refused(tmp_path: Path) -> None:
    with (
        Server(tmp_path / "control", handle),
        pytest.raises(ControlError, match=f"pid {os.getpid()}"),
        Server(tmp_path / "control", handle),
    ):
        pass


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        call("status", socket=tmp_path / "control")


def test_a_killed_daemon_left_its_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "control"
    with Server(path, handle):
        left = path.read_bytes()
    path.write_bytes(left)
    with pytest.raises(NotRunningError):
        call("status", socket=path)
    with Server(path, handle):  # and the next one puts its own in its place
        assert call("status", socket=path) == {"command": "status"}


@pytest.mark.parametrize("text", ["", "99999999 x", "80 " + "g" * 64, "\0" * 200, "80 " + "0" * 64 + " and more"])
def test_another_file_is_not_believed(text: str, tmp_path: Path) -> None:
    (tmp_path / "control").write_text(text)
    with pytest.raises(ControlError, match="does not tell where avatard listens"):
        call("status", socket=tmp_path / "control")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ControlError, match="cannot use the folder"), Server(tmp_path / "file" / "control", handle):
        pass
