"""Makes the shipped engine of a training: ONNX, engine.toml, Triton's config.pbtxt, curves.

python ship.py --run FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import platform
from pathlib import Path

import recipes
import net
import torch
import train

from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.log_mel import BANDS
from avatard.speech.voicemouth.network import OFFSETS

OPSET = 17
FRAMES, VISEMES = [1, len(OFFSETS), BANDS], [1, len(Viseme)]
#: Greatest difference to ONNX Runtime's CPU in fp32: half-precision run-times stay below it, a wrong layout does not.
TOLERANCE = 0.02


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="the --out of train.py")
    parser.add_argument("--engines", type=Path, default=recipes.ROOT / "engines")
    options = parser.parse_args()
    state = torch.load(options.run / "checkpoint.pt", map_location="cpu", weights_only=True)
    trained = net.VoiceMouth()
    trained.load_state_dict(state["model"])
    onnx = io.BytesIO()
    torch.onnx.export(
        net.Shipped(trained).eval(), (torch.zeros(FRAMES),), onnx,
        input_names=["frames"], output_names=["visemes"], opset_version=OPSET, dynamo=False,
    )  # fmt: skip
    folder = options.engines / "voicemouth"
    (folder / "1").mkdir(parents=True, exist_ok=True)
    (folder / "1" / "model.onnx").write_bytes(onnx.getvalue())
    last = state["curves"][-1]
    judged = {
        f"held_out_{family}_{what}": round(value, 3)
        for family, row in last.items() if isinstance(row, dict)
        for what, value in row.items()
    }  # fmt: skip
    training = {
        "recipe": "engines/voicemouth/recipe",
        "voices": "espeak-ng and its variants; Piper's voice joe (CC0); judged on flite's too, which it never heard",
        "seed": train.SEED,
        "parameters": sum(each.numel() for each in trained.parameters()),
        "minutes_of_sound": round(state["frames"] / 6000),
        "steps": state["steps"],
        "seconds": last["seconds"],
        "torch": torch.__version__,
        "machine": platform.machine(),
        **judged,
    }
    (folder / "engine.toml").write_text(_toml(hashlib.sha256(onnx.getvalue()).hexdigest(), training))
    (folder / "config.pbtxt").write_text(
        'name: "voicemouth"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 0\n'
        f'input [\n  {{ name: "frames" data_type: TYPE_FP32 dims: {FRAMES} }}\n]\n'
        f'output [\n  {{ name: "visemes" data_type: TYPE_FP32 dims: {VISEMES} }}\n]\n'
    )
    (folder / "recipe" / "curves.json").write_bytes((options.run / "curves.json").read_bytes())


def _toml(sha256: str, training: dict[str, object]) -> str:
    return (
        f"""schema = 1
name = "voicemouth"
licence = "Apache-2.0"
opset = {OPSET}
sha256 = "{sha256}"

[[inputs]]
name = "frames"
shape = {FRAMES}
dtype = "float32"

[[outputs]]
name = "visemes"
shape = {VISEMES}
dtype = "float32"

# Greatest absolute difference of another run-time to ONNX Runtime's CPU in fp32.
[tolerance]
visemes = {TOLERANCE}

[training]
"""
        + "\n".join(f"{name} = {json.dumps(value)}" for name, value in training.items())
        + "\n"
    )


if __name__ == "__main__":
    main()
