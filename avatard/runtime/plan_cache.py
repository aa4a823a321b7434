"""Plans on disk: what TensorRT compiled, found again by everything that it depends on.

A file is one line of JSON (the key, and the SHA-256 of the rest) and the plan. So a truncated, changed or copied file
is known before TensorRT sees it: a plan holds code, and TensorRT's own refusal is not to be relied on.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from avatard import paths
from avatard.errors import EngineError
from avatard.whole_file import write_whole

_log = logging.getLogger("avatard.runtime")

#: Of the file's form: another one is another key.
_FORM: Final = 1


class PlanMissingError(EngineError):
    """There is no plan for this network on this machine yet: it can be built."""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """What a plan depends on. gpu, compute_capability, driver: "any" for a plan that runs on several."""

    engine: str  #: for people; the SHA-256 decides
    onnx_sha256: str
    library: str  #: with its version: "tensorrt 11.4.0.106"
    gpu: str
    compute_capability: str
    driver: str
    precision: str
    options: str

    @property
    def digest(self) -> str:
        """64 hexadecimal digits, other ones for any other key."""
        return hashlib.sha256(json.dumps([_FORM, asdict(self)], sort_keys=True).encode()).hexdigest()


class PlanCache:
    """A folder of plans, by default ~/.cache/avatard/plans. Every process may use it at the same time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or paths.plans()

    def path(self, key: PlanKey) -> Path:
        """Where the plan of that key lies, when there is one."""
        return self.folder / f"{key.engine}-{key.digest[:32]}.plan"

    def load(self, key: PlanKey) -> bytes | None:
        """The plan, or None where there is none. One that is damaged or another key's is deleted: None too."""
        path = self.path(key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as e:
            _log.warning("plan %s cannot be read: %s", path, e.strerror or e)
            return None
        header, _, plan = data.partition(b"\n")
        if header == _header(key, plan):
            return plan
        _log.warning("plan %s is damaged or of another machine: deleted", path)
        self.discard(key)
        return None

    def need(self, key: PlanKey) -> bytes:
        """The plan. Raises PlanMissingError where `load` gives none."""
        plan = self.load(key)
        if plan is None:
            raise PlanMissingError(
                f"{key.library} has no plan of {key.engine} yet", f"avatard engine build {key.engine}"
            )
        return plan

    def discard(self, key: PlanKey) -> None:
        """Delete the plan, where there is one and it can be deleted."""
        with suppress(OSError):
            self.path(key).unlink()

    def store(self, key: PlanKey, plan: bytes) -> Path:
        """Keep the plan: whole or not at all, also when power fails. Raises EngineError: folder or disk refuse it."""
        path = self.path(key)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, _header(key, plan) + b"\n" + plan)
        except OSError as e:
            raise EngineError(
                f"the plan cannot be kept in {self.folder}: {e.strerror or e}",
                f"Free {len(plan) // 10**6 + 1} MB there, and let this user write to it. Another provider runs.",
            ) from e
        return path


def _header(key: PlanKey, plan: bytes) -> bytes:
    header = json.dumps({"form": _FORM, "sha256": hashlib.sha256(plan).hexdigest(), **asdict(key)}, sort_keys=True)
    return header.encode()
