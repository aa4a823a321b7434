"""MediaPipe FaceMesh: 478 landmarks a frame, with the models of its own wheel, offline.

The graph is the one of `mediapipe.solutions.face_mesh`, built without that module (see `runtime/mediapipe.py`). It
follows the face from frame to frame and runs the detector only when it has none.

CPU a frame, one thread (Xeon, AVX2, median of 70 frames): 3.5 ms at 360x288, 4.1 ms at 640x480, 4.5 ms at 1280x720,
5.4 ms at 1920x1080, conversion to RGB included. Shrinking the picture to 640 wide first saves nothing at 720p and
0.4 ms at 1080p: the graph samples 192x192 of the face itself. So the frame goes in as it is.
"""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.errors import EngineError
from avatard.face import Face
from avatard.frame import Frame, Picture
from avatard.runtime import mediapipe as native
from avatard.track import pose

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import TrackConfig

log = logging.getLogger("avatard.track")

GRAPH: Final = "mediapipe/modules/face_landmark/face_landmark_front_cpu.binarypb"
#: Protocol modules that the graph's options are made of; loading them registers them.
OPTIONS: Final = (
    "core.constant_side_packet", "core.gate", "core.split_vector", "tensor.image_to_tensor", "tensor.inference",
    "tensor.tensors_to_classification", "tensor.tensors_to_detections", "tensor.tensors_to_landmarks",
    "tflite.ssd_anchors", "util.association", "util.detections_to_rects", "util.landmarks_refinement", "util.logic",
    "util.non_max_suppression", "util.rect_transformation", "util.thresholding",
)  # fmt: skip


class Graph:
    """The native graph. `find` gives the landmarks of each face in a picture."""

    def __init__(self, min_score: float, *, faces: int = 1, still: bool = False) -> None:
        with native.quiet():
            base = native.load("mediapipe.python.solution_base")
            for name in OPTIONS:
                native.load(f"mediapipe.calculators.{name}_calculator_pb2")
            detector = "facedetectionshortrangecpu__facedetectionshortrange__facedetection"
            try:
                self._graph: Any = base.SolutionBase(
                    binary_graph_path=GRAPH,
                    side_inputs={"num_faces": faces, "with_attention": True, "use_prev_landmarks": not still},
                    calculator_params={
                        f"{detector}__TensorsToDetectionsCalculator.min_score_thresh": min_score,
                        "facelandmarkcpu__ThresholdingCalculator.threshold": min_score,
                    },
                    outputs=["multi_face_landmarks"],
                )
            except (RuntimeError, FileNotFoundError) as e:
                raise EngineError(f"FaceMesh cannot start: {e}", "Install mediapipe 0.10.14 to 0.10.21 again.") from e
            self.forget()  # also loads the networks here, where their chatter is filtered

    def find(self, picture: Picture) -> list[npt.NDArray[np.float32]]:
        """478x3 float32 pixels of `picture` for each face, the strongest first."""
        height, width = picture.shape[:2]
        try:
            found = self._graph.process({"image": cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)}).multi_face_landmarks
        except (RuntimeError, ValueError) as e:
            raise EngineError(f"FaceMesh failed: {e}", "A crash of the graph: restart the daemon.") from e
        size = np.array([width, height, width], np.float32)
        return [np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32) * size for face in found or ()]

    def forget(self) -> None:
        """Stop following: the next face comes from the detector. An empty picture does it in a millisecond;
        restarting the graph loads the networks again."""
        self._graph.process({"image": np.zeros((64, 64, 3), np.uint8)})

    def close(self) -> None:
        self._graph.close()


class FaceMesh:
    """The `facemesh` tracker: raw, neither smoothed nor locked (`lock.py` does both).

    FaceMesh gives no score of its own: `Face.score` is 1 for what passed `min_score` inside the graph.
    """

    def __init__(self, config: TrackConfig) -> None:
        self._config = config
        self._graph: Graph | None = None

    def __enter__(self) -> Self:
        self._graph = Graph(self._config.min_score)
        log.debug("FaceMesh is ready")
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    def track(self, frame: Frame) -> Face | None:
        assert self._graph is not None, "enter the tracker first"
        found = self._graph.find(frame.pixels)
        return as_face(found[0], frame) if found else None

    def reset(self) -> None:
        if self._graph is not None:
            self._graph.forget()


def as_face(landmarks: npt.NDArray[np.float32], frame: Frame) -> Face | None:
    """A raw `Face` with its pose, or None where the landmarks are no face at all."""
    try:
        return Face(landmarks, pose.solve(landmarks), 1.0, frame.seq, frame.captured_ns)
    except ValueError:
        return None
