"""Builds a plan: here, or in a process of its own (`python -m avatard.runtime.plan_build`) while frames flow.

A build takes all cores for up to minutes and cannot be stopped from within, hence the process: it is nice, and killed
when nobody waits for it any more.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder, read_engine
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.providers import get_plan_provider

if TYPE_CHECKING:
    from typing_extensions import Self

#: How much less than the pipeline it may have of the cores.
_NICE: Final = 10
#: Nothing that was measured takes a tenth of it.
TIMEOUT_S: Final = 900.0


def build(model: EngineFolder, provider: str, cache: PlanCache) -> Path:
    """Build the plan of `model` here and keep it, also where there is one already. Raises EngineError."""
    chosen = get_plan_provider(provider)
    return cache.store(chosen.key(model), chosen.build(model))


class PlanBuild:
    """A build in a process of its own: entering starts it, leaving kills it when it still runs."""

    def __init__(self, model: EngineFolder, provider: str, cache: PlanCache) -> None:
        self._command = [sys.executable, "-m", __name__, provider, str(model.path), str(cache.folder)]
        self._name = f"{provider} plan of {model.name}"

    def __enter__(self) -> Self:
        try:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        except OSError as e:
            raise EngineError(f"no {self._name}: {e.strerror or e}", "Free memory.") from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._child.kill()
        self._child.wait()
        assert self._child.stderr is not None
        self._child.stderr.close()

    def stop(self) -> None:
        """End it now; `wait` raises. From any thread."""
        self._child.kill()

    def wait(self) -> None:
        """Block until the plan is in the cache. Raises EngineError when it could not be built or kept."""
        try:
            _, said = self._child.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired as e:
            raise EngineError(f"the {self._name} was not built in {TIMEOUT_S:.0f} s", "Close other programs.") from e
        if self._child.returncode != 0:
            lines = said.strip().splitlines()
            message = lines[-1] if lines else f"its process ended with {self._child.returncode}"
            raise EngineError(f"no {self._name}: {message}", "`avatard engine build` shows it again.")


def main(arguments: list[str] | None = None) -> int:
    """The child process. Exits with the error's code, and its message as the last line of stderr."""
    parser = argparse.ArgumentParser(description="Build a plan and keep it in the cache.")
    parser.add_argument("provider")
    parser.add_argument("engine", type=Path)
    parser.add_argument("cache", type=Path)
    wanted = parser.parse_args(arguments)
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_NICE)
    try:
        build(read_engine(wanted.engine), wanted.provider, PlanCache(wanted.cache))
    except EngineError as e:
        print(e.message, file=sys.stderr)  # noqa: T201 - how a process tells its parent
        return e.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
