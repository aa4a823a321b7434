from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatard.bench.child import Child, ChildError
from avatard.seal.barcode import Barcode
from avatard.sealed import VideoFormat


def test_the_call_encodes_until_told_to_stop_and_says_how_fast() -> None:
    with Child("avatard.bench.call") as call:
        found = call.stop()
    assert set(found) == {"fps", "core_ms"}


def test_a_child_that_cannot_start_is_an_error_at_once() -> None:
    with pytest.raises(ChildError, match="ended with"), Child("avatard.bench.no_such_module"):
        pass


def test_leaving_without_stop_ends_the_child() -> None:
    child = Child("avatard.bench.ring_reader", "/nowhere")
    with child:
        process = child._process
        assert process is not None
    assert process.returncode is not None


def test_a_reader_that_sees_nothing_is_given_up() -> None:
    child = Child("avatard.bench.ring_reader", "/nowhere")
    with child, pytest.raises(ChildError, match="nothing was seen within 0 s"):
        child.await_watching(0.2)


def test_a_child_that_cannot_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no browser there
    with pytest.raises(ChildError, match="no Chromium here"), Child("avatard.bench.browser_reader", "x", "", "64x64"):
        pass


def test_a_child_begins_to_watch_and_then_tells(tmp_path: Path) -> None:
    format = VideoFormat(320, 240, 30.0)  # noqa: A001 (the word of the config)
    i420 = np.full((360, 320), 90, np.uint8)
    Barcode(format).draw(i420, 5, 123)
    ring = tmp_path / "ring.y4m"
    ring.write_bytes(b"YUV4MPEG2 W320 H240 F30:1 Ip A1:1 C420jpeg\n" + b"FRAME\n" + i420.tobytes())
    with Child("avatard.bench.ring_reader", str(ring)) as child:
        child.await_watching(20.0)
        told = child.stop()
    assert [row[:2] for row in told["sightings"]] == [[5, 123]]


def test_a_reader_that_is_given_up_has_said_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on asking: what it reads may be opened later than it is started."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PIPEWIRE_RUNTIME_DIR", raising=False)
    child = Child("avatard.bench.pipewire_reader")
    with child, pytest.raises(ChildError, match=r"nothing was seen within 3 s: .*PipeWire"):
        child.await_watching(3.0)
