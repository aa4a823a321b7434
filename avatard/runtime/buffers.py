"""The arrays that a session reads from and writes to: made once, so that their addresses never change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from avatard.runtime import Array
from avatard.runtime.onnx_file import Tensor

#: Makes the array of a tensor: plain memory here, pinned memory for a GPU.
Allocate = Callable[[Tensor], Array]


def plain(tensor: Tensor) -> Array:
    """Zeros in ordinary memory."""
    return np.zeros(tensor.shape, tensor.dtype)


class Buffers:
    """One array for each input and output of an engine. `outputs` cannot be changed by who reads it.

    held: names of the inputs that stay as they are.
    """

    def __init__(self, inputs: tuple[Tensor, ...], outputs: tuple[Tensor, ...], allocate: Allocate = plain) -> None:
        self.inputs: dict[str, Array] = {tensor.name: allocate(tensor) for tensor in inputs}
        self.writable: dict[str, Array] = {tensor.name: allocate(tensor) for tensor in outputs}
        self.outputs: Mapping[str, Array] = MappingProxyType({n: _read_only(a) for n, a in self.writable.items()})
        self.held: set[str] = set()

    def hold(self, feeds: Mapping[str, Array]) -> None:
        """Fill inputs that stay: from now on `fill` does not ask for them."""
        for name, feed in feeds.items():
            self._copy(name, feed)
        self.held |= set(feeds)

    def fill(self, feeds: Mapping[str, Array]) -> None:
        """Fill the inputs that are not held; each of them must be there."""
        needed = self.inputs.keys() - self.held
        assert feeds.keys() == needed, f"feeds {sorted(feeds)} for inputs {sorted(needed)}"
        for name, feed in feeds.items():
            self._copy(name, feed)

    def _copy(self, name: str, feed: Array) -> None:
        array = self.inputs[name]
        same = feed.shape == array.shape and feed.dtype == array.dtype
        assert same, f"{name}: {feed.shape} {feed.dtype} for {array.shape} {array.dtype}"
        np.copyto(array, feed)


def _read_only(array: Array) -> Array:
    view: Array = array.view()
    view.flags.writeable = False
    return view
