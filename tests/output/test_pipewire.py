"""On a real PipeWire of the tests' own, read back by GStreamer and by the bench's reader."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from avatard.bench.child import Child
from avatard.errors import SinkError
from avatard.output import pipewire_library, readers_of
from avatard.output.fake import Collector
from avatard.output.pipewire import PipeWire
from avatard.output.tee import Tee
from avatard.output.yuy2 import to_yuy2
from avatard.seal.barcode import Barcode, decode
from avatard.sealed import Sealed, SealedPool, VideoFormat
from tests.output.private_pipewire import PATIENCE_S, PrivatePipeWire, needs_gstreamer, needs_pipewire

FORMAT = VideoFormat(320, 240, 30.0)
FRAME = FORMAT.width * FORMAT.height * 2
PERIOD_S = 1 / FORMAT.fps

pytestmark = needs_pipewire


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePipeWire]:
    with PrivatePipeWire(tmp_path_factory.mktemp("pipewire")) as session:
        yield session


@pytest.fixture(autouse=True)
def inside(session: PrivatePipeWire, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in session.environment.items():
        monkeypatch.setenv(name, value)


class Pictures:
    """Numbered pictures of noise, whose barcode carries the number."""

    def __init__(self) -> None:
        self._pool = SealedPool(FORMAT, buffers=1)
        self._barcode = Barcode(FORMAT)
        self._noise = np.random.default_rng(3).integers(16, 236, (FORMAT.height * 3 // 2, FORMAT.width), np.uint8)

    def draw(self, out: np.ndarray, number: int) -> None:
        np.add(self._noise, np.uint8(number % 256), out=out)
        self._barcode.draw(out, number, number * 1000)

    def sealed(self, number: int) -> Sealed:
        buffer = self._pool.take()
        self.draw(buffer, number)
        return self._pool._mint(buffer, number, number * 1000, time.monotonic_ns())

    def yuy2(self, number: int) -> np.ndarray:
        i420 = np.empty((FORMAT.height * 3 // 2, FORMAT.width), np.uint8)
        self.draw(i420, number)
        yuy2 = np.empty((FORMAT.height, FORMAT.width * 2), np.uint8)
        to_yuy2(i420, yuy2)
        return yuy2


def write_until(sink: PipeWire | Tee, done: Callable[[], bool], start: int = 0) -> int:
    """Numbered pictures at the camera's rate until `done`; the number of the next one."""
    pictures = Pictures()
    end = time.monotonic() + PATIENCE_S
    for number in itertools.count(start):
        if done():
            return number
        assert time.monotonic() < end, "never done"
        sealed = pictures.sealed(number)
        sink.write(sealed)
        sealed.release()
        time.sleep(PERIOD_S)
    raise AssertionError


def gst_reader(path: Path, frames: int, *between: str) -> subprocess.Popen[bytes]:
    """GStreamer takes so many pictures from the one camera that there is, and keeps their bytes."""
    source = ["pipewiresrc", f"num-buffers={frames}", "!", "video/x-raw,format=YUY2", "!", *between]
    return subprocess.Popen(["gst-launch-1.0", "-q", *source, "filesink", f"location={path}"])


@needs_gstreamer
def test_gstreamer_reads_every_byte_in_order(tmp_path: Path) -> None:
    path = tmp_path / "read.yuy2"
    with PipeWire(FORMAT) as sink, gst_reader(path, 30) as reader:
        write_until(sink, lambda: reader.poll() is not None)

    pictures = Pictures()
    numbers = []
    for frame in np.fromfile(path, np.uint8).reshape(30, FORMAT.height, FORMAT.width * 2):
        found = decode(frame[:, ::2])
        assert found is not None
        numbers.append(found[0])
        assert (frame == pictures.yuy2(found[0])).all()
    assert numbers == sorted(set(numbers))


def test_the_graph_shows_a_camera(session: PrivatePipeWire) -> None:
    with PipeWire(FORMAT) as sink:
        node = session.node("avatard")
        assert sink.description == f"PipeWire node {node['props']['object.id']} (avatard): 320x240 YUY2"

    assert node["props"]["media.class"] == "Video/Source"
    assert node["props"]["media.role"] == "Camera"
    assert node["props"]["node.description"] == "avatard"
    offered = node["params"]["EnumFormat"]
    assert len(offered) == 1
    assert (offered[0]["mediaType"], offered[0]["mediaSubtype"], offered[0]["format"]) == ("video", "raw", "YUY2")
    assert offered[0]["size"] == {"width": 320, "height": 240}
    assert offered[0]["framerate"] == {"num": 30, "denom": 1}


