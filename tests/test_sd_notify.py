from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatard import sd_notify

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no service manager without Unix sockets")


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    if request.param == "abstract" and not sys.platform.startswith("linux"):
        pytest.skip("abstract names are Linux's own")
    name = str(tmp_path / "notify") if request.param == "path" else f"@avatard-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind("\0" + name[1:] if name.startswith("@") else name)
        s.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield s


def test_the_manager_hears_each_state(manager: socket.socket) -> None:
    sd_notify.ready()
    sd_notify.status("live,\n30 a second")
    sd_notify.watchdog()
    sd_notify.stopping()
    heard = [manager.recv(256) for _ in range(4)]
    assert heard == [b"READY=1", b"STATUS=live, 30 a second", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_manager_that_does_not_read_costs_no_wait_and_no_error(manager: socket.socket) -> None:
    for _ in range(2000):  # far beyond a socket's queue
        sd_notify.watchdog()
    assert manager.recv(256) == b"WATCHDOG=1"


@pytest.mark.parametrize("name", ["", "/nowhere/notify", "vsock:2:1234"])
def test_without_a_manager_nothing_happens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    sd_notify.ready()
    monkeypatch.delenv("NOTIFY_SOCKET")
    sd_notify.ready()
