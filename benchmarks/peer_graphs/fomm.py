"""The First Order Motion Model: Siarohin et al., NeurIPS 2019, arXiv 2003.00196; configuration `vox-256`.

Per frame as its authors' demo runs it: the keypoint detector on the driving frame, then the whole generator, which
encodes the source again each time. The source's keypoints are made once.
"""

from __future__ import annotations

import numpy as np
import onnx

from benchmarks.peer_graphs.layers import Graph, grid

SIZE, SMALL = 256, 64
KEYPOINTS = 10
#: Published: 14.2 M in the keypoint detector, 45.6 M in the generator with its dense motion.
_VARIANCE = 0.01


def per_frame() -> tuple[onnx.ModelProto, int]:
    """The graph of one frame (source, driving, the source's keypoints → picture), and its number of parameters."""
    g = Graph("first order motion model")
    source, driving = (g.input(name, 1, 3, SIZE, SIZE) for name in ("source", "driving"))
    source_at = g.input("source_keypoints", 1, KEYPOINTS, 2)
    source_turn = g.input("source_jacobians", 1, KEYPOINTS, 2, 2)
    driving_at, driving_turn = _keypoints(g, driving)
    flow, occlusion = _dense_motion(g, source, (source_at, source_turn), (driving_at, driving_turn))
    return g.model(_generator(g, source, flow, occlusion)), g.parameters


def _quarter(g: Graph, x: str) -> str:
    """A quarter of the size, behind a Gaussian blur of 13x13: the authors' AntiAliasInterpolation2d."""
    at = np.arange(13) - 6
    bell = np.exp(-(at**2) / (2 * 1.5**2))
    kernel = np.outer(bell, bell) / bell.sum() ** 2
    blur = g.constant(np.tile(kernel, (3, 1, 1, 1)))
    y = g.op("Conv", x, blur, kernel_shape=[13, 13], pads=[6] * 4, group=3)
    return g.op("Slice", y, g.whole(0, 0), g.whole(SIZE, SIZE), g.whole(2, 3), g.whole(4, 4))


def _keypoints(g: Graph, picture: str) -> tuple[str, str]:
    """Where they are (1xKx2) and how their surroundings are turned (1xKx2x2)."""
    y = g.hourglass(_quarter(g, picture), 3, 32, 1024, 5)
    side = SMALL - 6  # the 7x7 convolutions are not padded
    heat = g.op("Reshape", g.conv(y, 35, KEYPOINTS, 7, 0), g.whole(1, KEYPOINTS, side * side))
    heat = g.op("Softmax", g.op("Mul", heat, g.constant(10.0)), axis=2)
    at = g.op("MatMul", heat, g.constant(grid(side, side).reshape(-1, 2)))
    turns = g.op("Reshape", g.conv(y, 35, 4 * KEYPOINTS, 7, 0), g.whole(1, KEYPOINTS, 4, side * side))
    mean = g.op("MatMul", turns, g.op("Reshape", heat, g.whole(1, KEYPOINTS, side * side, 1)))
    return at, g.op("Reshape", mean, g.whole(1, KEYPOINTS, 2, 2))


def _heat(g: Graph, at: str) -> str:
    """A bell around each keypoint, 1xKxHxW."""
    away = g.op("Sub", g.constant(grid(SMALL, SMALL)), g.op("Reshape", at, g.whole(1, KEYPOINTS, 1, 1, 2)))
    squares = g.op("ReduceSum", g.op("Mul", away, away), g.whole(-1), keepdims=0)
    return g.op("Exp", g.op("Mul", squares, g.constant(-0.5 / _VARIANCE)))


def _dense_motion(g: Graph, source: str, at_source: tuple[str, str], at_driving: tuple[str, str]) -> tuple[str, str]:
    """Where each pixel comes from (1xHxWx2), and what was hidden before (1x1xHxW)."""
    small = _quarter(g, source)
    heat = g.op("Sub", _heat(g, at_driving[0]), _heat(g, at_source[0]))
    heat = g.op("Concat", g.constant(np.zeros((1, 1, SMALL, SMALL))), heat, axis=1)
    heat = g.op("Reshape", heat, g.whole(1, KEYPOINTS + 1, 1, SMALL, SMALL))

    # Around each keypoint the picture moves with it, turned as its surroundings are; and once nothing moves.
    inverse = _inverse(g, at_driving[1])
    turn = g.op("Reshape", g.op("MatMul", at_source[1], inverse), g.whole(1, KEYPOINTS, 1, 1, 2, 2))
    away = g.op("Sub", g.constant(grid(SMALL, SMALL)), g.op("Reshape", at_driving[0], g.whole(1, KEYPOINTS, 1, 1, 2)))
    away = g.op("MatMul", turn, g.op("Unsqueeze", away, g.whole(-1)))
    away = g.op("Squeeze", away, g.whole(-1))
    moved = g.op("Add", away, g.op("Reshape", at_source[0], g.whole(1, KEYPOINTS, 1, 1, 2)))
    still = g.constant(grid(SMALL, SMALL)[None, None])
    flows = g.op("Reshape", g.op("Concat", still, moved, axis=1), g.whole(KEYPOINTS + 1, SMALL, SMALL, 2))

    copies = g.op("Expand", small, g.whole(KEYPOINTS + 1, 3, SMALL, SMALL))
    warped = g.op("GridSample", copies, flows, mode="linear", padding_mode="zeros", align_corners=0)
    warped = g.op("Reshape", warped, g.whole(1, KEYPOINTS + 1, 3, SMALL, SMALL))
    both = g.op("Reshape", g.op("Concat", heat, warped, axis=2), g.whole(1, 4 * (KEYPOINTS + 1), SMALL, SMALL))
    y = g.hourglass(both, 44, 64, 1024, 5)
    mask = g.op("Softmax", g.conv(y, 108, KEYPOINTS + 1, 7, 3), axis=1)
    mask = g.op("Reshape", mask, g.whole(KEYPOINTS + 1, SMALL, SMALL, 1))
    flow = g.op("ReduceSum", g.op("Mul", mask, flows), g.whole(0), keepdims=1)
    return flow, g.op("Sigmoid", g.conv(y, 108, 1, 7, 3))


def _inverse(g: Graph, matrices: str) -> str:
    """Of 2x2 matrices, 1xKx2x2, by their adjugates."""
    flat = g.op("Reshape", matrices, g.whole(1, KEYPOINTS, 4))
    a, b, c, d = g.ops("Split", 4, flat, axis=2, num_outputs=4)
    size = g.op("Sub", g.op("Mul", a, d), g.op("Mul", b, c))
    adjugate = g.op("Concat", d, g.op("Neg", b), g.op("Neg", c), a, axis=2)
    return g.op("Reshape", g.op("Div", adjugate, size), g.whole(1, KEYPOINTS, 2, 2))


def _generator(g: Graph, source: str, flow: str, occlusion: str) -> str:
    """Encode the source, move its features, draw."""
    y = g.op("Relu", g.batch_norm(g.conv(source, 3, 64, 7, 3), 64))
    y = g.down(g.down(y, 64, 128), 128, 256)
    y = g.op("GridSample", y, flow, mode="linear", padding_mode="zeros", align_corners=0)
    y = g.op("Mul", y, occlusion)
    for _ in range(6):
        z = y
        for _ in range(2):
            z = g.conv(g.op("Relu", g.batch_norm(z, 256)), 256, 256, 3, 1)
        y = g.op("Add", y, z)
    y = g.up(g.up(y, 256, 128), 128, 64)
    return g.op("Sigmoid", g.conv(y, 64, 3, 7, 3))
