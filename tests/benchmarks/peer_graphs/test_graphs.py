"""The graphs are the published networks' by what their makers say of them: the number of parameters."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from benchmarks.peer_graphs import fomm, liveportrait
from benchmarks.peer_graphs.layers import Graph, grid


def test_the_first_order_motion_model_has_the_published_size() -> None:
    """github.com/AliaksandrSiarohin/first-order-model, vox-256: 14.2 M and 45.6 M."""
    _, parameters = fomm.per_frame()
    assert parameters / 1e6 == pytest.approx(59.8, abs=0.1)


def test_liveportrait_s_parts_have_the_published_sizes() -> None:
    """github.com/KwaiVGI/LivePortrait, assets/docs/speed.md."""
    _, parts = liveportrait.per_frame()
    published = {"motion extractor": 28.12, "warping": 45.53, "decoder": 55.37}
    assert {name: round(parts[name] / 1e6, 2) for name in published} == published


def run(graph: Graph, output: str, **feeds: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph.model(output).SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, feeds)[0])


def test_an_hourglass_gives_its_input_s_size_and_keeps_it_beside() -> None:
    graph = Graph("hourglass")
    x = graph.input("x", 1, 3, 32, 32)
    picture = np.random.default_rng(0).normal(size=(1, 3, 32, 32)).astype(np.float32)
    y = run(graph, graph.hourglass(x, 3, 4, 16, 3), x=picture)
    assert y.shape == (1, 4 + 3, 32, 32)
    assert (y[:, 4:] == picture).all()


def test_a_volume_keeps_its_depth() -> None:
    graph = Graph("volume")
    x = graph.input("x", 1, 2, 4, 16, 16)
    y = run(graph, graph.hourglass(x, 2, 4, 16, 2, volume=True), x=np.ones((1, 2, 4, 16, 16), np.float32))
    assert y.shape == (1, 4 + 2, 4, 16, 16)


def test_a_grid_moves_nothing() -> None:
    graph = Graph("still")
    x = graph.input("x", 1, 1, 5, 7)
    here = graph.constant(grid(5, 7)[None])
    picture = np.arange(35, dtype=np.float32).reshape(1, 1, 5, 7)
    y = run(graph, graph.op("GridSample", x, here, mode="linear", align_corners=1), x=picture)
    np.testing.assert_allclose(y, picture, atol=1e-4)


@pytest.mark.slow
def test_a_frame_of_the_first_order_motion_model_is_a_picture_in_range() -> None:
    model, _ = fomm.per_frame()
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    feeds = {one.name: rng.uniform(-1, 1, one.shape).astype(np.float32) for one in session.get_inputs()}
    picture = np.asarray(session.run(None, feeds)[0])
    assert picture.shape == (1, 3, 256, 256)
    assert 0 <= picture.min() < picture.max() <= 1
    assert picture.std() > 0.01
