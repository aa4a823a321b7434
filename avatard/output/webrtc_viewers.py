"""Who looks: a WebRTC connection for each viewer, on the asyncio loop of the sink."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import TYPE_CHECKING, Any

import aioice.ice
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import Packet

#: More would be no preview any more.
MOST = 4
#: Packets that wait for one viewer: two thirds of a second. A slower one goes on at the next key frame.
WAITING = 20
LOOPBACK = "127.0.0.1"

_CANDIDATE = re.compile(r"^a=(candidate:.*|end-of-candidates)\r?\n", re.MULTILINE)
#: Where nothing listens, the discard port: see `_near`.
_NOWHERE = f"candidate:0 1 udp 1 {LOOPBACK} 9 typ host"


class LiveTrack(MediaStreamTrack):
    """Encoded pictures on their way to one viewer."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._packets: asyncio.Queue[Packet[Any]] = asyncio.Queue(WAITING)
        self._started = False

    def put(self, packet: Packet[Any]) -> None:
        """Send it when what is before it has gone; without a key frame before it, it would show nothing."""
        if self._packets.full():
            self._started = False
            while not self._packets.empty():
                self._packets.get_nowait()
        self._started = self._started or packet.is_keyframe
        if self._started:
            self._packets.put_nowait(packet)

    async def recv(self) -> Packet[Any]:
        if self.readyState != "live":
            raise MediaStreamError
        return await self._packets.get()


class Viewers:
    """All connections. Everything but `count` belongs to the loop's thread.

    Nothing leaves the machine: sockets are opened on 127.0.0.1 alone and no STUN server is asked.
    """

    def __init__(self) -> None:
        # aioice offers each address of the machine except this one, and has no setting for it.
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [LOOPBACK]
        self._tracks: dict[RTCPeerConnection, LiveTrack] = {}
        self.key_frame_wanted = threading.Event()

    @property
    def count(self) -> int:
        """How many look or are about to."""
        return len(self._tracks)

    async def answer(self, offer: str) -> str:
        """Take a viewer in: SDP for SDP. Raises ValueError for an offer that is none, or of no H.264."""
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        track = self._tracks[connection] = LiveTrack()

        @connection.on("connectionstatechange")
        async def changed() -> None:
            if connection.connectionState == "connected":
                self.key_frame_wanted.set()
            elif connection.connectionState in ("failed", "closed"):
                await self._leave(connection)

        try:
            connection.addTransceiver(track, "sendonly").setCodecPreferences(_h264())
            await connection.setRemoteDescription(RTCSessionDescription(_near(offer), "offer"))
            await connection.setLocalDescription(await connection.createAnswer())
        except Exception as e:  # of any kind: aiortc does not say what it raises for SDP that is none
            await self._leave(connection)
            raise ValueError(f"{type(e).__name__}: {e}") from e
        return connection.localDescription.sdp

    def send(self, packets: Sequence[Packet[Any]]) -> None:
        """Give all of them the next picture."""
        for track in self._tracks.values():
            for packet in packets:
                track.put(packet)

    async def close(self) -> None:
        """Hang up on all."""
        for connection in tuple(self._tracks):
            await self._leave(connection)

    async def _leave(self, connection: RTCPeerConnection) -> None:
        track = self._tracks.pop(connection, None)
        if track is not None:
            track.stop()
            await connection.close()


def _h264() -> list[RTCRtpCodecCapability]:
    return [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.mimeType == "video/H264"]


def _near(offer: str) -> str:
    """The offer, of one video and nothing else, with candidates on loopback only. Raises ValueError.

    A browser names none: it hides its addresses behind names that only multicast resolves. It finds us all the same
    and thereby shows its address; but aioice wants a candidate to begin with, and one where nobody answers will do.
    """
    if offer.count("\nm=") != 1 or "\nm=video " not in offer:
        raise ValueError("not an offer of one video")
    named = [candidate for candidate in _CANDIDATE.findall(offer) if f" {LOOPBACK} " in candidate]
    return _CANDIDATE.sub("", offer) + "".join(
        f"a={line}\r\n" for line in [*(named or [_NOWHERE]), "end-of-candidates"]
    )
