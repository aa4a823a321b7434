"""Which provider runs, when it is swapped, and what happens when one fails."""

from __future__ import annotations

import errno
import functools
import logging
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.runtime import Array, Session, auto, open_session
from avatard.runtime.auto import AutoSession
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.onnx_cpu import OnnxCpu
from avatard.runtime.parity import random_feeds
from avatard.runtime.plan_cache import PlanCache, PlanMissingError
from avatard.runtime.providers import ORDER
from avatard.runtime.tensorrt_rtx import TensorRtRtx

if TYPE_CHECKING:
    from typing_extensions import Self

REFS = ("mouth_ref", "eyes_ref")


class FakeDevice:
    """A provider that runs on the CPU under another name. fail: what its session raises from now on, by call."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.missing = ""
        self.fail: dict[str, EngineError] = {}
        self.opened = self.closed = 0

    def check(self) -> str:
        if self.missing:
            raise EngineError(self.missing, "Install it.")
        return self.name

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        return _FakeSession(self, OnnxCpu().open(model, cache))


class FakePlanned(FakeDevice):
    """The same, with real plans of TensorRT-RTX that it needs but does not run. refuse: how often it takes none."""

    refuse = 0

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        key = TensorRtRtx().key(model)
        if cache.load(key) is None:
            raise PlanMissingError(f"{self.name} has no plan", "Build it.")
        if self.refuse:
            self.refuse -= 1
            cache.discard(key)
            raise PlanMissingError(f"{self.name} refused the plan", "Build it.")
        return super().open(model, cache)


class _FakeSession:
    def __init__(self, device: FakeDevice, session: Session) -> None:
        self.provider = device.name
        self._device, self._session = device, session

    def __enter__(self) -> Self:
        self._fail("open")
        self._session.__enter__()
        self._device.opened += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._session.__exit__(kind, e, tb)
        self._device.closed += 1
        self._fail("close")

    def hold(self, feeds: Mapping[str, Array]) -> None:
        self._fail("hold")
        self._session.hold(feeds)

    def run(self, feeds: Mapping[str, Array]) -> Mapping[str, Array]:
        self._fail("run")
        return self._session.run(feeds)

    def _fail(self, call: str) -> None:
        if call in self._device.fail:
            raise self._device.fail[call]


Devices = dict[str, FakeDevice]


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Devices:
    """All five providers faked; only the CPU's loads, until a test says otherwise."""
    devices: Devices = {name: FakePlanned(name) if name == "tensorrt-rtx" else FakeDevice(name) for name in ORDER}
    for name in ORDER[:-1]:
        devices[name].missing = f"no {name} here"

    def get(name: str) -> FakeDevice:
        if name not in devices:
            raise EngineError(f"no provider is called {name!r}", "")
        return devices[name]

    monkeypatch.setattr(auto, "get_provider", get)
    return devices


def until(condition: Callable[[], bool]) -> None:
    """Wait for another thread; the suite's own timeout ends what never comes."""
    while not condition():
        time.sleep(0.01)


def out_of_memory() -> EngineError:
    return EngineError("the GPU failed: cudaErrorMemoryAllocation", "Close what else uses the GPU's memory.")


def test_the_best_that_loads(devices: Devices, engine: EngineFolder, cache: PlanCache) -> None:
    devices["cuda"].missing = ""
    with AutoSession(engine, cache=cache) as session:
        assert session.provider == "cuda"
        assert session.why_not == {"tensorrt": "no tensorrt here", "tensorrt-rtx": "no tensorrt-rtx here"}
        assert devices["openvino"].opened == devices["cpu"].opened == 0
    assert devices["cuda"].closed == 1


def test_it_says_which_and_why(
    devices: Devices, engine: EngineFolder, cache: PlanCache, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="avatard"), AutoSession(engine, cache=cache):
        pass
    assert "meshnet runs on cpu. not tensorrt: no tensorrt here; not tensorrt-rtx: " in caplog.text


def test_one_that_loads_but_does_not_open_is_passed_over(
    devices: Devices, engine: EngineFolder, cache: PlanCache
) -> None:
    devices["cuda"].missing = ""
    devices["cuda"].fail["open"] = out_of_memory()
    with AutoSession(engine, cache=cache) as session:
        assert session.provider == "cpu"
        assert "cudaErrorMemoryAllocation" in session.why_not["cuda"]


