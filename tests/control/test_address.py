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
