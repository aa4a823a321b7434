from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from avatard.control import address


@pytest.mark.parametrize(
    ("env", "path"),
    [
        (
            {"AVATARD_SOCKET": "/run/avatard/avatard.sock", "XDG_RUNTIME_DIR": "/run/user/1"},
            "/run/avatard/avatard.sock",
        ),
        ({"XDG_RUNTIME_DIR": "/run/user/1"}, "/run/user/1/avatard.sock"),
        ({}, f"{tempfile.gettempdir()}/avatard-{os.getuid()}/avatard.sock"),
    ],
)
def test_the_socket_is_where_the_environment_says(env: dict[str, str], path: str) -> None:
    assert address.default_path(env) == Path(path)


def test_the_peer_of_a_pair_is_this_user() -> None:
    a, b = socket.socketpair()
    with a, b:
        assert address.peer_uid(a) == os.getuid()


def test_this_user_and_root_are_trusted_and_others_are_not() -> None:
    assert address.is_trusted(os.getuid())
    assert address.is_trusted(0)
    assert not address.is_trusted(os.getuid() + 1)


@pytest.fixture
def system_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "run" / "avatard.sock"
    monkeypatch.setattr(address, "SYSTEM_SOCKET", path)
    return path


def test_commands_ask_the_user_s_own_daemon_first(system_socket: Path, tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(tmp_path)}
    own = tmp_path / "avatard.sock"
    asked = [address.client_path(env)]
    system_socket.parent.mkdir()
    asked.append(address.client_path(env))
    own.touch()
    asked.append(address.client_path(env))
    assert asked == [own, system_socket, own]


def test_a_named_socket_is_asked_and_no_other(system_socket: Path) -> None:
    system_socket.parent.mkdir()
    assert address.client_path({"AVATARD_SOCKET": "/x/y"}) == Path("/x/y")


def test_a_daemon_never_takes_the_service_s_place_unasked(system_socket: Path, tmp_path: Path) -> None:
    system_socket.parent.mkdir()
    assert address.default_path({"XDG_RUNTIME_DIR": str(tmp_path)}) == tmp_path / "avatard.sock"


def test_the_service_s_socket_is_for_its_group(system_socket: Path) -> None:
    system_socket.parent.mkdir(mode=0o750)
    with address.listening(system_socket):
        assert system_socket.stat().st_mode & 0o777 == 0o660


def test_any_other_socket_is_for_its_user_alone(system_socket: Path, tmp_path: Path) -> None:
    with address.listening(tmp_path / "s"):
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="Linux tells a peer's groups")
def test_the_groups_of_a_peer_are_known() -> None:
    a, b = socket.socketpair()
    with a, b:
        assert address.peer_groups(a) == {os.getgid(), *os.getgroups()}
