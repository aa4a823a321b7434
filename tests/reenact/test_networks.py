from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
import pytest

from avatard.avatar import Avatar
from avatard.errors import EngineError
from avatard.reenact import NetworkState
from avatard.reenact.mesh import Mesh
from avatard.reenact.meshnet import MeshNet
from avatard.reenact.networks import find_networks
from avatard.sealed import VideoFormat
from tests.reenact.drawn_face import Move
from tests.reenact.made_networks import make_encoder, write_networks
from tests.runtime.network import make_network, write_folder

FORMAT = VideoFormat(640, 360)


def test_random_networks_run_and_correct_only_their_patches(tmp_path: Path, drawn: Avatar, move: Move) -> None:
    folder = write_networks(tmp_path / "engines")
    plain = Mesh(FORMAT)
    plain.set_avatar(drawn)
    plain.warm_up()
    with MeshNet(FORMAT, lambda: find_networks("cpu", folder)) as engine:
        engine.set_avatar(drawn)
        engine.warm_up()
        assert engine.name == "meshnet (cpu)"
        pictures = []
        for motion in (move(jawOpen=0.4), move(8, jawOpen=0.1)):
            picture = engine.render(motion).copy()
            assert engine.network is NetworkState.ON
            changed = (picture != plain.render(motion)).any(2)
            assert 0.001 < changed.mean() < 0.15
            pictures.append(changed)
        assert (pictures[0] != pictures[1]).any(), "the network looks at what it is given"
        for _ in range(20):
            again = engine.render(move(8, jawOpen=0.1)).copy()
        apart = np.abs(engine.render(move(8, jawOpen=0.1)).astype(int) - again)
        assert apart.max() <= 2, "a mouth that holds still comes to rest"


def test_a_network_for_another_version_is_refused(tmp_path: Path) -> None:
    folder = write_networks(tmp_path / "engines")
    model = make_network()
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 8
    other = tmp_path / "other"
    write_folder(other / "meshnet", model.SerializeToString(), model)
    (folder / "meshnet_encoder").rename(other / "meshnet_encoder")
    with pytest.raises(EngineError, match=r"meshnet is for another version of avatard.*mouth \[1, 8, 96, 128\]"):
        find_networks("cpu", other)


def test_the_encoder_must_give_what_the_corrector_takes(tmp_path: Path) -> None:
    folder = write_networks(tmp_path / "engines")
    model = make_encoder()
    model.graph.output[0].name = model.graph.node[0].output[0] = "lips_ref"
    write_folder(tmp_path / "wrong" / "meshnet_encoder", model.SerializeToString())
    (folder / "meshnet").rename(tmp_path / "wrong" / "meshnet")
    with pytest.raises(EngineError, match="network meshnet is for another version"):
        find_networks("cpu", tmp_path / "wrong")


def test_missing_networks_are_said(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="meshnet"):
        find_networks("auto", tmp_path)


def test_the_caches_key_knows_the_encoder(tmp_path: Path) -> None:
    networks = find_networks("cpu", write_networks(tmp_path / "engines"))
    data = (tmp_path / "engines" / "meshnet_encoder" / "1" / "model.onnx").read_bytes()
    assert networks.sha256 == hashlib.sha256(data).hexdigest()
    assert networks.features == {"mouth_ref": (1, 16, 24, 32), "eyes_ref": (2, 16, 16, 16)}
    assert onnx.load_from_string(data).graph.output[0].name == "mouth_ref"
