"""Makes the shipped engine of a training: ONNX, engine.toml, Triton's config.pbtxt, and a slim checkpoint.

python ship.py --run FOLDER --data FOLDER --held FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from pathlib import Path

import recipes
import export
import net
import onnx
import torch
import train
from onnx import TensorProto

ENGINES = recipes.ROOT / "engines"
#: Greatest difference to ONNX Runtime's CPU in fp32: half-precision run-times stay below it, a wrong layout does not.
TOLERANCE = {"mouth_out": 0.05, "eyes_out": 0.05, "mouth_ref": 0.05, "eyes_ref": 0.05, "tint": 0.01}
DTYPES = {TensorProto.FLOAT: ("float32", "TYPE_FP32")}


def _tensors(values: list[onnx.ValueInfoProto]) -> list[tuple[str, list[int], tuple[str, str]]]:
    return [
        (v.name, [d.dim_value for d in v.type.tensor_type.shape.dim], DTYPES[v.type.tensor_type.elem_type])
        for v in values
    ]


def describe(folder: Path, training: dict[str, object]) -> None:
    """Write engine.toml and config.pbtxt for folder/1/model.onnx."""
    path = folder / "1" / "model.onnx"
    graph = onnx.load(path).graph
    inputs, outputs = _tensors(list(graph.input)), _tensors(list(graph.output))
    lines = [
        "schema = 1",
        f'name = "{folder.name}"',
        'licence = "Apache-2.0"',
        f"opset = {export.OPSET}",
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
        "",
    ]
    for kind, tensors in (("inputs", inputs), ("outputs", outputs)):
        for name, shape, (dtype, _) in tensors:
            lines += [f"[[{kind}]]", f'name = "{name}"', f"shape = {shape}", f'dtype = "{dtype}"', ""]
    lines += ["# Greatest absolute difference of another run-time to ONNX Runtime's CPU in fp32.", "[tolerance]"]
    lines += [f"{name} = {TOLERANCE[name]}" for name, _, _ in outputs]
    lines += ["", "[training]", *(f"{name} = {json.dumps(value)}" for name, value in training.items()), ""]
    (folder / "engine.toml").write_text("\n".join(lines))
    blocks = [f'name: "{folder.name}"', 'platform: "onnxruntime_onnx"', "max_batch_size: 0"]
    for kind, tensors in (("input", inputs), ("output", outputs)):
        rows = [f'  {{ name: "{name}" data_type: {kind_} dims: {shape} }}' for name, shape, (_, kind_) in tensors]
        blocks.append(f"{kind} [\n" + ",\n".join(rows) + "\n]")
    (folder / "config.pbtxt").write_text("\n".join(blocks) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="the --out of train.py")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--engines", type=Path, default=ENGINES, help="where meshnet/ and meshnet_encoder/ are written")
    options = parser.parse_args()
    state = torch.load(options.run / "checkpoint.pt", map_location="cpu", weights_only=True)
    encoder, corrector = net.build(net.SIZES[state["size"]])
    encoder.load_state_dict(state["mean"][0])
    corrector.load_state_dict(state["mean"][1])
    folders = options.engines / "meshnet_encoder", options.engines / "meshnet"
    export.write(encoder, corrector, folders)
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in (options.data, options.held)]
    last = state["curves"][-1]
    training = {
        "recipe": "engines/meshnet/recipe",
        "data_sha256": manifests[0]["sha256"],
        "data_sequences": manifests[0]["sequences"],
        "held_out_sha256": manifests[1]["sha256"],
        "seed": train.SEED,
        "size": state["size"],
        "steps": state["step"],
        "hours": round(state["seconds"] / 3600, 2),
        "torch": torch.__version__,
        "machine": platform.machine(),
        **{f"held_out_{name}_db": last[name] for name in last if name.split("_")[0] in ("mouth", "inside", "eyes")},
    }
    for folder in folders:
        describe(folder, training)
    slim = {
        "encoder": {k: v.half() for k, v in state["encoder"].items()},
        "corrector": {k: v.half() for k, v in state["corrector"].items()},
        "size": state["size"], "step": state["step"], "seconds": state["seconds"], "curves": state["curves"],
    }  # fmt: skip
    recipe = options.engines / "meshnet" / "recipe"
    recipe.mkdir(parents=True, exist_ok=True)
    torch.save(slim, recipe / "checkpoint.pt")
    for name in ("curves.json", "curves.png"):
        (recipe / name).write_bytes((options.run / name).read_bytes())
    (recipe / "manifest.json").write_bytes((options.data / "manifest.json").read_bytes())


if __name__ == "__main__":
    main()
