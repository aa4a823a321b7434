"""Everything that an engine folder can have wrong, and one that is right."""

import pickle
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from avatard.errors import EngineError
from avatard.runtime.engine_folder import engine_names, engines_folder, find_engine, read_engine
from avatard.runtime.onnx_file import Tensor
from tests.runtime.network import OPSET, make_engine, make_network, write_folder


def refusal(folder: Path) -> EngineError:
    with pytest.raises(EngineError) as failure:
        read_engine(folder)
    assert failure.value.hint
    return failure.value


@pytest.fixture
def model() -> Any:
    return make_network()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "meshnet"


def test_a_right_one(folder: Path) -> None:
    engine = make_engine(folder)
    assert (engine.name, engine.opset, engine.licence) == ("meshnet", OPSET, "Apache-2.0")
    assert Tensor("mouth", (1, 9, 96, 128), "float32") in engine.inputs
    assert [str(tensor) for tensor in engine.outputs] == [
        "mouth_out [1, 7, 96, 128] float32",
        "eyes_out [2, 7, 64, 64] float32",
    ]
    assert engine.tolerance == {"mouth_out": 0.02, "eyes_out": 0.02}
    assert engine.training == {"seed": 0}
    assert engine.onnx == (folder / "1" / "model.onnx").read_bytes()


def test_it_is_found_by_name(folder: Path) -> None:
    make_engine(folder)
    (folder.parent / "notes").mkdir()
    assert engine_names(folder.parent) == ["meshnet"]
    assert find_engine("meshnet", folder.parent).path == folder
    with pytest.raises(EngineError, match="'meshnot'") as failure:
        find_engine("meshnot", folder.parent)
    assert "meshnet" in failure.value.hint


@pytest.mark.parametrize("name", ["..", "../meshnet", "/etc", ""])
def test_a_name_is_no_path(folder: Path, name: str) -> None:
    make_engine(folder)
    with pytest.raises(EngineError, match="no engine is called"):
        find_engine(name, folder.parent)


def test_the_shipped_ones_are_beside_the_package_or_in_it() -> None:
    assert engines_folder().name == "engines"
    assert engines_folder().is_dir()


def test_every_shipped_engine_is_right() -> None:
    for name in engine_names():
        assert find_engine(name).licence


@pytest.mark.parametrize("missing", ["engine.toml", "1/model.onnx"])
def test_a_missing_file(folder: Path, missing: str) -> None:
    make_engine(folder)
    (folder / missing).unlink()
    assert f"{missing} cannot be read: No such file" in str(refusal(folder))


def test_a_wrong_hash(folder: Path) -> None:
    make_engine(folder)
    file = folder / "1" / "model.onnx"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert "is not the file of engine.toml: SHA-256" in str(refusal(folder))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_truncated_onnx_with_the_right_hash(folder: Path, model: Any, share: float) -> None:
    data = model.SerializeToString()
    write_folder(folder, data[: int(len(data) * share)], model)
    assert "not a whole ONNX model" in str(refusal(folder))


def test_what_is_no_onnx_at_all(folder: Path, model: Any) -> None:
    write_folder(folder, b"GIF89a not a model", model)
    assert "not a whole ONNX model" in str(refusal(folder))


@pytest.mark.parametrize("data", [*(pickle.dumps({"a": 1}, protocol) for protocol in (2, 4, 5)), b"PK\x03\x04archive"])
def test_a_pickle_under_an_onnx_name(folder: Path, model: Any, data: bytes) -> None:
    write_folder(folder, data, model)
    assert "is a pickle" in str(refusal(folder))


@pytest.mark.parametrize("domain", ["com.example", "com.microsoft", "trt.plugins"])
def test_an_operator_of_a_custom_domain(folder: Path, model: Any, domain: str) -> None:
    model.opset_import.append(helper.make_opsetid(domain, 1))
    model.graph.node[3].domain = domain
    write_folder(folder, model.SerializeToString())
    assert f"uses operators of {domain}" in str(refusal(folder))


