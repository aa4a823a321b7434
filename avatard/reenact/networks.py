"""The two networks of `meshnet`: the encoder looks at a portrait once, the corrector at each picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from avatard import paths
from avatard.errors import EngineError
from avatard.reenact.correction import PLANES
from avatard.reenact.feeds import SHAPES, STILL_SHAPES
from avatard.reenact.patches import EYE, MOUTH
from avatard.runtime import Session, open_session
from avatard.runtime.engine_folder import EngineFolder, find_engine

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]

CORRECTOR, ENCODER = "meshnet", "meshnet_encoder"
#: What the corrector gives.
CORRECTIONS: Final[Shapes] = {
    "mouth_out": (1, PLANES, MOUTH[1], MOUTH[0]),
    "eyes_out": (2, PLANES, EYE[1], EYE[0]),
}


@dataclass(frozen=True, slots=True)
class Networks:
    """Not yet opened; each session is not yet entered.

    features: shapes of what the encoder gives. sha256: hex digest of the encoder's file. cache: folder of the
    portraits' features.
    """

    corrector: Callable[[], Session]
    encoder: Callable[[], Session]
    features: Shapes
    sha256: str
    cache: Path


def find_networks(provider: str, folder: Path | None = None) -> Networks:
    """The networks in `folder`, by default the shipped ones. Raises EngineError: missing, damaged, not for this
    version. provider: for the corrector; the encoder runs once, and no plan is worth building for that."""
    corrector, encoder = find_engine(CORRECTOR, folder), find_engine(ENCODER, folder)
    # What one gives and the other takes beside `SHAPES` is the networks' own business.
    features = {t.name: t.shape for t in encoder.outputs}
    _check(encoder, STILL_SHAPES, features)
    _check(corrector, {**SHAPES, **features}, CORRECTIONS)
    return Networks(
        corrector=lambda: open_session(corrector, provider),
        encoder=lambda: open_session(encoder, "cpu"),
        features=features,
        sha256=encoder.sha256,
        cache=paths.features(),
    )


def _check(engine: EngineFolder, inputs: Shapes, outputs: Shapes) -> None:
    for tensors, shapes in ((engine.inputs, inputs), (engine.outputs, outputs)):
        if {t.name: t.shape for t in tensors} != shapes or any(t.dtype != "float32" for t in tensors):
            raise _foreign(engine)


def _foreign(engine: EngineFolder) -> EngineError:
    has = "; ".join(", ".join(map(str, tensors)) for tensors in (engine.inputs, engine.outputs))
    return EngineError(
        f"the network {engine.name} is for another version of avatard: it has {has}",
        "Install avatard again; where you trained it yourself, export it with the recipe of this version.",
    )
