"""The server over real sockets: what a person, a storm and rubbish get."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from avatard.control import server as server_module
from avatard.control.client import NotRunningError, call
from avatard.control.protocol import MAX_LINE, Request, encode_request
from avatard.control.server import MAX_CLIENTS, Server
from avatard.errors import AvatarError, ControlError

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


def echo(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
    match command:
        case "use":
            raise AvatarError(f"there is no avatar {args['avatar']}", "There is mira.")
        case "bug":
            raise KeyError("private detail")
        case "nan":
            return {"x": float("nan")}
    return {"command": command, "args": dict(args), "thread": threading.current_thread().name}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "avatard.sock"


def connect(path: Path) -> socket.socket:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(10)
    try:
        s.connect(str(path))
    except OSError:
        s.close()
        raise
    return s


def answers(s: socket.socket) -> list[dict[str, object]]:
    """Every reply until the server hangs up."""
    received = b""
    while data := s.recv(65536):
        received += data
    return [json.loads(line) for line in received.splitlines()]


def test_a_call_is_answered_on_the_servers_thread(path: Path) -> None:
    with Server(path, echo):
        assert call("status", {"a": 1}, path) == {"command": "status", "args": {"a": 1}, "thread": "control"}


def test_a_refusal_arrives_as_the_error_it_was(path: Path) -> None:
    with Server(path, echo), pytest.raises(AvatarError, match="no avatar nobody") as caught:
        call("use", {"avatar": "nobody"}, path)
    assert caught.value.hint == "There is mira."


def test_a_bug_in_a_command_keeps_its_details_in_the_log_and_the_server_alive(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(path, echo):
        with pytest.raises(ControlError) as caught:
            call("bug", socket=path)
        assert "private" not in caught.value.message
        assert "command bug failed" in caplog.text
        with pytest.raises(ControlError, match="not for the control protocol"):
            call("nan", socket=path)
        assert call("status", socket=path)


def test_socket_and_lock_are_for_this_user_only_and_the_mask_is_as_before(path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with Server(path, echo):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.with_name("avatard.sock.lock").stat().st_mode) == 0o600
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(mask)
    assert not path.exists()


def test_a_second_daemon_is_refused_by_the_pid_of_the_first_which_goes_on(path: Path) -> None:
    with Server(path, echo):
        with pytest.raises(ControlError, match=rf"another avatard runs \(pid {os.getpid()}\)") as caught:
            Server(path, echo).__enter__()
        assert "avatard stop" in caught.value.hint
        assert call("status", socket=path)


def test_the_socket_of_a_dead_daemon_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    path.with_name("avatard.sock.lock").write_text("999999\n")
    with pytest.raises(NotRunningError):
        call("status", socket=path)
    with Server(path, echo):
        assert call("status", socket=path)


def test_a_file_in_the_sockets_place_is_not_removed(path: Path) -> None:
    path.write_text("my notes")
    with pytest.raises(ControlError, match="not a socket"):
        Server(path, echo).__enter__()
    assert path.read_text() == "my notes"


def test_a_link_in_the_locks_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep")
    path.with_name("avatard.sock.lock").symlink_to(victim)
    with pytest.raises(ControlError, match="cannot write"):
        Server(path, echo).__enter__()
    assert victim.read_text() == "keep"


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(ControlError, match="not this user's own"):
        Server(folder / "avatard.sock", echo).__enter__()


def test_a_missing_folder_is_made_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "avatard-1000" / "avatard.sock"
    with Server(path, echo):
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(ControlError, match="cannot use the folder"):
        Server(tmp_path / "a" / "b" / "avatard.sock", echo).__enter__()


def test_a_path_too_long_for_a_socket_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 110)
    with pytest.raises(ControlError, match="too long"):
        Server(path, echo).__enter__()
    with pytest.raises(ControlError, match="too long"):
        call("status", socket=path)


def test_nobody_there_is_said_with_what_to_do(path: Path) -> None:
    with pytest.raises(NotRunningError) as caught:
        call("status", socket=path)
    assert caught.value.hint == "Start it with: avatard up"


@pytest.mark.parametrize(
    "rubbish", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 100 + b"\n", b"{}\n", b"a" * (MAX_LINE + 1)]
)
def test_rubbish_gets_one_error_line_and_the_end(path: Path, rubbish: bytes) -> None:
    with Server(path, echo):
        with connect(path) as s:
            s.sendall(rubbish)
            replies = answers(s)
        assert call("status", socket=path)
    assert len(replies) == 1
    assert replies[0]["ok"] is False
    assert replies[0]["id"] is None


def test_half_a_line_and_the_end_is_no_command(path: Path) -> None:
    seen: list[str] = []

    def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        seen.append(command)
        return {}

    with Server(path, handle):
        with connect(path) as s:
            s.sendall(encode_request(Request(1, "stop"))[:-1])
            s.shutdown(socket.SHUT_WR)
            assert answers(s) == []
        call("status", socket=path)
    assert seen == ["status"]


def test_several_commands_of_one_client_are_answered_in_order(path: Path) -> None:
    with Server(path, echo), connect(path) as s:
        s.sendall(b"".join(encode_request(Request(i, "status")) for i in range(5)))
        s.shutdown(socket.SHUT_WR)
        assert [reply["id"] for reply in answers(s)] == [0, 1, 2, 3, 4]


def test_idle_connections_do_not_keep_a_command_out(path: Path) -> None:
    with Server(path, echo) as server:
        idle = [connect(path) for _ in range(3 * MAX_CLIENTS)]
        assert call("status", socket=path)
        assert len(server._clients) <= MAX_CLIENTS
        for s in idle:
            s.close()


def test_a_client_that_says_nothing_is_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "IDLE_S", 0.05)
    with Server(path, echo), connect(path) as s:
        assert answers(s) == []


def test_a_storm_waits_and_a_person_is_still_answered(path: Path) -> None:
    """Clients send commands as fast as they can, and rubbish; each command of a person beside them gets through."""
    calm, handled = threading.Event(), 0

    def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        nonlocal handled
        handled += 1
        return {}

    def until_calm(storm: Callable[[socket.socket], None]) -> None:
        while not calm.is_set():
            try:
                with connect(path) as s:
                    storm(s)
            except OSError:
                continue

    def commands(s: socket.socket) -> None:
        s.settimeout(0.2)
        while not calm.is_set():
            s.sendall(encode_request(Request(1, "status")) * 50)

    storms = [commands, commands, lambda s: s.sendall(os.urandom(70_000)), lambda s: None]
    threads = [threading.Thread(target=until_calm, args=(storm,)) for storm in storms]
    with Server(path, handle) as server:
        for thread in threads:
            thread.start()
        try:
            for _ in range(5):
                assert call("status", socket=path, timeout_s=30) == {}
            assert len(server._clients) <= MAX_CLIENTS
        finally:
            calm.set()
            for thread in threads:
                thread.join()
        assert call("status", socket=path, timeout_s=30) == {}
    assert handled >= 6


def test_a_client_that_never_reads_is_let_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "TOTAL_RATE", 1e6)
    monkeypatch.setattr("avatard.control.connection.RATE", 1e6)

    def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        return {"x": "a" * 60_000}

    with Server(path, handle), connect(path) as s:
        requests = encode_request(Request(1, "status")) * 20_000
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            s.sendall(requests)
        assert call("status", socket=path)


def test_the_server_ends_while_clients_are_connected(path: Path) -> None:
    with Server(path, echo):
        s = connect(path)
        s.sendall(encode_request(Request(1, "status")) + b"half")
        assert s.recv(1)
    s.close()
    assert not [t for t in threading.enumerate() if t.name == "control"]
