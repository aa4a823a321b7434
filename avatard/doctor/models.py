"""The face models that come in MediaPipe's wheel."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import EngineError

#: What FaceMesh with refined landmarks loads.
MODELS = (
    "modules/face_detection/face_detection_short_range.tflite",
    "modules/face_landmark/face_landmark_with_attention.tflite",
)
FIX = 'pip install "mediapipe>=0.10.14,<0.10.22"'


def check_face_models(system: System) -> Iterator[Finding]:
    """MediaPipe is there, with its models in it: from 0.10.30 on they are not."""
    folder = system.package_folder("mediapipe")
    version = system.packages.get("mediapipe", "")
    if folder is None:
        yield Finding("face models", Level.FAIL, "MediaPipe is missing", FIX, error=EngineError)
        return
    missing = [name for name in MODELS if not (folder / name).is_file()]
    if missing:
        lost = ", ".join(name.rpartition("/")[2] for name in missing)
        text = f"MediaPipe {version} came without {lost}"
        yield Finding("face models", Level.FAIL, text, FIX, error=EngineError)
    else:
        yield Finding("face models", Level.OK, f"FaceMesh of MediaPipe {version}")
