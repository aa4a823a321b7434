"""README.md's table of what runs the network, from `avatard engine bench --json`."""

from __future__ import annotations

from typing import Any, Final

#: What is known of a run-time that did not run where the result was made: from the tests, in words.
UNRUN: Final = {
    "tensorrt": "written, not run: no such GPU yet",
    "tensorrt-rtx": "plans built without a GPU in the tests, not run: no such GPU yet",
    "cuda": "written, not run: no such GPU yet",
    "openvino": "not run here",
}
#: Run-time → how a user calls it.
NAMES: Final = {
    "tensorrt": "TensorRT",
    "tensorrt-rtx": "TensorRT-RTX",
    "cuda": "ONNX Runtime, CUDA",
    "openvino": "OpenVINO",
    "cpu": "ONNX Runtime, CPU",
}


def network_table(result: dict[str, Any]) -> str:
    """Markdown: a row for each run-time, best first. Figures only where it ran."""
    machine = result["machine"]
    pace = f"{result['fps']:.0f} runs a second" if result["fps"] else "one run after the other"
    rows = [
        f"`{result['engine']}`, {result['runs']} runs of each, {pace}, with copies; milliseconds.",
        "",
        "| run-time | | p50 | p99 | core-ms |",
        "|---|---|--:|--:|--:|",
    ]
    for cost in result["costs"]:
        name = NAMES[cost["provider"]]
        if cost["why_not"]:
            rows.append(f"| {name} | {UNRUN.get(cost['provider'], 'not run')} | | | |")
            continue
        wall = cost["wall_ms"]
        where = f"run on {machine['cpu']}, {machine['cores']} cores"
        rows.append(f"| {name} | {where} | {wall['p50']:.1f} | {wall['p99']:.1f} | {cost['core_ms']:.1f} |")
    return "\n".join(rows)
