"""avatard on real devices: Debian's v4l2loopback 0.12.7 and vivid, in a virtual machine. Never judged by time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from avatard.output.y4m import FRAME, stream_header
from avatard.sealed import VideoFormat
from tests.vm.conftest import FPS, HEIGHT, LIGHT, OURS, PERFORMER, ROOT, WEBCAM, WHOLE, WIDTH, Guest
from tests.vm.machine import SHARE, Program, wait
from tests.vm.pictures import Pictures, faults, raw, y4m
from tests.vm.webcam import make_mjpg

pytestmark = [pytest.mark.vm, pytest.mark.slow, pytest.mark.timeout(1800)]

CLIPS = ROOT / "../shared/data/clips"
#: On a starved machine a reader may lose a picture, as on a real one, or get a torn one; not three times in a row.
ATTEMPTS = 3
#: The very pictures that go to the virtual camera, in the guest's memory.
SENT = "/dev/shm/sent.y4m"


def last_sent(guest: Guest, count: int = 200) -> Pictures:
    """The last pictures in `SENT`, which grows on."""
    video = VideoFormat(WIDTH, HEIGHT, FPS)
    header, size = len(stream_header(video)), len(FRAME) + video.i420_bytes
    whole = (int(guest.machine.check(f"stat -c %s {SENT}")) - header) // size
    skip = header + max(0, whole - count) * size
    copy = f"dd if={SENT} of={SHARE}/sent.y4m bs={size} iflag=skip_bytes skip={skip} count={min(whole, count)}"
    guest.machine.check(copy)
    return y4m(guest.machine.share / "sent.y4m", WIDTH, HEIGHT)


@pytest.fixture
def still(guest: Guest) -> Iterator[Program]:
    """avatard on its virtual camera, with a picture that does not move."""
    program = guest.ready("still", "--source none --sink virtualcam", LIGHT)
    yield program
    if program.going:
        guest.stop(program)


def test_avatard_knows_the_devices(guest: Guest) -> None:
    listed = guest.machine.check("avatard devices")
    assert f"{OURS}  avatard" in listed
    assert f"{WEBCAM}  webcam" in listed


def test_a_talking_webcam_reaches_a_reader(guest: Guest) -> None:
    """MJPG in; every picture out in order, bit by bit, with badge and mark; then the webcam comes back as another."""
    machine = guest.machine
    size = make_mjpg(PERFORMER, machine.share / "performer.avi")
    assert size == (640, 480)
    feeder = guest.feed("performer.avi")
    sinks = f"--sink virtualcam --sink y4m:{SENT}"
    program = guest.ready("talking", f"--source camera:{WEBCAM} {sinks}", {**WHOLE, "AVATARD_SEAL_BARCODE": "true"})
    guest.shows("live")
    assert "MJPG" in guest.tell("status")["source"]

    found = []
    for attempt in range(ATTEMPTS):
        read = guest.read(f"talking{attempt}.i420", 30)
        found.append(faults(read, last_sent(guest)))
        assert read.badged
        assert read.sequence == sorted(read.sequence)
        if found[-1] == 0:
            break
    read.save(machine.share / "talking.png")
    assert 0 in found, f"pictures lost or torn on the way, by attempt: {found}"
    assert read.distinct > 5
    assert len(set(read.sequence)) > 5
    assert read.verify(machine.share / "talking.y4m") == "present"

    # The webcam is taken away, and another comes, of another size: a real person where there is one.
    captured = int(guest.tell("status")["counters"]["captured"])
    machine.check(f"kill {feeder.pid}")
    feeder.ended()
    clip = CLIPS / "bbaf2n.mpg"
    avi = machine.share / "other.avi"
    width, height = make_mjpg(clip, avi) if clip.exists() else make_mjpg(PERFORMER, avi, (320, 240))
    guest.until(lambda status: status["counters"].get("source_errors", 0) > 0)
    guest.feed("other.avi")
    status = guest.until(lambda status: status["counters"]["captured"] > captured + 20 and status["state"] == "live")
    assert f"{width}x{height} MJPG" in status["source"]
    guest.stop(program)


def test_three_clean_restarts(guest: Guest) -> None:
    """With exclusive_caps=1, v4l2loopback 0.12.7 lets a plain writer in but once."""
    for turn in range(3):
        program = guest.ready(f"restart{turn}", "--source none --sink virtualcam", LIGHT)
        assert guest.read(f"restart{turn}.i420", 5).badged
        guest.stop(program)


def test_a_reader_lives_through_kill_9(guest: Guest, still: Program) -> None:
    machine = guest.machine
    reader = guest.keep_reading("all.i420")
    got = machine.share / "all.i420"

    def pictures(more_than: int) -> bool:
        assert reader.going, reader.said
        return got.exists() and got.stat().st_size > more_than * VideoFormat(WIDTH, HEIGHT).i420_bytes

    wait(lambda: pictures(3), "the reader gets pictures")
    machine.check(f"kill -9 {still.pid}")
    assert still.ended() == 137
    machine.run("sleep 2")
    frozen = len(raw(got, WIDTH, HEIGHT).frames)

    again = guest.ready("again", "--source none --sink virtualcam", LIGHT)
    wait(lambda: pictures(frozen + 5), "the same reader gets pictures again")
    machine.check(f"kill {reader.pid}")
    reader.ended()
    read = raw(got, 640, 480)
    assert read.badged
    guest.stop(again)


def test_readers_come_and_go(guest: Guest, still: Program) -> None:
    for turn in range(4):
        assert guest.read(f"turn{turn}.i420", 3).badged
    assert guest.tell("status")["counters"].get("sink_errors", 0) == 0


def test_a_second_producer_is_told_who_has_the_device(guest: Guest, still: Program) -> None:
    machine = guest.machine
    second = guest.up("second", "--source none --sink virtualcam --socket /tmp/second.sock", LIGHT)
    assert second.ended() == 12
    assert f"another program already writes to {OURS}" in second.said
    assert f"(process {still.pid})" in second.said
    # With the usual socket it does not get as far.
    daemon = guest.up("daemon", "--source none --sink virtualcam", LIGHT)
    assert daemon.ended() == 18
    # 0.12.7 lets in who does not ask, as FFmpeg does not: once it has left, all is as before.
    foreign = "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=size=640x480 -frames:v 5"
    machine.run(f"{foreign} -pix_fmt yuv420p -f v4l2 {OURS}")
    assert guest.read("undisturbed.i420", 3).badged


def test_another_size_is_refused_while_somebody_reads(guest: Guest, still: Program) -> None:
    machine = guest.machine
    reader = guest.keep_reading()
    machine.run("sleep 3")
    guest.stop(still)
    small = "--source none --sink virtualcam --size 320x240"
    refused = guest.up("refused", small, LIGHT)
    assert refused.ended() == 12
    assert f"{OURS} stays at 640x480 YU12 while programs read it; asked for 320x240 I420" in refused.said
    assert f"v4l2-ctl (process {reader.pid})" in refused.said

    machine.check(f"kill {reader.pid}")
    reader.ended()
    taken = guest.ready("taken", small, LIGHT)
    assert guest.read("small.i420", 3, (320, 240)).badged
    guest.stop(taken)


def test_asleep_while_nobody_reads(guest: Guest) -> None:
    """The camera is closed, and the device shows a card; a reader opens it again."""
    machine = guest.machine
    make_mjpg(PERFORMER, machine.share / "performer.avi")
    guest.feed("performer.avi")
    options = f"--source camera:{WEBCAM} --sink virtualcam"
    program = guest.ready("on-demand", options, {**LIGHT, "AVATARD_DAEMON_AWAKE": "on-demand"})
    guest.until(lambda status: status["state"] == "asleep" and status["readers"] == 0)
    holding = f"ls -l /proc/{program.pid}/fd | grep -c {WEBCAM}"
    assert machine.run(holding).output.strip() == "0"

    card = guest.read("card.i420", 1)
    assert card.badged
    reader = guest.keep_reading()
    status = guest.until(lambda status: status["state"] == "live")
    assert status["readers"] >= 1
    assert machine.run(holding).output.strip() == "1"
    machine.check(f"kill {reader.pid}")
    guest.shows("asleep")
    assert machine.run(holding).output.strip() == "0"
    guest.stop(program)


def test_a_camera_without_a_face_and_without_its_plug(guest: Guest) -> None:
    """vivid's test picture: the avatar idles. Unplugged and plugged in again: it idles on, and the camera is back."""
    machine = guest.machine
    load = (
        "modprobe vivid n_devs=1 node_types=0x1 input_types=0x0 num_inputs=1 multiplanar=1 vid_cap_nr=0 no_error_inj=1"
    )
    machine.check(f"{load} && udevadm settle")
    program = guest.ready("vivid", "--source camera --sink virtualcam", WHOLE)
    # Between two of its slow pictures the machine's state is "standby".
    status = guest.until(lambda status: status["counters"]["captured"] > 3 and status["state"] == "idle")
    assert status["source"].startswith("camera /dev/video0 (vivid")
    idle = guest.read("idle.i420", 15)
    idle.save(machine.share / "idle.png")
    assert idle.badged
    assert idle.distinct > 3  # it breathes

    machine.check("echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind")
    guest.until(lambda status: "none" in status["source"])
    assert "unplugged" in program.said
    assert guest.read("unplugged.i420", 5).badged
    machine.check("modprobe -r vivid")

    captured = int(guest.tell("status")["counters"]["captured"])
    machine.check(load)
    guest.until(lambda status: status["counters"]["captured"] > captured + 3 and status["state"] == "idle")
    guest.stop(program)
    machine.check("modprobe -r vivid")
