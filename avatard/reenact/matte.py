"""Where the person is in a portrait: MediaPipe's selfie segmentation, sharpened along the portrait's own edges."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.frame import Picture
from avatard.reenact.fill import Floats
from avatard.runtime import mediapipe as native

GRAPH = "mediapipe/modules/selfie_segmentation/selfie_segmentation_cpu.binarypb"
#: Protocol modules that the graph's options are made of; loading them registers them.
OPTIONS = ("tensor.image_to_tensor", "tensor.inference", "tensor.tensors_to_segmentation")
#: Longest side the matte is made at: the network sees 256, the guided filter finds hair edges down to two pixels here.
SIZE = 640


def person(portrait: Picture, landmarks: npt.NDArray[np.floating]) -> Floats:
    """HxW float32, 0..1: how much of each pixel is the person whose `landmarks` these are, hair and clothes included.

    Other people and objects are left out: only the connected region around the face is kept.
    """
    height, width = portrait.shape[:2]
    k = min(1.0, SIZE / max(height, width))
    small = cv2.resize(portrait, (round(width * k), round(height * k)), interpolation=cv2.INTER_AREA)
    with native.quiet():
        base = native.load("mediapipe.python.solution_base")
        for name in OPTIONS:
            native.load(f"mediapipe.calculators.{name}_calculator_pb2")
        graph = base.SolutionBase(
            binary_graph_path=GRAPH, side_inputs={"model_selection": 0}, outputs=["segmentation_mask"]
        )
        with graph:
            mask = np.array(graph.process(cv2.cvtColor(small, cv2.COLOR_BGR2RGB)).segmentation_mask, np.float32)
    face = cv2.convexHull((landmarks[:, :2] * k).astype(np.float32)).astype(np.int32)
    cv2.fillConvexPoly(mask, face, (1.0,))
    sharp = cv2.ximgproc.guidedFilter(small, mask, 6, 1e-4 * 255**2)
    # The filter leaves a haze of a few per cent: 10..90 % become 0..1.
    sharp = np.clip((sharp - 0.1) / 0.8, 0.0, 1.0)
    count, parts = cv2.connectedComponents((sharp > 0.3).astype(np.uint8))
    if count > 2:
        x, y = np.clip(face.reshape(-1, 2).mean(0), 0, [small.shape[1] - 1, small.shape[0] - 1]).astype(int)
        own = cv2.dilate((parts == parts[y, x]).astype(np.uint8), np.ones((9, 9), np.uint8))
        sharp *= own
    return np.asarray(cv2.resize(sharp, (width, height), interpolation=cv2.INTER_LINEAR))
