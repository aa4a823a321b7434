"""A video stream of PipeWire: a node of the graph, and the buffers that go through it."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum, IntFlag
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from avatard.errors import SinkError
from avatard.output.pipewire_library import (
    INSTALL,
    BufferChanged,
    Busy,
    Chunk,
    Events,
    Process,
    SpaBuffer,
    StateChanged,
    library,
)
from avatard.output.pipewire_pod import HEADER

if TYPE_CHECKING:
    from typing_extensions import Self

#: For a user's own PipeWire, which every desktop has running.
START = f"Is it running, for this user? systemctl --user start pipewire wireplumber\nIf it is not there: {INSTALL}"
#: How long the daemon may take to make a node of a stream: a few milliseconds on an idle machine.
PATIENCE_S = 5.0
_ANY_NODE = 0xFFFFFFFF
_HEADER_META, _BUSY_META = 1, 7

Memory: TypeAlias = npt.NDArray[np.uint8]
"""1-D, all bytes of a block."""


class Direction(IntEnum):
    """From the stream's side (`enum pw_direction`)."""

    INPUT = 0
    OUTPUT = 1


class State(IntEnum):
    """`enum pw_stream_state`."""

    ERROR = -1
    UNCONNECTED = 0
    CONNECTING = 1
    PAUSED = 2  #: a node, which nobody uses
    STREAMING = 3


class Flag(IntFlag):
    """`enum pw_stream_flags`."""

    AUTOCONNECT = 1 << 0  #: the session manager links it with what fits
    MAP_BUFFERS = 1 << 2
    DRIVER = 1 << 3  #: the stream says when a picture goes through the graph


class Block(NamedTuple):
    """A buffer in hand."""

    memory: Memory
    chunk: Chunk
    header: int  #: address of its `HEADER`, 0 where it has none


class Stream:
    """Connected while entered. One thread at a time opens, uses and closes it; PipeWire's loop runs in one of its own.

    properties: of the node. params: PODs, each told once. on_process: called by that thread when a buffer has come.
    Entering raises SinkError where there is no PipeWire, or it does not want the stream.
    state: as PipeWire told it last; UNCONNECTED or ERROR once it has gone. Any thread may look.
    """

    def __init__(
        self,
        direction: Direction,
        flags: Flag,
        properties: Mapping[str, str],
        params: Sequence[bytes],
        on_process: Callable[[], None] | None = None,
    ) -> None:
        self._direction = direction
        self._flags = flags
        self._properties = "\n".join(f'{key} = "{value}"' for key, value in properties.items())
        self._params = params
        self.state = State.UNCONNECTED
        self._settled = threading.Event()
        self._why = ""
        self._events = Events(
            state_changed=StateChanged(self._state_changed),
            add_buffer=BufferChanged(self._buffer_added),
            remove_buffer=BufferChanged(self._buffer_removed),
            process=Process() if on_process is None else Process(lambda _: on_process()),
        )
        self._in_hand: dict[int, Busy] = {}
        self._loop: int | None = None
        self._stream: int | None = None

    def __enter__(self) -> Self:
        self._settled.clear()
        self._why = ""
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._close()

    @property
    def node(self) -> int:
        """Its number, which `pw-cli ls Node` lists."""
        return int(library().quick.pw_stream_get_node_id(self._stream))

    @contextmanager
    def next(self) -> Iterator[Block | None]:
        """The next buffer, to fill (output) or to read (input); None where there is none, as while a reader joins.

        It goes on its way at the end; as driver the graph then turns once. While it is in hand PipeWire's thread
        waits, so that the buffers' memory stays: no more than a copy belongs in between.
        """
        patient, quick = library()
        patient.pw_thread_loop_lock(self._loop)
        try:
            buffer = quick.pw_stream_dequeue_buffer(self._stream)
            if not buffer and self._direction is Direction.OUTPUT:
                self._take_back()
                buffer = quick.pw_stream_dequeue_buffer(self._stream)
            try:
                yield _block(buffer.contents.buffer.contents) if buffer else None
            finally:
                if buffer:
                    quick.pw_stream_queue_buffer(self._stream, buffer)
            if self._flags & Flag.DRIVER:
                quick.pw_stream_trigger_process(self._stream)
        finally:
            quick.pw_thread_loop_unlock(self._loop)

    def _take_back(self) -> None:
        """Free the buffers of readers that keep them.

        PipeWire would spare a kept buffer for ever, even when its reader was killed, and starve the other readers.
        So a slow one may find its picture overwritten, as with v4l2loopback.
        """
        for busy in self._in_hand.values():
            busy.count = 0

    def _open(self) -> None:
        patient, _ = library()
        self._loop = patient.pw_thread_loop_new(b"pipewire", None)
        self._stream = patient.pw_stream_new_simple(
            patient.pw_thread_loop_get_loop(self._loop),
            b"avatard",
            patient.pw_properties_new_string(self._properties.encode()),
            ctypes.byref(self._events),
            None,
        )
        if not self._stream:
            raise SinkError("PipeWire's library has no context", INSTALL)
        params = (ctypes.c_char_p * len(self._params))(*self._params)
        result = patient.pw_stream_connect(
            self._stream, self._direction, _ANY_NODE, self._flags, params, len(self._params)
        )
        if result < 0:
            raise SinkError(f"no PipeWire answers: {os.strerror(-result)}", START)
        patient.pw_thread_loop_start(self._loop)
        if not self._settled.wait(PATIENCE_S):
            raise SinkError(f"PipeWire made no node within {PATIENCE_S:.0f} s", START, retryable=True)
        if self.state < State.PAUSED:
            raise SinkError(f"PipeWire refused the stream: {self._why}", START, retryable=True)

    def _close(self) -> None:
        if self._loop:
            patient, _ = library()
            patient.pw_thread_loop_stop(self._loop)
            if self._stream:
                patient.pw_stream_destroy(self._stream)
            patient.pw_thread_loop_destroy(self._loop)
        self._loop = self._stream = None

    def _state_changed(self, data: int | None, old: int, new: int, error: bytes | None) -> None:
        self.state, self._why = State(new), (error or b"").decode(errors="replace")
        if new != State.CONNECTING:
            self._settled.set()

    def _buffer_added(self, data: int | None, buffer: Any) -> None:
        address = _meta(buffer.contents.buffer.contents, _BUSY_META)
        if address:
            self._in_hand[ctypes.addressof(buffer.contents)] = Busy.from_address(address)

    def _buffer_removed(self, data: int | None, buffer: Any) -> None:
        self._in_hand.pop(ctypes.addressof(buffer.contents), None)


def _meta(buffer: SpaBuffer, kind: int) -> int:
    """Address of what a buffer says of that kind; 0 where it does not."""
    return next((meta.data for meta in buffer.metas[: buffer.n_metas] if meta.type == kind), 0)


def _block(buffer: SpaBuffer) -> Block:
    data = buffer.datas[0]
    memory = (ctypes.c_uint8 * data.max_size).from_address(data.data)
    return Block(np.frombuffer(memory, np.uint8), data.chunk.contents, _meta(buffer, _HEADER_META))


def stamp(block: Block, time_ns: int, seq: int) -> None:
    """Write when the picture was made (monotonic) into the buffer's header."""
    if block.header:
        ctypes.memmove(block.header, HEADER.pack(0, 0, time_ns, 0, seq), HEADER.size)
