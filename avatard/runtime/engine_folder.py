"""Engine folders: a network with its `engine.toml`, found, read and checked before anything runs it.

    NAME/1/model.onnx     the weights
    NAME/engine.toml      what they are: tensors, licence, SHA-256, tolerances, provenance

Shipped ones lie in `engines/` of a checkout, in a wheel in `avatard/engines/`.
"""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cattrs

from avatard.errors import EngineError
from avatard.runtime.onnx_file import DTYPES, Tensor, examine

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCHEMA: Final = 1
_SHIPPED: Final = Path(__file__).parents[1] / "engines"
_CHECKOUT: Final = Path(__file__).parents[2] / "engines"

_AGAIN: Final = "Install avatard again; where you made the engine yourself, export it again."
#: What a pickle starts with (protocol 2–5), and the zip that torch.save wraps one in.
_PICKLES: Final = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class EngineFolder:
    """One network that passed every check. `onnx`: the bytes that were checked; providers load these, not the file.

    tolerance: output → greatest absolute difference to ONNX Runtime's CPU in fp32. training: provenance, free-form.
    """

    path: Path
    name: str
    licence: str
    opset: int
    sha256: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    tolerance: dict[str, float]
    training: dict[str, Any] = field(repr=False)
    onnx: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Toml:
    """engine.toml as it is written."""

    schema: int
    name: str
    licence: str
    opset: int
    sha256: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    tolerance: dict[str, float]
    training: dict[str, Any] = field(default_factory=dict)


def engines_folder() -> Path:
    """Where the shipped engines lie."""
    return _SHIPPED if _SHIPPED.is_dir() else _CHECKOUT


def engine_names(folder: Path | None = None) -> list[str]:
    """Names of the engines in `folder`, by default the shipped ones; sorted, unchecked."""
    return sorted(toml.parent.name for toml in (folder or engines_folder()).glob("*/engine.toml"))


def find_engine(name: str, folder: Path | None = None) -> EngineFolder:
    """Read and check the engine `name` of `folder`, by default a shipped one. Raises EngineError."""
    folder = folder or engines_folder()
    if name not in (names := engine_names(folder)):
        there = f"There are: {', '.join(names)}." if names else f"There is none in {folder}. {_AGAIN}"
        raise EngineError(f"no engine is called {name!r}", there)
    return read_engine(folder / name)


def read_engine(path: Path) -> EngineFolder:
    """Read and check one engine folder: some milliseconds, nothing is run.

    Raises EngineError: a file missing or unreadable, an engine.toml that does not follow the schema, an ONNX that has
    another SHA-256, is truncated or a pickle, uses operators beyond ONNX's own, keeps data in other files, or has other
    tensors than engine.toml says.
    """
    toml = _read_toml(path / "engine.toml")
    file = path / "1" / "model.onnx"
    data = _read(file)
    if data.startswith(_PICKLES):
        raise EngineError(
            f"{file} is a pickle or torch archive, not ONNX: it could run code, and is not opened",
            "Export it with torch.onnx.export, and write its SHA-256 into engine.toml.",
        )
    found = hashlib.sha256(data).hexdigest()
    if found != toml.sha256:
        raise EngineError(
            f"{file} is not the file of engine.toml: SHA-256 {found[:12]}… for {toml.sha256[:12]}…", _AGAIN
        )
    _check_onnx(file, data, toml)
    return EngineFolder(
        path=path,
        name=toml.name,
        licence=toml.licence,
        opset=toml.opset,
        sha256=toml.sha256,
        inputs=toml.inputs,
        outputs=toml.outputs,
        tolerance=toml.tolerance,
        training=toml.training,
        onnx=data,
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise EngineError(f"{file} cannot be read: {e.strerror or e}", _AGAIN) from e


def _read_toml(file: Path) -> _Toml:
    try:
        tables = tomllib.loads(_read(file).decode())
        toml = cattrs.Converter(forbid_extra_keys=True).structure(tables, _Toml)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise EngineError(f"{file} is not TOML: {e}", _AGAIN) from e
    except (cattrs.BaseValidationError, ValueError, TypeError) as e:
        raise EngineError(f"{file}: {'; '.join(cattrs.transform_error(e))}", _AGAIN) from e
    if faults := _faults(toml, file.parent.name):
        raise EngineError(f"{file}: {'; '.join(faults)}", _AGAIN)
    return toml


def _faults(toml: _Toml, folder: str) -> list[str]:
    """What the types alone cannot say."""
    tensors = (*toml.inputs, *toml.outputs)
    faults = []
    if toml.schema != SCHEMA:
        faults.append(f"schema {toml.schema}, this avatard reads {SCHEMA}")
    if toml.name != folder:
        faults.append(f"name {toml.name!r} in a folder called {folder!r}")
    if not re.fullmatch(r"[0-9a-f]{64}", toml.sha256):
        faults.append("sha256 is not 64 hexadecimal digits")
    if not toml.inputs or not toml.outputs or len({tensor.name for tensor in tensors}) < len(tensors):
        faults.append("inputs and outputs need names of their own")
    faults += [f"{t} has no fixed shape" for t in tensors if not t.shape or min(t.shape) < 1]
    faults += [f"{t}: that is no dtype" for t in tensors if t.dtype not in DTYPES.values()]
    if set(toml.tolerance) != {tensor.name for tensor in toml.outputs}:
        faults.append("tolerance needs one number for each output")
    return faults


def _check_onnx(file: Path, data: bytes, toml: _Toml) -> None:
    try:
        onnx = examine(data)
    except EngineError as e:
        raise EngineError(f"{file}: {e.message}", _AGAIN) from e
    if onnx.domains:
        raise EngineError(
            f"{file} uses operators of {', '.join(sorted(onnx.domains))}",
            "Only ONNX's own operators run everywhere: export it again without custom ones.",
        )
    if onnx.external:
        raise EngineError(
            f"{file} keeps data in other files ({onnx.external[0]})", "Save it again with all data in model.onnx."
        )
    if onnx.opset != toml.opset:
        raise EngineError(f"{file} has opset {onnx.opset}, engine.toml says {toml.opset}", _AGAIN)
    for kind, told, has in (("input", toml.inputs, onnx.inputs), ("output", toml.outputs, onnx.outputs)):
        if differing := sorted(map(str, {*told} ^ {*has})):
            raise EngineError(f"{file} has other {kind}s than engine.toml says: {', '.join(differing)}", _AGAIN)