def test_readers_come_and_go_and_see_each_picture_once() -> None:
    number = 0
    with PipeWire(FORMAT) as sink:
        for _ in range(2):
            assert readers_of(sink) == 0
            with Child("avatard.bench.pipewire_reader", "avatard") as reader:
                number = write_until(sink, lambda: readers_of(sink) == 1, number)
                first, number = number, write_until(sink, after(20), number)
                seen = [(seq, captured_ns) for seq, captured_ns, _ in reader.stop()["sightings"]]
            assert seen == sorted(set(seen))
            assert {seq for seq, _ in seen} & set(range(first, number))
            assert all(captured_ns == seq * 1000 for seq, captured_ns in seen)
            number = write_until(sink, lambda: readers_of(sink) == 0, number)


def after(count: int) -> Callable[[], bool]:
    """True from the call after `count` calls on."""
    calls = itertools.count()
    return lambda: next(calls) >= count


@needs_gstreamer
def test_a_reader_that_keeps_all_buffers_costs_the_others_nothing(session: PrivatePipeWire, tmp_path: Path) -> None:
    """Neither while it lives, nor when it is killed and gives none of them back."""
    keeps = ("queue", "max-size-buffers=0", "max-size-bytes=0", "!", "identity", "sleep-time=10000000", "!")
    with PipeWire(FORMAT) as sink, Child("avatard.bench.pipewire_reader") as other:
        number = write_until(sink, lambda: sink.readers > 0)
        with gst_reader(tmp_path / "read.yuy2", 1000, *keeps) as reader:
            number = write_until(sink, lambda: session.has("gst-launch-1.0"), number)
            kept, number = number, write_until(sink, after(60), number)
            reader.kill()
        killed, number = number, write_until(sink, after(30), number)
        seen = {seq for seq, *_ in other.stop()["sightings"]}

    assert seen & set(range(kept + 40, killed))
    assert seen & set(range(killed + 10, number))


@needs_gstreamer
def test_a_reader_at_another_format_gets_nothing_and_disturbs_nobody(session: PrivatePipeWire) -> None:
    with PipeWire(FORMAT) as sink, Child("avatard.bench.pipewire_reader") as reader:
        number = write_until(sink, lambda: sink.readers > 0)
        other = "video/x-raw,format=RGB,width=999,height=777"
        stranger = subprocess.Popen(["gst-launch-1.0", "-q", "pipewiresrc", "!", other, "!", "fakesink"])
        try:
            # There, or already refused and gone: some versions give up within a moment.
            number = write_until(sink, lambda: stranger.poll() is not None or session.has("gst-launch-1.0"), number)
            first, number = number, write_until(sink, after(30), number)
            assert sink.readers > 0
        finally:
            stranger.kill()
            stranger.wait()
        assert {seq for seq, *_ in reader.stop()["sightings"]} & set(range(first + 10, number))


def test_beside_another_sink() -> None:
    camera, other = PipeWire(FORMAT), Collector()
    with Tee([camera, other]) as tee, Child("avatard.bench.pipewire_reader") as reader:
        write_until(tee, lambda: camera.readers > 0)
        write_until(tee, after(10), 1000)
        seen = [seq for seq, *_ in reader.stop()["sightings"]]

    assert max(seen) >= 1000
    assert set(seen) <= {picture.seq for picture in other.pictures}


def test_a_daemon_that_restarts(session: PrivatePipeWire) -> None:
    """What `OutputThread` and `Tee` do with any sink: close it, then try to open it until it is back."""
    sink = PipeWire(FORMAT)
    with sink:
        session.end_pipewire()
        with pytest.raises(SinkError, match="PipeWire has gone") as caught:
            write_until(sink, lambda: False)
        assert caught.value.retryable
    with pytest.raises(SinkError, match="no PipeWire answers"), sink:
        pass

    session.start_pipewire()
    with sink, Child("avatard.bench.pipewire_reader") as reader:
        write_until(sink, lambda: sink.readers > 0)
        write_until(sink, after(10), 1000)
        assert max(seq for seq, *_ in reader.stop()["sightings"]) >= 1000


def test_no_daemon_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(SinkError, match="no PipeWire answers: Host is down") as caught, PipeWire(FORMAT):
        pass

    assert "systemctl --user start pipewire wireplumber" in caught.value.hint


def test_no_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipewire_library, "NAME", "libpipewire-none.so.0")
    pipewire_library.library.cache_clear()
    try:
        with pytest.raises(SinkError, match="PipeWire is not installed") as caught, PipeWire(FORMAT):
            pass
    finally:
        pipewire_library.library.cache_clear()

    assert caught.value.hint == "sudo apt install pipewire wireplumber"
