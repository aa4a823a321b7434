"""Each fault on the running pipeline. In none does a camera's pixel reach a sink, and in all the badge stays."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from avatard.avatar import Avatar
from avatard.capture.camera import Camera
from avatard.capture.fake import FakeCamera, marked_picture
from avatard.capture.none import NoSource
from avatard.errors import EngineError, SinkError, SourceError
from avatard.output.fake import Collector, Vanishing
from avatard.output.tee import Tee
from avatard.reenact import Engine
from avatard.reenact.fake import Hanging, Raising, Slow
from avatard.reenact.still import Still
from avatard.seal import Sealer
from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from tests.e2e.leak import leaked_pixels
from tests.e2e.live import CONFIG, FORMAT, running, until

BADGE = Badge(load_masks(CONFIG.seal.language), FORMAT)


def check(sink: Collector) -> None:
    """What holds in every fault."""
    assert sink.pictures
    for picture in sink.pictures:
        assert BADGE.intact(picture.i420)
        assert leaked_pixels(picture.i420) == 0


def shown(sink: Collector) -> set[str]:
    """The standby reasons seen, "" for the avatar."""
    return {picture.standby for picture in list(sink.pictures)}


def avatars_after(sink: Collector, reason: str) -> bool:
    """Whether the avatar was shown again after a standby picture for `reason`."""
    seen = [picture.standby for picture in list(sink.pictures)]
    return reason in seen and "" in seen[seen.index(reason) :]


def ready(engine: Still, avatar: Avatar) -> Engine:
    """As `parts.ready_engine` does it with an engine of the config."""
    engine.set_avatar(avatar)
    engine.warm_up()
    return engine


def test_a_camera_pixel_would_be_found() -> None:
    """The search itself: a camera's picture that is sealed by mistake does not go unseen, even at half size."""
    import cv2

    picture = marked_picture(FORMAT.width, FORMAT.height, 0)
    sealer = Sealer(CONFIG.seal, FORMAT)
    assert leaked_pixels(sealer.seal(picture, 0, 0).i420) > 10_000
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    grey = marked_picture(FORMAT.width, FORMAT.height, 0) // 255 * 0 + 90
    grey[100:340, 100:420] = half
    assert leaked_pixels(sealer.seal(grey, 1, 0).i420) > 1_000


def test_no_camera_is_a_living_avatar(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink, source=lambda: Camera("97", CONFIG.capture)) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 20, "pictures of the idle avatar")
        assert pipeline.state == "idle"
        assert pipeline.counters["source_errors"] > 0
        assert pipeline.error is None
    check(sink)


def test_source_none_runs_on_the_clock(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink, source=NoSource) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 20, "pictures with no camera at all")
        assert pipeline.counters["captured"] == 0
    assert {picture.seq for picture in sink.pictures if not picture.standby} == {-1}
    check(sink)


def test_an_unplugged_camera_idles_and_comes_back(avatar: Avatar) -> None:
    sink = Collector()
    camera = FakeCamera(unplug_after=15, absent=1)
    with running(avatar, sink, source=lambda: camera) as pipeline:
        until(lambda: camera.opened == 2 and camera.given > 30, "the camera, again")
        assert pipeline.counters["source_errors"] == 2
        assert pipeline.error is None
    assert shown(sink) <= {"", "starting", "stopping"}, "a lost camera is no reason for a card"
    check(sink)


def test_a_frozen_camera_is_opened_again(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.threads.capture.FROZEN_S", 0.5)
    sink = Collector()
    camera = FakeCamera(freeze_after=10)
    with running(avatar, sink, source=lambda: camera):
        until(lambda: camera.opened == 2 and camera.given > 20, "the camera, again")
    assert shown(sink) <= {"", "starting", "stopping"}
    check(sink)


def test_a_camera_whose_driver_hangs_does_not_stop_the_avatar(avatar: Avatar) -> None:
    sink = Collector()
    camera = FakeCamera(hang_after=5)
    with running(avatar, sink, source=lambda: camera) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 40, "pictures while the driver hangs")
        camera.release()
    check(sink)