def test_a_custom_operator_hidden_in_a_branch(folder: Path, model: Any) -> None:
    inside = helper.make_graph([helper.make_node("Evil", [], ["x"], domain="com.example")], "then", [], [])
    model.graph.node.append(helper.make_node("If", ["mouth"], ["y"], then_branch=inside, else_branch=inside))
    write_folder(folder, model.SerializeToString())
    assert "uses operators of com.example" in str(refusal(folder))


def test_a_function_of_its_own(folder: Path, model: Any) -> None:
    node = helper.make_node("Relu", ["a"], ["b"])
    model.functions.append(
        helper.make_function("local", "Mine", ["a"], ["b"], [node], [helper.make_opsetid("", OPSET)])
    )
    model.graph.node.append(helper.make_node("Mine", ["mouth"], ["z"], domain="local"))
    write_folder(folder, model.SerializeToString())
    assert "uses operators of local" in str(refusal(folder))


def test_external_data(folder: Path, model: Any, tmp_path: Path) -> None:
    stored = tmp_path / "stored" / "model.onnx"
    stored.parent.mkdir()
    onnx.save_model(model, str(stored), save_as_external_data=True, location="weights.bin", size_threshold=0)
    write_folder(folder, stored.read_bytes())
    assert "keeps data in other files" in str(refusal(folder))


def test_external_data_of_a_constant_node(folder: Path, model: Any) -> None:
    tensor = numpy_helper.from_array(numpy_helper.to_array(model.graph.initializer[0]), "hidden")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    model.graph.node.append(helper.make_node("Constant", [], ["hidden_out"], value=tensor))
    write_folder(folder, model.SerializeToString())
    assert "keeps data in other files (hidden)" in str(refusal(folder))


def test_another_opset(folder: Path, model: Any) -> None:
    write_folder(folder, model.SerializeToString(), opset=OPSET + 1)
    assert "has opset 17, engine.toml says 18" in str(refusal(folder))


@pytest.mark.parametrize("which", ["input", "output"])
@pytest.mark.parametrize("change", ["name", "shape", "dtype", "more", "free"])
def test_another_signature(folder: Path, model: Any, which: str, change: str) -> None:
    told = make_network()
    info = getattr(model.graph, which)[0]
    kind = info.type.tensor_type
    if change == "name":
        info.name = "other"
    elif change == "shape":
        kind.shape.dim[2].dim_value = 48
    elif change == "dtype":
        kind.elem_type = TensorProto.FLOAT16
    elif change == "free":
        kind.shape.dim[0].dim_param = "batch"
    else:
        getattr(model.graph, which).append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    write_folder(folder, model.SerializeToString(), told)
    assert f"has other {which}s than engine.toml says" in str(refusal(folder))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": 2}, "schema 2"),
        ({"schema": 2, "sha256": "abc"}, "schema 2, this avatard reads 1; sha256 is not 64"),
        ({"name": "other"}, "name 'other' in a folder called 'meshnet'"),
        ({"sha256": "abc"}, "64 hexadecimal"),
        ({"licence": None}, "licence"),
        ({"opset": "seventeen"}, "opset"),
        ({"surprise": 1}, "surprise"),
        ({"tolerance": {"mouth_out": 0.02}}, "tolerance"),
        ({"inputs": []}, "names of their own"),
        ({"inputs": [{"name": "mouth", "shape": [1, -1], "dtype": "float32"}]}, "no fixed shape"),
        ({"inputs": [{"name": "mouth", "shape": [1, 2], "dtype": "float31"}]}, "no dtype"),
        ({"inputs": [{"name": "mouth", "shape": [1, 2]}]}, "dtype"),
    ],
)
def test_an_engine_toml_that_does_not_follow_the_schema(
    folder: Path, model: Any, changed: dict[str, Any], words: str
) -> None:
    write_folder(folder, model.SerializeToString(), **changed)
    assert words in str(refusal(folder))


@pytest.mark.parametrize("text", [b"name = ", b"\xff\xfe", b"[[inputs]\n"])
def test_an_engine_toml_that_is_no_toml(folder: Path, text: bytes) -> None:
    make_engine(folder)
    (folder / "engine.toml").write_bytes(text)
    assert "is not TOML" in str(refusal(folder))
