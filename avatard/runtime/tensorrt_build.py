"""ONNX → plan, the same for TensorRT and TensorRT-RTX: their libraries share one interface."""

from __future__ import annotations

import logging
from typing import Any, Final

from avatard.errors import EngineError
from avatard.runtime.engine_folder import EngineFolder

_log = logging.getLogger("avatard.runtime")

#: TF32 for convolutions, as the library does by default: 10 bits of mantissa, far within an engine's tolerance.
PRECISION: Final = "tf32"
#: What the code below chooses, for the plan's key.
OPTIONS: Final = "strongly typed"


def make_logger(library: Any) -> Any:
    """A logger for `library` that keeps the first error in `.error` and passes warnings on at DEBUG."""

    class Logger(library.ILogger):  # type: ignore[misc]
        def __init__(self) -> None:
            library.ILogger.__init__(self)
            self.error = ""

        def log(self, severity: Any, message: str) -> None:
            if severity in (library.ILogger.INTERNAL_ERROR, library.ILogger.ERROR):
                self.error = self.error or message.strip().splitlines()[0]
            elif severity == library.ILogger.WARNING:
                _log.debug("%s", message)

    return Logger()


def build_plan(library: Any, model: EngineFolder) -> bytes:
    """The plan of `model`: 0.3 s to some minutes. Raises EngineError: not parsed, no GPU where one is needed."""
    logger = make_logger(library)
    try:
        builder = library.Builder(logger)
    except TypeError as e:  # what the bindings make of a null pointer, without a driver
        raise _failed(library, model, logger.error or str(e)) from e
    typed = 1 << int(library.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
    network = builder.create_network(typed)
    parser = library.OnnxParser(network, logger)
    if not parser.parse(model.onnx):
        raise _failed(library, model, parser.get_error(0).desc() if parser.num_errors else logger.error)
    plan = builder.build_serialized_network(network, builder.create_builder_config())
    if plan is None:
        raise _failed(library, model, logger.error)
    return bytes(plan)


def _failed(library: Any, model: EngineFolder, why: str) -> EngineError:
    return EngineError(
        f"{library.__name__} {library.__version__} cannot build {model.name}: {why}",
        "The other providers of `avatard engine list` run it.",
    )