def test_a_storm_of_frames_is_dropped_not_queued(avatar: Avatar) -> None:
    sink = Collector(keep=50)
    with running(avatar, sink, source=lambda: FakeCamera(fps=0)) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 20, "pictures in the storm")
        dropped = pipeline.counters["dropped_waiting"] + pipeline.counters["dropped_rate"]
        assert dropped > pipeline.counters["rendered"]
    check(sink)


def test_an_engine_that_raises_gives_standby_then_the_avatar_again(avatar: Avatar) -> None:
    sink = Collector()
    engines = iter([Raising(FORMAT, pictures=10), Still(FORMAT)])
    with running(avatar, sink, engine=lambda avatar: ready(next(engines), avatar)) as pipeline:
        until(lambda: avatars_after(sink, "engine"), "the avatar after the engine's failure")
        assert pipeline.counters["engine_errors"] == 1
    check(sink)


def test_an_engine_that_cannot_be_opened_ends_the_pipeline_with_its_error(avatar: Avatar) -> None:
    def broken(avatar: Avatar) -> Engine:
        raise EngineError("no weights", "Fetch them.")

    sink = Collector()
    with running(avatar, sink, engine=broken) as pipeline:
        assert pipeline.wait(10.0)
        assert isinstance(pipeline.error, EngineError)


def test_an_engine_that_hangs_gives_standby_and_is_noticed(avatar: Avatar) -> None:
    sink = Collector()
    engine = Hanging(FORMAT, pictures=10)
    with running(avatar, sink, engine=lambda avatar: ready(engine, avatar)) as pipeline:
        until(lambda: "hang" in shown(sink), "the standby picture")
        until(lambda: pipeline.drawing_s > 1.0, "the watchdog's view of it")
        assert pipeline.silent_s < 1.0, "the device is kept alive meanwhile"
        engine.let_go()
        until(lambda: avatars_after(sink, "hang"), "the avatar after the hang")
    check(sink)


def test_a_slow_engine_drops_frames_and_adds_no_delay(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink, engine=lambda avatar: ready(Slow(FORMAT, seconds=0.1), avatar)) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 15, "pictures of a slow engine")
        assert pipeline.counters["dropped_waiting"] > 15
        # Never a queue: a picture waits for at most the one before it and is drawn once, whatever came meanwhile.
        assert pipeline.timers["age"].percentiles().p50 < 400
    check(sink)


def test_a_sink_that_vanishes_comes_back(avatar: Avatar) -> None:
    sink = Vanishing(after=10, absent=1)
    with running(avatar, sink) as pipeline:
        until(lambda: sink.opened == 2 and sink.written > 20, "the sink, again")
        assert pipeline.counters["sink_errors"] == 2
        assert pipeline.error is None
    check(sink)


def test_one_of_several_sinks_that_vanishes_is_counted_and_told_and_the_others_go_on(avatar: Avatar) -> None:
    vanishing, sink = Vanishing(after=10, returns=False), Collector()
    with running(avatar, Tee([vanishing, sink])) as pipeline:
        until(lambda: pipeline.counters["sink_errors"] == 1, "the count")
        written = sink.written
        until(lambda: sink.written > written + 20, "pictures for the other")
        assert pipeline.status()["sinks"] == ["vanishing sink (lost: the sink has vanished)", "collector"]
        assert pipeline.error is None
    check(sink)


def test_a_sink_that_is_gone_for_good_ends_the_pipeline_with_its_error(avatar: Avatar) -> None:
    sink = Vanishing(after=5, returns=False)
    with running(avatar, sink) as pipeline:
        assert pipeline.wait(10.0)
        assert isinstance(pipeline.error, SinkError)
    check(sink)


def test_a_source_that_cannot_be_ends_the_pipeline_with_its_error(avatar: Avatar) -> None:
    def missing() -> FakeCamera:
        raise SourceError("no such file", "Check the path.")

    sink = Collector()
    with running(avatar, sink, source=missing) as pipeline:
        assert pipeline.wait(10.0)
        assert isinstance(pipeline.error, SourceError)


