"""The session that keeps running: the best provider that loads, a better one once its plan is built, the next-best
when one fails.

    opened      the first of the candidates that loads; those without a plan are noted
    promotion   a thread has the noted plans built in a child process, best first, and opens the session; `run` swaps
                to it when both say the same of the same feeds
    demotion    a run that fails is run again on the next candidate that loads: the caller gets its outputs, late.
                When none is left the caller gets the error, and the next run opens the last candidate again
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard.errors import EngineError
from avatard.runtime import Array, Session
from avatard.runtime.plan_build import PlanBuild
from avatard.runtime.plan_cache import PlanCache, PlanMissingError
from avatard.runtime.providers import ORDER, get_provider

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.runtime.engine_folder import EngineFolder

_log = logging.getLogger("avatard.runtime")


class AutoSession:
    """A `Session` over those of the providers. choice: "auto", or the one provider to use (the CPU stands in for it
    while its plan is built, and when it fails later).

    why_not: provider → why it does not run this network here, for people.
    """

    def __init__(self, model: EngineFolder, choice: str = "auto", cache: PlanCache | None = None) -> None:
        self._model, self._choice = model, choice
        self._cache = cache or PlanCache()
        self.why_not: dict[str, str] = {}
        self._candidates = list(ORDER if choice == "auto" else dict.fromkeys((choice, ORDER[-1])))
        self._held: dict[str, Array] = {}
        self._current: Session | None = None
        self._promotion: _Promotion | None = None

    @property
    def provider(self) -> str:
        return self._current.provider if self._current else self._choice

    def __enter__(self) -> Self:
        unbuilt: list[str] = []
        for name in self._candidates:
            try:
                self._current = self._opened(name)
                break
            except PlanMissingError as e:
                unbuilt.append(name)
                self.why_not[name] = e.message
            except EngineError as e:
                self.why_not[name] = e.message
                if name == self._choice:
                    raise
        if self._current is None:
            raise self._nothing()
        _log.info("%s runs on %s. %s", self._model.name, self.provider, self._reasons())
        if unbuilt:
            self._promotion = _Promotion(self._model, unbuilt, self._cache)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._promotion is not None:
            self._promotion.close()
        self._close_current()

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self._held |= {name: feed.copy() for name, feed in feeds.items()}
        session = self._session()
        try:
            session.hold(feeds)
        except EngineError as e:
            self._demote(e)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        outputs = self._run(feeds)
        if self._promotion is not None and (better := self._promotion.take()) is not None:
            return self._promote(better, feeds, outputs)
        return outputs

    def _run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        while True:
            session = self._session()
            try:
                return session.run(feeds)
            except EngineError as e:
                self._demote(e)

    def _session(self) -> Session:
        """The current one; where all have failed, the last candidate again: it may have been for want of memory."""
        if self._current is None:
            session = self._opened(self._candidates[-1])
            try:
                session.hold(self._held)
            except EngineError:
                session.__exit__(None, None, None)
                raise
            self._current = session
        return self._current

    def _opened(self, name: str) -> Session:
        provider = get_provider(name)
        provider.check()
        return provider.open(self._model, self._cache).__enter__()

    def _promote(
        self, better: Session, feeds: Mapping[str, Array], outputs: Mapping[str, Array]
    ) -> Mapping[str, Array]:
        """Put `better` in place of the current session, whose `outputs` these are. Returns those of who runs now."""
        try:
            better.hold(self._held)
            promised = better.run(feeds)
            for name, most in self._model.tolerance.items():
                away = float(np.abs(promised[name] - outputs[name]).max())
                if not away <= most:  # not "greater than": a NaN is no parity
                    raise EngineError(f"{name} is {away:.3g} off what {self.provider} says, allowed is {most:.3g}")
        except EngineError as e:
            self.why_not[better.provider] = e.message
            _log.warning("%s stays on %s, not %s: %s", self._model.name, self.provider, better.provider, e.message)
            with suppress(EngineError):
                better.__exit__(None, None, None)
            return outputs
        self._close_current()
        self._current = better
        self.why_not.pop(better.provider, None)
        _log.info("%s runs on %s from now on", self._model.name, self.provider)
        return promised

    def _demote(self, failure: EngineError) -> None:
        """Put the next candidate that loads in place of the current session. Raises EngineError when there is none."""
        failed = self.provider
        self.why_not[failed] = failure.message
        self._close_current()
        for name in self._candidates[self._candidates.index(failed) + 1 :]:
            try:
                self._current = self._opened(name)
                self._current.hold(self._held)
            except EngineError as e:
                self.why_not[name] = e.message
                self._close_current()
                continue
            _log.warning("%s failed, %s runs on %s: %s", failed, self._model.name, name, failure.message)
            return
        raise failure

    def _close_current(self) -> None:
        """Leave the session, also one whose device is gone: its failure was told already."""
        current, self._current = self._current, None
        if current is not None:
            with suppress(EngineError):
                current.__exit__(None, None, None)

    def _nothing(self) -> EngineError:
        return EngineError(f"nothing can run {self._model.name}: {self._reasons()}", "See `avatard engine list`.")

    def _reasons(self) -> str:
        return "; ".join(f"not {name}: {why}" for name, why in self.why_not.items())


class _Promotion:
    """Has the plans of `names` built, best first, until one of them runs; then that session can be taken, once."""

    def __init__(self, model: EngineFolder, names: list[str], cache: PlanCache) -> None:
        self._model, self._names, self._cache = model, names, cache
        self._ready: Session | None = None
        self._build: PlanBuild | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="plan-build")
        self._thread.start()

    def take(self) -> Session | None:
        """The session, when it is ready and was not taken yet."""
        if self._ready is None:  # not swapped with None at once: what the thread puts there meanwhile would be lost
            return None
        ready, self._ready = self._ready, None
        return ready

    def close(self) -> None:
        """End the build; leave a session that nobody took."""
        with self._lock:
            self._closed = True
            if self._build is not None:
                self._build.stop()
        self._thread.join()
        if (ready := self.take()) is not None:
            with suppress(EngineError):
                ready.__exit__(None, None, None)

    def _work(self) -> None:
        for name in self._names:
            try:
                if self._built(name):
                    provider = get_provider(name)
                    self._ready = provider.open(self._model, self._cache).__enter__()
                return
            except EngineError as e:  # the plan that was just built refused, too: once is enough
                if not self._closed:
                    _log.warning("%s does not run %s: %s. %s", name, self._model.name, e.message, e.hint)

    def _built(self, name: str) -> bool:
        """Whether it was built; not so when closed before."""
        with ExitStack() as stack:
            with self._lock:
                if self._closed:
                    return False
                _log.info("a plan of %s is built for %s, meanwhile frames flow", self._model.name, name)
                self._build = stack.enter_context(PlanBuild(self._model, name, self._cache))
            self._build.wait()
        return True
