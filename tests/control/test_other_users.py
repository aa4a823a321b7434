"""What another user's process gets, and what a user gets from another's. Needs root, to be two users."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from avatard.control import address
from avatard.control.client import call
from avatard.control.protocol import Request, encode_request
from avatard.control.server import Server
from avatard.errors import ControlError

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root to be two users")

NOBODY = 65534


def nothing(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
    return {}


@contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def path() -> Iterator[Path]:
    """In a folder that others may look into; pytest's own is closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "avatard.sock"


def test_the_socket_itself_keeps_others_out(path: Path) -> None:
    with Server(path, nothing), socket.socket(socket.AF_UNIX) as s, as_nobody(), pytest.raises(PermissionError):
        s.connect(str(path))


def test_whom_another_user_s_socket_keeps_out_is_told_of_no_group(path: Path) -> None:
    """Only the system's service has one."""
    with Server(path, nothing), as_nobody(), pytest.raises(ControlError, match="no permission") as caught:
        call("status", socket=path)
    assert caught.value.hint == address.YOURS


def test_one_who_gets_in_all_the_same_is_not_answered(path: Path) -> None:
    asked: list[str] = []

    def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        asked.append(command)
        return {}

    with Server(path, handle), socket.socket(socket.AF_UNIX) as s:
        path.chmod(0o666)
        s.settimeout(10)
        with as_nobody():
            s.connect(str(path))
        try:
            s.sendall(encode_request(Request(1, "stop")))
            assert s.recv(100) == b""
        except OSError:
            pass  # it had hung up before we spoke
        call("status", socket=path)
    assert asked == ["status"]


def test_a_socket_that_another_user_put_there_is_not_obeyed(path: Path) -> None:
    path.parent.chmod(0o777)
    with socket.socket(socket.AF_UNIX) as other:
        with as_nobody():
            other.bind(str(path))
            other.listen()
        with pytest.raises(ControlError, match="another user listens"):
            call("status", socket=path)


def test_a_folder_of_another_user_is_not_used(path: Path) -> None:
    os.chown(path.parent, NOBODY, NOBODY)
    with pytest.raises(ControlError, match="not this user's own"):
        Server(path, nothing).__enter__()


SERVICE = 12345  #: stands for the service's user and its group


@pytest.fixture
def service(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A child that serves as user and group `SERVICE` at the system service's place."""
    monkeypatch.setattr(address, "SYSTEM_SOCKET", path)
    os.chown(path.parent, SERVICE, SERVICE)
    path.parent.chmod(0o750)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(SERVICE)
        os.setuid(SERVICE)
        with Server(path, nothing):
            signal.pause()
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    yield path
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def asks(path: Path, groups: list[int]) -> int:
    """Exit code of a user of these groups who asks for the status."""
    child = os.fork()
    if child == 0:
        os.setgroups(groups)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            call("status", socket=path)
        except ControlError as e:
            os._exit(1 if "no permission" in e.message and "usermod -aG avatard" in e.hint else 2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_service_obeys_its_group(service: Path) -> None:
    assert asks(service, [SERVICE]) == 0


def test_the_service_obeys_nobody_else_and_says_what_to_do(service: Path) -> None:
    assert asks(service, []) == 1


def test_the_service_s_group_must_be_the_process_s_own_not_only_the_socket_s(service: Path) -> None:
    """Where the modes were loosened by hand, the daemon itself still asks who is there."""
    service.chmod(0o666)
    service.parent.chmod(0o755)
    assert asks(service, []) == 2
