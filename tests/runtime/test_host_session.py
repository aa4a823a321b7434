"""What ONNX Runtime's and OpenVINO's sessions share, around a fake library; their own tests run the real ones."""

from __future__ import annotations

import pytest

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.host_session import HostSession
from avatard.runtime.parity import random_feeds


class FakeSession(HostSession):
    """Its outputs are the number of the run; raises `failure` instead where there is one."""

    _library = "FakeLibrary"
    failure: Exception | None = None
    runs = 0

    def _infer(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.runs += 1
        for array in self._buffers.writable.values():
            array[:] = self.runs


@pytest.fixture
def session(engine: EngineFolder) -> FakeSession:
    return FakeSession("fake", engine)


def test_each_run_infers_once_into_the_same_outputs(session: FakeSession, engine: EngineFolder) -> None:
    first = session.run(random_feeds(engine, 1))
    assert {name: array.max() for name, array in first.items()} == {"mouth_out": 1, "eyes_out": 1}
    assert session.run(random_feeds(engine, 2)) is first
    assert {name: array.min() for name, array in first.items()} == {"mouth_out": 2, "eyes_out": 2}


def test_what_is_held_is_not_asked_for(session: FakeSession, engine: EngineFolder) -> None:
    feeds = random_feeds(engine, 1)
    session.hold({"mouth_ref": feeds.pop("mouth_ref")})
    session.run(feeds)
    assert session.runs == 1


@pytest.mark.parametrize(
    ("failure", "told"), [(RuntimeError("out of memory\nat line 12"), "out of memory"), (MemoryError(), "MemoryError")]
)
def test_whatever_the_library_raises_is_an_engine_error(
    session: FakeSession, engine: EngineFolder, failure: Exception, told: str
) -> None:
    session.failure = failure
    with pytest.raises(EngineError) as raised:
        session.run(random_feeds(engine, 1))
    assert raised.value.message == f"FakeLibrary failed in meshnet: {told}"
    assert "avatard engine list" in raised.value.hint