def test_pause_closes_the_camera_and_shows_a_card_until_resume(avatar: Avatar) -> None:
    sink = Collector()
    camera = FakeCamera()
    with running(avatar, sink, source=lambda: camera) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 5, "the avatar")
        cards = pipeline.counters["standby"]
        pipeline.pause()
        until(lambda: "paused" in shown(sink), "the card")
        until(lambda: pipeline.state == "paused", "the state")
        until(lambda: pipeline.counters["standby"] > cards + 5, "more cards")
        until(lambda: pipeline.status()["source"] == "closed", "the camera's end")
        assert camera.opened == 1, "the camera stays closed while paused"
        pipeline.resume()
        until(lambda: avatars_after(sink, "paused"), "the avatar again")
        until(lambda: camera.opened == 2, "the camera again")
    check(sink)


def test_another_avatar_is_swapped_in_while_frames_flow(avatar: Avatar) -> None:
    import dataclasses

    other = dataclasses.replace(avatar, name="other", pixels=255 - avatar.pixels)
    sink = Collector()
    with running(avatar, sink) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 10, "the first avatar")
        before = sink.pictures[-1].i420
        pipeline.use(other)
        until(lambda: abs(sink.pictures[-1].i420.astype(int) - before).mean() > 20, "the other avatar")
        assert pipeline.status()["avatar"] == "other"
    assert shown(sink) <= {"", "starting", "stopping"}, "no card while swapping"
    check(sink)


def test_a_slow_source_is_no_reason_for_a_card(avatar: Avatar) -> None:
    sink = Collector()
    camera = FakeCamera(fps=1.0)
    with running(avatar, sink, source=lambda: camera):
        until(lambda: camera.given >= 3, "three frames of a slow camera")
    assert shown(sink) <= {"", "starting", "stopping"}
    check(sink)


def test_a_camera_faster_than_the_device_is_thinned_out(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink, source=lambda: FakeCamera(fps=60.0)) as pipeline:
        until(lambda: pipeline.counters["captured"] > 90, "a second and a half of frames")
        assert pipeline.counters["rendered"] < 0.75 * pipeline.counters["captured"]
        assert pipeline.counters["dropped_rate"] > 20


def test_no_frame_from_before_a_pause_is_shown_after_it(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 5, "the avatar")
        cards = pipeline.counters["standby"]
        pipeline.pause()
        until(lambda: pipeline.counters["standby"] > cards + 8, "more than a second of cards")
        resumed_ns = time.monotonic_ns()
        pipeline.resume()
        until(lambda: avatars_after(sink, "paused"), "the avatar again")
        until(lambda: pipeline.counters["captured"] > 20, "frames again")
    after = [p for p in sink.pictures if p.sealed_ns > resumed_ns and not p.standby]
    assert after
    assert all(p.captured_ns > resumed_ns - 100_000_000 for p in after)


def test_a_badge_that_fails_its_check_gives_a_card(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Badge, "intact", lambda self, i420: False)
    sink = Collector()
    with running(avatar, sink) as pipeline:
        until(lambda: pipeline.counters["badge_failures"] > 5, "failed checks")
        until(lambda: "badge" in shown(sink), "the card")
        assert pipeline.counters["delivered"] == 0
        assert pipeline.state == "standby"


def test_the_last_picture_is_a_card_not_a_frozen_face(avatar: Avatar) -> None:
    sink = Collector()
    with running(avatar, sink) as pipeline:
        until(lambda: pipeline.counters["delivered"] > 5, "the avatar")
    assert sink.pictures[-1].standby == "stopping"
    check(sink)


def test_two_interrupts_end_it_at_once(tmp_path: Path) -> None:
    """The second does not wait for the first: the sink is a pipe that nobody reads, so the daemon cannot stop."""
    command = [sys.executable, "-m", "avatard", "up", "--source", "none", "--engine", "still", "--sink", "y4m:-"]
    with subprocess.Popen([*command, "--socket", str(tmp_path / "s")], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(100)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
