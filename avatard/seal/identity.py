"""Who the mark names: an installation, by a number that changes every day and tells nothing to anyone else."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import datetime, timezone
from pathlib import Path

import platformdirs

from avatard.errors import VaultError
from avatard.seal.payload import EPOCH, Payload
from avatard.whole_file import write_whole

log = logging.getLogger("avatard.seal")

SECRET_BYTES = 32


class MarkIdentity:
    """An installation's secret. Immutable; any thread.

    The instance number of a day is an HMAC of its date: the installation can prove later that a number was its own,
    others cannot tell two days of one installation from two installations.
    """

    def __init__(self, secret: bytes) -> None:
        assert len(secret) == SECRET_BYTES
        self._secret = secret

    @classmethod
    def of_install(cls, folder: Path | None = None) -> MarkIdentity:
        """The secret of this user's installation, made at the first call (0600, in the state folder).

        Where it cannot be kept (a read-only home) it lasts until the process ends, and the log says so. Raises
        VaultError where the file is there and is not one.
        """
        path = _place(folder)
        try:
            _make_once(path)
            secret = path.read_bytes()
        except OSError as error:
            log.warning("the mark's secret %s cannot be kept (%s): instance numbers end with this run", path, error)
            return cls(secrets.token_bytes(SECRET_BYTES))
        if len(secret) != SECRET_BYTES:
            raise VaultError(f"{path} is not a mark's secret", "Remove it: a new one is made at the next start.")
        return cls(secret)

    @classmethod
    def kept(cls, folder: Path | None = None) -> MarkIdentity | None:
        """The secret if there is one: whoever only looks makes none."""
        try:
            secret = _place(folder).read_bytes()
        except OSError:
            return None
        return cls(secret) if len(secret) == SECRET_BYTES else None

    def payload(self, at: datetime | None = None) -> Payload:
        """What to embed at an instant (default: now)."""
        at = (at or datetime.now(timezone.utc)).astimezone(timezone.utc)
        day = at.date().isoformat().encode()
        digest = hmac.new(self._secret, b"avatard instance " + day, hashlib.sha256).digest()
        hours = int((at - EPOCH).total_seconds() // 3600)
        return Payload(int.from_bytes(digest[:4], "big"), hours % (1 << 16))


def _place(folder: Path | None) -> Path:
    return (platformdirs.user_state_path("avatard", appauthor=False) if folder is None else folder) / "mark.secret"


def _make_once(path: Path) -> None:
    """Two first starts at once agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_whole(path, secrets.token_bytes(SECRET_BYTES), once=True)
