"""The NVIDIA GPU as TensorRT's sessions need it: CUDA's runtime calls, each checked.

From cuda-bindings (8 MB, no toolkit, no torch). Without a GPU or driver every call says so; nothing crashes.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from avatard.errors import EngineError
from avatard.runtime import Array
from avatard.runtime.onnx_file import Tensor

_DRIVER = "Install NVIDIA's driver, and restart after an update; `nvidia-smi` must list the GPU."


@dataclass(frozen=True, slots=True)
class Gpu:
    """The first GPU. compute_capability: as "9.0". driver: the newest CUDA that it runs, as "13.0"."""

    name: str
    compute_capability: str
    driver: str


class Cuda:
    """CUDA's runtime library. Every method raises EngineError with CUDA's own name of the failure."""

    def __init__(self, library: Any) -> None:
        self.library = library

    def call(self, function: str, *arguments: Any) -> Any:
        """What `function` (as in CUDA, "cudaMalloc") gives beside its status: nothing or one value."""
        status, *results = getattr(self.library, function)(*arguments)
        if int(status) != 0:
            name = str(getattr(status, "name", status))
            hint = "Close what else uses the GPU's memory." if "Memory" in name else _DRIVER
            raise EngineError(f"the GPU failed: {name} from {function}", hint)
        return results[0] if results else None

    def pinned(self, tensor: Tensor) -> Array:
        """Zeros that the GPU can copy by itself; freed with `free_pinned`."""
        count = int(np.prod(tensor.shape)) * np.dtype(tensor.dtype).itemsize
        address = int(self.call("cudaMallocHost", count))
        memory = np.ctypeslib.as_array((ctypes.c_uint8 * count).from_address(address))
        array: Array = memory.view(tensor.dtype).reshape(tensor.shape)
        array[...] = 0
        return array

    def free_pinned(self, array: Array) -> None:
        """Give back what `pinned` gave; nothing may look at it any more."""
        self.call("cudaFreeHost", array.ctypes.data)


def require_driver() -> None:
    """Raise EngineError where NVIDIA's driver is not installed; nothing is started."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError as e:
        raise EngineError("there is no NVIDIA driver", _DRIVER) from e


def load_cuda() -> Cuda:
    """CUDA's runtime. Raises EngineError where cuda-bindings is not installed."""
    try:
        from cuda.bindings import runtime
    except (ImportError, OSError) as e:
        raise EngineError(f"CUDA's bindings cannot be loaded: {e}", "pip install cuda-bindings") from e
    return Cuda(runtime)


def find_gpu(cuda: Cuda) -> Gpu:
    """The first GPU. Raises EngineError where there is none, or no driver."""
    if not cuda.call("cudaGetDeviceCount"):
        raise EngineError("there is no NVIDIA GPU", _DRIVER)
    found = cuda.call("cudaGetDeviceProperties", 0)
    driver = cuda.call("cudaDriverGetVersion")
    name = found.name.decode(errors="replace").rstrip("\0")
    return Gpu(name, f"{found.major}.{found.minor}", f"{driver // 1000}.{driver % 1000 // 10}")
