from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from avatard.seal.chips import Chips
from avatard.seal.detector import Detector, Verdict
from avatard.seal.mark import Mark
from avatard.seal.payload import Payload
from avatard.seal.residual import Luma

PAYLOAD = Payload(0xCAFEBABE, 7777)
SHARED = Path(__file__).parents[3] / "shared" / "data"
RANDOM = np.random.default_rng(7)


def scenery(width: int, height: int, seed: int = 3) -> Luma:
    """Soft blobs, a few hard edges and grain: no face, but what a picture is made of."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width), 120, np.float32)
    for coarse, weight in ((64, 45), (12, 18), (3, 5)):
        layer = random.normal(size=(height // coarse + 2, width // coarse + 2)).astype(np.float32)
        picture += cv2.resize(layer, (width, height), interpolation=cv2.INTER_CUBIC) * weight
    for _ in range(6):
        x, y = int(random.integers(width)), int(random.integers(height))
        cv2.circle(picture, (x, y), int(random.integers(20, 90)), (float(random.integers(30, 220)),), -1)
    return np.asarray(np.clip(picture, 16, 235), np.uint8)


def marked(luma: Luma, payload: Payload = PAYLOAD, key: bytes | None = None) -> Luma:
    height, width = luma.shape
    result: Luma = luma.copy()
    Mark(Chips() if key is None else Chips(key), payload, width, height).embed(result)
    return result


def resized(luma: Luma, width: int, height: int) -> Luma:
    return np.asarray(cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def h264(frames: list[Luma], kbit: int) -> list[Luma]:
    """Through a real encoder as a call sets it, and back."""
    height, width = frames[0].shape
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = width, height, "yuv420p", kbit * 1000
        stream.options = {"preset": "veryfast", "tune": "zerolatency"}
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    assert file.tell() * 8 / (len(frames) / 25) < 1.3 * kbit * 1000, "the encoder did not keep to the rate"
    file.seek(0)
    with av.open(file) as container:
        return [np.asarray(frame.to_ndarray(format="gray"), np.uint8) for frame in container.decode(video=0)]


#: What is done to a picture of 1280x720 on its way, what of its scale is then found, and whether mirrored.
WAYS: dict[str, tuple[Callable[[Luma], Luma], float, float, bool]] = {
    "untouched": (lambda y: y, 1.0, 1.0, False),
    "half size": (lambda y: resized(y, 640, 360), 1.0, 1.0, False),
    "one and a half": (lambda y: np.asarray(cv2.resize(y, (1920, 1080)), np.uint8), 1.0, 1.0, False),
    "gallery tile": (lambda y: resized(y, 480, 270), 1.0, 1.0, False),
    "mirrored": (lambda y: np.ascontiguousarray(resized(y, 640, 360)[:, ::-1]), 1.0, 1.0, True),
    "10 % crop": (lambda y: resized(y[36:684, 64:1216], 640, 360), 1.111, 1.0, False),
    "odd crop, mirrored": (lambda y: np.ascontiguousarray(y[31:650, 77:1201][:, ::-1]), 1.163, 1.0, True),
    "1:1": (lambda y: resized(y[:, 280:1000], 480, 480), 1.0, 1.0, False),
    "9:16": (lambda y: np.ascontiguousarray(y[:, 438:843]), 1.778, 1.0, False),
    "squeezed to 4:3": (lambda y: resized(y, 640, 480), 1.0, 0.75, False),
    "brighter": (lambda y: np.asarray(255 * (y / 255.0) ** 0.7).astype(np.uint8), 1.0, 1.0, False),
    "letterboxed": (lambda y: np.pad(resized(y, 640, 360), ((60, 60), (0, 0))), 0.75, 1.0, False),
    "jpeg": (lambda y: cv2.imdecode(cv2.imencode(".jpg", y, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 0), 1.0, 1.0, False),  # type: ignore[dict-item,return-value]
}


@pytest.mark.parametrize("way", WAYS)
def test_two_pictures_are_recognised_after(way: str) -> None:
    change, scale, aspect, mirrored = WAYS[way]
    finding = Detector().detect([change(marked(scenery(1280, 720, seed))) for seed in (3, 4)])
    assert finding.verdict is Verdict.PRESENT
    assert finding.payload == PAYLOAD
    assert finding.mirrored is mirrored
    assert finding.scale == pytest.approx(scale, rel=0.005)
    assert finding.aspect == pytest.approx(aspect, rel=0.005)


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (720, 720), (720, 1280), (640, 360)])
def test_every_output_size_is_recognised(size: tuple[int, int]) -> None:
    finding = Detector().detect([marked(scenery(*size))])
    assert finding.verdict is Verdict.PRESENT
    assert finding.payload == PAYLOAD


def test_a_tile_of_a_gallery_is_recognised() -> None:
    window = scenery(1280, 720, 9)
    window[40:310, 700:1180] = resized(marked(scenery(1280, 720)), 480, 270)
    finding = Detector().detect([window])
    assert finding.verdict is Verdict.PRESENT
    assert finding.payload == PAYLOAD
    assert finding.scale == pytest.approx(0.375, rel=0.005)


def talking(width: int, height: int, count: int = 40) -> Iterator[Luma]:
    """Something that nods before a still, softly lit ground."""
    ground = cv2.GaussianBlur(scenery(width, height), (0, 0), 9)
    for i in range(count):
        picture = ground.copy()
        middle = (width // 2 + round(20 * np.sin(i / 5)), height // 2 + round(12 * np.cos(i / 7)))
        cv2.ellipse(picture, middle, (150, 210), 0, 0, 360, (150,), -1)
        cv2.ellipse(picture, (middle[0], middle[1] + 90), (50, 8 + i % 12), 0, 0, 360, (60,), -1)
        yield picture


@pytest.mark.parametrize(("size", "kbit"), [((1280, 720), 500), ((640, 360), 200), ((640, 360), 500)])
def test_a_clip_is_recognised_after_a_call(size: tuple[int, int], kbit: int) -> None:
    sent = [resized(marked(frame), *size) for frame in talking(1280, 720)]
    finding = Detector().detect(h264(sent, kbit))
    assert finding.verdict is Verdict.PRESENT
    assert finding.payload == PAYLOAD


@pytest.mark.parametrize("seed", range(4))
def test_unmarked_scenery_is_absent(seed: int) -> None:
    finding = Detector().detect([scenery(480, 270, 100 + seed)])
    assert finding.verdict is Verdict.ABSENT
    assert finding.payload is None


def test_another_key_is_absent() -> None:
    other = marked(scenery(480, 270), key=b"another")
    assert Detector().detect([other]).verdict is Verdict.ABSENT
    assert Detector(Chips(b"another")).detect([other]).verdict is Verdict.PRESENT


@pytest.mark.parametrize("grey", [0, 128])
def test_a_flat_picture_is_absent(grey: int) -> None:
    finding = Detector().detect([np.full((270, 480), grey, np.uint8)])
    assert finding.verdict is Verdict.ABSENT


@pytest.mark.parametrize("size", [(1, 1), (8, 200), (3000, 70)])
def test_tiny_and_overlong_pictures_are_absent(size: tuple[int, int]) -> None:
    assert Detector().detect([scenery(*size)]).verdict is Verdict.ABSENT


def clip(path: Path, width: int, height: int, count: int = 75) -> list[Luma]:
    frames = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            grey = frame.to_ndarray(format="gray")
            scale = max(width / grey.shape[1], height / grey.shape[0])
            large = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
            top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
            frames.append(np.ascontiguousarray(large[top : top + height, left : left + width], np.uint8))
            if len(frames) == count:
                break
    return frames


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the clips of ../shared/data are not here")
@pytest.mark.parametrize(
    ("name", "way", "kbit"), [("bbaf2n", "untouched", 500), ("sbia1a", "10 % crop", 200), ("pwij3p", "mirrored", 300)]
)
def test_a_talking_head_is_recognised_after_a_call(name: str, way: str, kbit: int) -> None:
    change, *_ = WAYS[way]
    frames = [change(marked(frame)) for frame in clip(SHARED / "clips" / f"{name}.mpg", 1280, 720, 40)]
    finding = Detector().detect(h264(frames, kbit))
    assert finding.verdict is Verdict.PRESENT
    assert finding.payload == PAYLOAD


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not SHARED.exists(), reason="the portraits of ../shared/data are not here")
def test_no_unmarked_portrait_clip_or_noise_is_present() -> None:
    detector = Detector()
    pictures = [[cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)] for path in sorted((SHARED / "portraits").glob("*.jpg"))]
    clips = [clip(path, 640, 360) for path in sorted((SHARED / "clips").glob("*.mpg"))]
    noise = [[scenery(480, 270, 1000 + seed)] for seed in range(170)]
    found = [detector.detect(frames) for frames in (*pictures, *clips, *noise)]  # type: ignore[arg-type]
    assert len(found) > 200
    assert max(one.z for one in found) < 8 - 1
    assert sum(one.verdict is Verdict.INCONCLUSIVE for one in found) <= 2
    assert all(one.payload is None for one in found)
