"""Writes both networks as ONNX (opset 17, fp32, fixed shapes)."""

from __future__ import annotations

from pathlib import Path

import recipes  # noqa: F401
import torch
from net import MeshNet, MeshNetEncoder

from avatard.reenact.feeds import SHAPES, STILL_SHAPES

OPSET = 17
#: What the encoder gives and the corrector takes beside `SHAPES`, in this order.
FEATURES = ("mouth_ref", "eyes_ref", "tint")


def examples(encoder: MeshNetEncoder) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Inputs of the encoder and of the corrector, by name, in order."""
    stills = {name: torch.rand(shape) for name, shape in STILL_SHAPES.items()}
    with torch.no_grad():
        features = dict(zip(FEATURES, encoder(**stills), strict=True))
    return stills, {name: torch.rand(shape) for name, shape in SHAPES.items()} | features


def write(encoder: MeshNetEncoder, corrector: MeshNet, folders: tuple[Path, Path]) -> None:
    """folders: of `meshnet_encoder` and `meshnet`; 1/model.onnx is written in each."""
    names = (FEATURES, ("mouth_out", "eyes_out"))
    for net, feeds, outputs, folder in zip((encoder, corrector), examples(encoder), names, folders, strict=True):
        path = folder / "1" / "model.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.onnx.export(
            net.eval(), tuple(feeds.values()), str(path), input_names=list(feeds), output_names=list(outputs),
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
