from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.sound_servers import SERVERS, SoundServer, running


@pytest.fixture(params=SERVERS)
def sound_server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SoundServer]:
    """A PulseAudio and then a PipeWire of the test's own."""
    with running(request.param, tmp_path, monkeypatch) as server:
        yield server
