"""LivePortrait: Guo et al., 2024, arXiv 2407.03168; its `models.yaml`, for humans, 512x512 out.

Per frame as its authors run it: motion extractor on the driving frame, stitching, warping, SPADE decoder. The
appearance features of the source are made once.
"""

from __future__ import annotations

import numpy as np
import onnx

from benchmarks.peer_graphs.layers import Graph, grid

KEYPOINTS = 21
FEATURES, DEPTH, SMALL = 32, 16, 64
_BINS = 66
_VARIANCE = 0.01
_POINTS = KEYPOINTS * 3


def per_frame() -> tuple[onnx.ModelProto, dict[str, int]]:
    """The graph of one frame (driving, the source's features and keypoints → picture), and the parameters of its
    parts."""
    g = Graph("LivePortrait")
    driving = g.input("driving", 1, 3, 256, 256)
    features = g.input("features", 1, FEATURES, DEPTH, SMALL, SMALL)
    source = g.input("source_keypoints", 1, KEYPOINTS, 3)
    parts, before = {}, 0

    def part(name: str) -> None:
        nonlocal before
        parts[name] = g.parameters - before
        before = g.parameters

    moved = _motion(g, driving)
    part("motion extractor")
    moved = _stitched(g, source, moved)
    part("stitching")
    warped = _warped(g, features, source, moved)
    part("warping")
    picture = _drawn(g, warped)
    part("decoder")
    return g.model(picture), parts


def _motion(g: Graph, picture: str) -> str:
    """ConvNeXt V2 (tiny) and its heads; keypoints 1xKx3."""
    widths, depths = (96, 192, 384, 768), (3, 3, 9, 3)
    y = _patches(g, picture, 3, widths[0], 4)
    y = _layer_norm(g, y, widths[0])
    for index, (width, depth) in enumerate(zip(widths, depths, strict=True)):
        if index:
            y = _patches(g, _layer_norm(g, y, widths[index - 1]), widths[index - 1], width, 2)
        for _ in range(depth):
            y = _convnext(g, y, width)
    y = _layer_norm(g, g.op("ReduceMean", y, g.whole(2, 3), keepdims=1), widths[-1])
    y = g.op("Reshape", y, g.whole(1, widths[-1]))
    degrees = g.constant(np.arange(_BINS)[:, None] * 3.0)
    shares = [g.op("Softmax", g.linear(y, widths[-1], _BINS), axis=1) for _ in range(3)]
    angles = [g.op("MatMul", share, degrees) for share in shares]
    shape, change = (g.op("Reshape", g.linear(y, widths[-1], _POINTS), g.whole(1, KEYPOINTS, 3)) for _ in range(2))
    shift = g.op("Reshape", g.linear(y, widths[-1], 3), g.whole(1, 1, 3))
    scale = g.linear(y, widths[-1], 1)
    turned = _turned(g, shape, angles)
    return g.op("Add", g.op("Mul", scale, g.op("Add", turned, change)), shift)


def _turned(g: Graph, points: str, degrees: list[str]) -> str:
    """Points, 1xKx3, turned about each axis by degrees - 97.5."""
    for axis, angle in enumerate(degrees):
        radians = g.op("Mul", g.op("Sub", angle, g.constant(97.5)), g.constant(np.pi / 180))
        cos, sin = g.op("Cos", radians), g.op("Sin", radians)
        parts = g.ops("Split", 3, points, axis=2, num_outputs=3)
        first, second = parts[(axis + 1) % 3], parts[(axis + 2) % 3]
        parts[(axis + 1) % 3] = g.op("Sub", g.op("Mul", first, cos), g.op("Mul", second, sin))
        parts[(axis + 2) % 3] = g.op("Add", g.op("Mul", first, sin), g.op("Mul", second, cos))
        points = g.op("Concat", *parts, axis=2)
    return points


