"""ONNX Runtime on the CPU: always there, and what the others are held against.

The options were measured on two Zen 4 cores with a 0.32 GMAC network of the engine's shape:

    threads     back to back 5.2 ms and 9.1 core-ms a run in two, 8.2 and 8.2 in one; at 30 runs a second 8.7 and 8.5 ms
                (the second thread sleeps between and wakes late), beside other load two are sooner done: two
    spinning    at 30 runs a second 39 core-ms a run by default, 11 to 14 with its time limited, 9 without it, and
                beside other load no sooner done: off
    layout      ALL (blocked layouts) 8.2 ms in one thread, EXTENDED 8.9: all
    binding     as fast as without at these sizes; the outputs are reused buffers that nothing copies
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from avatard.runtime.onnx_session import OnnxSession, load_runtime

if TYPE_CHECKING:
    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder
    from avatard.runtime.plan_cache import PlanCache

#: The calling thread is one of them.
THREADS: Final = min(2, os.cpu_count() or 1)


class OnnxCpu:
    """A `Provider`."""

    name = "cpu"

    def check(self) -> str:
        return f"ONNX Runtime {load_runtime().__version__}"

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        return OnnxSession(self.name, model, ["CPUExecutionProvider"], session_options())


def session_options() -> Any:
    """ONNX Runtime's SessionOptions as measured above. Raises EngineError where it is not installed."""
    runtime = load_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