def test_a_named_one_that_does_not_load_is_an_error(devices: Devices, engine: EngineFolder, cache: PlanCache) -> None:
    with pytest.raises(EngineError, match="no openvino here"), AutoSession(engine, "openvino", cache):
        pass
    with pytest.raises(EngineError, match="'quantum'"), AutoSession(engine, "quantum", cache):
        pass
    assert devices["cpu"].opened == 0


def test_nothing_that_loads_is_an_error(devices: Devices, engine: EngineFolder, cache: PlanCache) -> None:
    devices["cpu"].missing = "no cpu here"
    with (
        pytest.raises(EngineError, match=r"nothing can run meshnet: not tensorrt: no tensorrt here; .* no cpu here"),
        AutoSession(engine, cache=cache),
    ):
        pass


def test_the_real_ones_end_on_the_cpu_or_better(engine: EngineFolder) -> None:
    with open_session(engine) as session:
        assert session.provider in ORDER
        assert np.isfinite(session.run(random_feeds(engine, 1))["mouth_out"]).all()


def test_a_failing_device_costs_no_run(
    devices: Devices, engine: EngineFolder, cache: PlanCache, caplog: pytest.LogCaptureFixture
) -> None:
    devices["cuda"].missing = devices["openvino"].missing = ""
    feeds = random_feeds(engine, 1)
    rest = {name: feed for name, feed in feeds.items() if name not in REFS}
    with AutoSession(engine, cache=cache) as session:
        session.hold({name: feeds[name] for name in REFS})
        expected = session.run(rest)["mouth_out"].copy()
        devices["cuda"].fail = {"run": out_of_memory(), "close": out_of_memory()}
        devices["openvino"].fail["open"] = out_of_memory()
        np.testing.assert_array_equal(session.run(rest)["mouth_out"], expected)
        assert session.provider == "cpu"
        assert session.run(rest)["mouth_out"].std() > 0
    assert devices["cuda"].closed == 1
    assert "cuda failed, meshnet runs on cpu: the GPU failed" in caplog.text


def test_a_device_that_fails_to_hold_is_left(devices: Devices, engine: EngineFolder, cache: PlanCache) -> None:
    devices["cuda"].missing = ""
    devices["cuda"].fail["hold"] = out_of_memory()
    feeds = random_feeds(engine, 1)
    with AutoSession(engine, cache=cache) as session:
        session.hold({name: feeds[name] for name in REFS})
        assert session.provider == "cpu"
        session.run({name: feed for name, feed in feeds.items() if name not in REFS})


def test_when_the_last_fails_each_run_says_so_and_tries_it_again(
    devices: Devices, engine: EngineFolder, cache: PlanCache
) -> None:
    with AutoSession(engine, cache=cache) as session:
        devices["cpu"].fail["run"] = EngineError("the processor is on fire", "Leave.")
        for _ in range(2):
            with pytest.raises(EngineError, match="on fire"):
                session.run(random_feeds(engine, 1))
        del devices["cpu"].fail["run"]
        session.run(random_feeds(engine, 1))
        assert devices["cpu"].opened == 3


def test_what_was_held_may_be_changed_by_its_owner(devices: Devices, engine: EngineFolder, cache: PlanCache) -> None:
    devices["cuda"].missing = ""
    feeds = random_feeds(engine, 1)
    held = {name: feeds.pop(name) for name in REFS}
    with AutoSession(engine, cache=cache) as session:
        session.hold(held)
        expected = session.run(feeds)["eyes_out"].copy()
        for array in held.values():
            array[...] = 9
        devices["cuda"].fail["run"] = out_of_memory()
        np.testing.assert_array_equal(session.run(feeds)["eyes_out"], expected)


