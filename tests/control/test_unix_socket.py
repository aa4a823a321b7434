from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from avatard.control import address
from avatard.errors import ControlError

if sys.platform == "win32":
    pytest.skip("no Unix sockets", allow_module_level=True)

from avatard.control import unix_socket


@pytest.fixture
def system_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "run" / "avatard.sock"
    monkeypatch.setattr(address, "SYSTEM_SOCKET", path)
    return path


def test_the_peer_of_a_pair_is_this_user() -> None:
    a, b = socket.socketpair()
    with a, b:
        assert unix_socket.peer_uid(a) == os.getuid()


def test_this_user_and_root_are_trusted_and_others_are_not() -> None:
    assert unix_socket.is_trusted(os.getuid())
    assert unix_socket.is_trusted(0)
    assert not unix_socket.is_trusted(os.getuid() + 1)


def test_the_service_s_socket_is_for_its_group(system_socket: Path) -> None:
    system_socket.parent.mkdir(mode=0o750)
    with unix_socket.listening(system_socket):
        assert system_socket.stat().st_mode & 0o777 == 0o660


def test_any_other_socket_is_for_its_user_alone(system_socket: Path, tmp_path: Path) -> None:
    with unix_socket.listening(tmp_path / "s"):
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="Linux tells a peer's groups")
def test_the_groups_of_a_peer_are_known() -> None:
    a, b = socket.socketpair()
    with a, b:
        assert unix_socket.peer_groups(a) == {os.getgid(), *os.getgroups()}


def test_a_path_no_socket_can_have_is_refused(tmp_path: Path) -> None:
    for way_in in (unix_socket.listening, lambda path: unix_socket.connected(path, 1.0)):
        with pytest.raises(ControlError, match="too long"), way_in(tmp_path / ("x" * 104)):
            pass
