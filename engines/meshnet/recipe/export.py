"""Writes both networks as ONNX (opset 17, fp32, fixed shapes)."""

from __future__ import annotations

from pathlib import Path

import recipes  # noqa: F401
import torch
from net import MeshNet, MeshNetEncoder, Size

from avatard.reenact.cues import EYE_CODE, MOUTH_CODE, MOUTH_MAPS
from avatard.reenact.patches import EYE, MOUTH

OPSET = 17


def examples(size: Size) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Inputs of the encoder and of the corrector, by name, in order."""
    (mw, mh), (ew, eh) = MOUTH, EYE
    encoder = {"mouth": torch.rand(1, 3, mh, mw), "eyes": torch.rand(2, 3, eh, ew)}
    corrector = {
        "mouth": torch.rand(1, 3 + MOUTH_MAPS, mh, mw),
        "eyes": torch.rand(2, 4, eh, ew),
        "mouth_code": torch.rand(1, MOUTH_CODE),
        "eye_code": torch.rand(2, EYE_CODE),
        "mouth_ref": torch.rand(1, size.ref, mh // 4, mw // 4),
        "eyes_ref": torch.rand(2, size.ref, eh // 4, ew // 4),
        "tint": torch.ones(1, 3, 1, 1),
    }
    return encoder, corrector


def write(encoder: MeshNetEncoder, corrector: MeshNet, size: Size, folders: tuple[Path, Path]) -> None:
    """folders: of `meshnet_encoder` and `meshnet`; 1/model.onnx is written in each."""
    names = (("mouth_ref", "eyes_ref", "tint"), ("mouth_out", "eyes_out"))
    for net, feeds, outputs, folder in zip((encoder, corrector), examples(size), names, folders, strict=True):
        path = folder / "1" / "model.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.onnx.export(
            net.eval(), tuple(feeds.values()), str(path), input_names=list(feeds), output_names=list(outputs),
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