class TestPlans:
    """With a provider that needs plans: built by the real child process with the real TensorRT-RTX."""

    @pytest.fixture(autouse=True)
    def rtx(self, devices: Devices) -> FakePlanned:
        pytest.importorskip("tensorrt_rtx_bindings")
        rtx = devices["tensorrt-rtx"]
        assert isinstance(rtx, FakePlanned)
        rtx.missing = ""
        return rtx

    @pytest.mark.parametrize("choice", ["auto", "tensorrt-rtx"])
    def test_frames_flow_while_it_is_built_and_then_it_runs(
        self, rtx: FakePlanned, devices: Devices, engine: EngineFolder, cache: PlanCache, choice: str
    ) -> None:
        feeds = random_feeds(engine, 1)
        held = {name: feeds.pop(name) for name in REFS}
        with AutoSession(engine, choice, cache) as session:
            assert session.provider == "cpu"
            session.hold(held)
            first = session.run(feeds)["mouth_out"].copy()
            until(lambda: rtx.opened == 1)
            until(lambda: session.run(feeds) is not None and session.provider == "tensorrt-rtx")
            np.testing.assert_array_equal(session.run(feeds)["mouth_out"], first)
            assert devices["cpu"].closed == 1
        assert rtx.closed == 1

    def test_a_plan_in_the_cache_runs_at_once(self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache) -> None:
        cache.store(TensorRtRtx().key(engine), b"a plan")
        with AutoSession(engine, cache=cache) as session:
            assert session.provider == "tensorrt-rtx"

    def test_a_refused_plan_is_built_anew_once(self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache) -> None:
        cache.store(TensorRtRtx().key(engine), b"a plan")
        rtx.refuse = 1
        with AutoSession(engine, cache=cache) as session:
            assert session.provider == "cpu"
            until(lambda: session.run(random_feeds(engine, 1)) is not None and session.provider == "tensorrt-rtx")

    def test_a_plan_refused_again_is_given_up(
        self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache, caplog: pytest.LogCaptureFixture
    ) -> None:
        cache.store(TensorRtRtx().key(engine), b"a plan")
        rtx.refuse = 2
        with AutoSession(engine, cache=cache) as session:
            until(lambda: "tensorrt-rtx does not run meshnet: tensorrt-rtx refused the plan" in caplog.text)
            session.run(random_feeds(engine, 1))
            assert session.provider == "cpu"
        assert rtx.opened == 0

    def test_a_cache_that_cannot_be_written_leaves_the_cpu(
        self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache, caplog: pytest.LogCaptureFixture
    ) -> None:
        cache.folder.touch()
        with AutoSession(engine, cache=cache) as session:
            until(lambda: "the plan cannot be kept" in caplog.text)
            session.run(random_feeds(engine, 1))
            assert session.provider == "cpu"
        assert "let this user write to it" in caplog.text or "engine build" in caplog.text

    def test_a_session_that_cannot_hold_is_not_swapped_in(
        self, rtx: FakePlanned, devices: Devices, engine: EngineFolder, cache: PlanCache
    ) -> None:
        rtx.fail["hold"] = out_of_memory()
        with AutoSession(engine, cache=cache) as session:
            until(lambda: session.run(random_feeds(engine, 1)) is not None and rtx.closed == 1)
            assert session.provider == "cpu"
        assert devices["cpu"].closed == 1

    def test_leaving_ends_the_build(self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache) -> None:
        with AutoSession(engine, cache=cache):
            pass
        assert rtx.opened == rtx.closed

    def test_leaving_closes_what_was_never_swapped_in(
        self, rtx: FakePlanned, engine: EngineFolder, cache: PlanCache
    ) -> None:
        with AutoSession(engine, cache=cache) as session:
            until(lambda: rtx.opened == 1)
            assert session.provider == "cpu"
        assert rtx.closed == 1


@pytest.mark.skipif(os.name != "posix", reason="a limit of POSIX")
def test_a_disk_that_fills_during_the_build_leaves_the_cpu(
    devices: Devices,
    engine: EngineFolder,
    cache: PlanCache,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("tensorrt_rtx_bindings")
    import resource

    def one_block_left() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    monkeypatch.setattr(subprocess, "Popen", functools.partial(subprocess.Popen, preexec_fn=one_block_left))
    devices["tensorrt-rtx"].missing = ""
    with AutoSession(engine, cache=cache) as session:
        until(lambda: "does not run meshnet" in caplog.text)
        session.run(random_feeds(engine, 1))
        assert session.provider == "cpu"
    assert os.strerror(errno.EFBIG) in caplog.text
    assert list(cache.folder.iterdir()) == []