def _patches(g: Graph, x: str, channels: int, into: int, size: int) -> str:
    """A convolution whose windows do not overlap."""
    g.parameters += into
    kernel, bias = g.weight(into, channels, size, size), g.constant(np.zeros(into))
    return g.op("Conv", x, kernel, bias, kernel_shape=[size, size], strides=[size, size])


def _layer_norm(g: Graph, x: str, width: int) -> str:
    """Over the channels of each pixel."""
    y = g.op("Transpose", x, perm=[0, 2, 3, 1])
    return g.op("Transpose", _last_norm(g, y, width), perm=[0, 3, 1, 2])


def _last_norm(g: Graph, x: str, width: int) -> str:
    g.parameters += 2 * width
    return g.op("LayerNormalization", x, g.constant(np.ones(width)), g.constant(np.zeros(width)), axis=-1)


def _convnext(g: Graph, x: str, width: int) -> str:
    """7x7 by channel, normalisation, four times as wide, GELU, global response normalisation, back."""
    g.parameters += width
    kernel, bias = g.weight(width, 1, 7, 7), g.constant(np.zeros(width))
    y = g.op("Conv", x, kernel, bias, kernel_shape=[7, 7], pads=[3] * 4, group=width)
    y = _last_norm(g, g.op("Transpose", y, perm=[0, 2, 3, 1]), width)
    y = g.op("Gelu", g.linear(y, width, 4 * width))
    g.parameters += 2 * 4 * width
    strength = g.op("ReduceL2", y, g.whole(1, 2), keepdims=1)
    mean = g.op("Add", g.op("ReduceMean", strength, g.whole(-1), keepdims=1), g.constant(1e-6))
    gain = g.constant(np.full(4 * width, 0.1))
    y = g.op("Add", g.op("Mul", g.op("Mul", y, g.op("Div", strength, mean)), gain), y)
    y = g.op("Transpose", g.linear(y, 4 * width, width), perm=[0, 3, 1, 2])
    return g.op("Add", x, y)


def _stitched(g: Graph, source: str, driving: str) -> str:
    """A small network moves the driving keypoints so that the shoulders stay."""
    both = g.op("Concat", source, driving, axis=1)
    y = g.op("Reshape", both, g.whole(1, 2 * _POINTS))
    for before, after in ((2 * _POINTS, 128), (128, 128), (128, 64)):
        y = g.op("Relu", g.linear(y, before, after))
    y = g.linear(y, 64, _POINTS + 2)
    change, shift = g.op("Slice", y, g.whole(0), g.whole(_POINTS), g.whole(1)), g.op("ReduceMean", y, keepdims=1)
    change = g.op("Reshape", change, g.whole(1, KEYPOINTS, 3))
    return g.op("Add", g.op("Add", driving, change), shift)


def _bells(g: Graph, at: str) -> str:
    """Around each keypoint, 1xKxDxHxW."""
    away = g.op("Sub", g.constant(grid(DEPTH, SMALL, SMALL)), g.op("Reshape", at, g.whole(1, KEYPOINTS, 1, 1, 1, 3)))
    squares = g.op("ReduceSum", g.op("Mul", away, away), g.whole(-1), keepdims=0)
    return g.op("Exp", g.op("Mul", squares, g.constant(-0.5 / _VARIANCE)))


