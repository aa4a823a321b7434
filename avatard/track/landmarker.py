"""MediaPipe's Face Landmarker (Tasks API): 478 landmarks and 52 blendshapes, with a bundle that the user brings.

VIDEO mode smooths by itself and is 0.2–1 frame late; blinks come out shallower than with FaceMesh.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from avatard.errors import EngineError
from avatard.face import Face
from avatard.frame import Frame
from avatard.runtime import mediapipe as native
from avatard.track import pose

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import TrackConfig

#: face_landmarker.task, float16, version 1: 3,758,596 bytes, Apache-2.0.
SHA256: Final = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
HINT: Final = "Download face_landmarker.task from MediaPipe's model page, then: avatard engine import FILE"


def read_bundle(path: str) -> bytes:
    """The bundle's bytes, checked. Raises EngineError where it is missing or is not the published one."""
    if not path:
        raise EngineError("the landmarker needs a model: track.model is empty", HINT)
    try:
        bundle = Path(path).expanduser().read_bytes()
    except OSError as e:
        raise EngineError(f"the model {path} cannot be read: {e.strerror}", HINT) from e
    if hashlib.sha256(bundle).hexdigest() != SHA256:
        raise EngineError(f"the model {path} is not the published face_landmarker.task (SHA-256 differs)", HINT)
    return bundle


class Landmarker:
    """The `landmarker` tracker. `Face.expression` has the 51 measured ARKit units by name."""

    def __init__(self, config: TrackConfig) -> None:
        self._config = config
        self._task: Any = None
        self._last_ms = 0

    def __enter__(self) -> Self:
        bundle = read_bundle(self._config.model)
        with native.quiet():
            self._image = native.load("mediapipe.python._framework_bindings.image").Image
            self._format = native.load("mediapipe.python._framework_bindings.image_frame").ImageFormat.SRGB
            task = native.load("mediapipe.tasks.python.vision.face_landmarker")
            base = native.load("mediapipe.tasks.python.core.base_options")
            mode = native.load("mediapipe.tasks.python.vision.core.vision_task_running_mode")
            options = task.FaceLandmarkerOptions(
                base_options=base.BaseOptions(model_asset_buffer=bundle),
                running_mode=mode.VisionTaskRunningMode.VIDEO,
                min_face_detection_confidence=self._config.min_score,
                min_face_presence_confidence=self._config.min_score,
                min_tracking_confidence=self._config.min_score,
                output_face_blendshapes=True,
            )
            try:
                self._task = task.FaceLandmarker.create_from_options(options)
            except (RuntimeError, ValueError) as e:
                raise EngineError(f"the face landmarker cannot start: {e}", HINT) from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._task is not None:
            self._task.close()
            self._task = None

    def track(self, frame: Frame) -> Face | None:
        # Its clock must rise by whole milliseconds, whatever the frames' does.
        self._last_ms = max(self._last_ms + 1, frame.captured_ns // 1_000_000)
        height, width = frame.pixels.shape[:2]
        image = self._image(image_format=self._format, data=cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2RGB))
        try:
            found = self._task.detect_for_video(image, self._last_ms)
        except (RuntimeError, ValueError) as e:
            raise EngineError(f"the face landmarker failed: {e}", "Restart the daemon.") from e
        if not found.face_landmarks:
            return None
        marks = np.array([(p.x, p.y, p.z) for p in found.face_landmarks[0]], np.float32)
        marks *= np.array([width, height, width], np.float32)
        shapes = {c.category_name: float(c.score) for c in found.face_blendshapes[0] if c.category_name != "_neutral"}
        try:
            return Face(marks, pose.solve(marks), 1.0, frame.seq, frame.captured_ns, shapes)
        except ValueError:
            return None

    def reset(self) -> None:
        if self._task is not None:
            blank = self._image(image_format=self._format, data=np.zeros((64, 64, 3), np.uint8))
            self._last_ms += 1
            self._task.detect_for_video(blank, self._last_ms)