def _warped(g: Graph, features: str, source: str, driving: str) -> str:
    """The source's volume of features moved to the driving keypoints, and flattened: 1x256x64x64."""
    volume = (DEPTH, SMALL, SMALL)
    lean = g.op("Relu", g.batch_norm(g.conv(features, FEATURES, 4, 1, 0, volume=True), 4))
    step = g.op("Reshape", g.op("Sub", source, driving), g.whole(1, KEYPOINTS, 1, 1, 1, 3))
    moved = g.op("Add", g.constant(grid(*volume)), step)
    flows = g.op("Concat", g.constant(grid(*volume)[None, None]), moved, axis=1)
    flows = g.op("Reshape", flows, g.whole(KEYPOINTS + 1, *volume, 3))
    copies = g.op("Expand", lean, g.whole(KEYPOINTS + 1, 4, *volume))
    warped = g.op("GridSample", copies, flows, mode="linear", padding_mode="zeros", align_corners=0)
    warped = g.op("Reshape", warped, g.whole(1, KEYPOINTS + 1, 4, *volume))
    heat = g.op("Sub", _bells(g, driving), _bells(g, source))
    heat = g.op("Concat", g.constant(np.zeros((1, 1, *volume))), heat, axis=1)
    heat = g.op("Reshape", heat, g.whole(1, KEYPOINTS + 1, 1, *volume))
    both = g.op("Reshape", g.op("Concat", heat, warped, axis=2), g.whole(1, 5 * (KEYPOINTS + 1), *volume))

    y = g.hourglass(both, 110, 32, 1024, 5, volume=True)
    y = g.op("Relu", g.batch_norm(g.conv(y, 142, 142, 3, 1, volume=True), 142))
    mask = g.op("Softmax", g.conv(y, 142, KEYPOINTS + 1, 7, 3, volume=True), axis=1)
    mask = g.op("Reshape", mask, g.whole(KEYPOINTS + 1, *volume, 1))
    flow = g.op("ReduceSum", g.op("Mul", mask, flows), g.whole(0), keepdims=1)
    flat = g.op("Reshape", y, g.whole(1, 142 * DEPTH, SMALL, SMALL))
    occlusion = g.op("Sigmoid", g.conv(flat, 142 * DEPTH, 1, 7, 3))

    out = g.op("GridSample", features, flow, mode="linear", padding_mode="zeros", align_corners=0)
    out = g.op("Reshape", out, g.whole(1, FEATURES * DEPTH, SMALL, SMALL))
    out = g.op("LeakyRelu", g.batch_norm(g.conv(out, 512, 256, 3, 1), 256), alpha=0.01)
    return g.op("Mul", g.conv(out, 256, 256, 1, 0), occlusion)


def _drawn(g: Graph, features: str) -> str:
    """The SPADE decoder: 1x256x64x64 → 1x3x512x512."""
    y = g.conv(features, 256, 512, 3, 1)
    for _ in range(6):
        y = _spade_block(g, y, features, 512, 512, 1)
    y = _spade_block(g, g.resize(y, [1, 1, 2, 2]), features, 512, 256, 2)
    y = _spade_block(g, g.resize(y, [1, 1, 2, 2]), features, 256, 64, 4)
    y = g.conv(g.op("LeakyRelu", y, alpha=0.2), 64, 12, 3, 1)
    return g.op("Sigmoid", g.op("DepthToSpace", y, blocksize=2, mode="CRD"))


def _spade_block(g: Graph, x: str, features: str, channels: int, into: int, scale: int) -> str:
    middle = min(channels, into)
    features = g.resize(features, [1, 1, scale, scale]) if scale > 1 else features
    beside = x
    if channels != into:
        beside = g.conv(_spade(g, x, features, channels), channels, into, 1, 0, bias=False)
    y = g.conv(g.op("LeakyRelu", _spade(g, x, features, channels), alpha=0.2), channels, middle, 3, 1)
    y = g.conv(g.op("LeakyRelu", _spade(g, y, features, middle), alpha=0.2), middle, into, 3, 1)
    return g.op("Add", beside, y)


def _spade(g: Graph, x: str, features: str, channels: int) -> str:
    """Instance normalisation, scaled and shifted by what the features say of each pixel."""
    ones, zeros = g.constant(np.ones(channels)), g.constant(np.zeros(channels))
    level = g.op("InstanceNormalization", x, ones, zeros)
    shared = g.op("Relu", g.conv(features, 256, 128, 3, 1))
    scale, shift = (g.conv(shared, 128, channels, 3, 1) for _ in range(2))
    return g.op("Add", g.op("Mul", level, g.op("Add", scale, g.constant(1.0))), shift)
