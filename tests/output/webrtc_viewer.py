"""A viewer by aiortc, in place of a browser."""

from __future__ import annotations

import asyncio

import aiohttp
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from avatard.sealed import I420

#: Only ends a test that hangs.
PATIENCE_S = 30.0


async def offer_of(connection: RTCPeerConnection) -> str:
    """What a page that wants to see one video offers."""
    connection.addTransceiver("video", "recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    return connection.localDescription.sdp


async def ask(address: str, offer: str) -> str:
    """The answer of the sink whose page is at `address`."""
    base, _, token = address.partition("#")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{base}offer", data=offer, headers={"Authorization": f"Bearer {token}"}) as response,
    ):
        text = await response.text()
        assert response.status == 200, text
        return text


async def look(address: str, pictures: int) -> list[I420]:
    """Join, take so many pictures, leave."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    tracks: asyncio.Queue[MediaStreamTrack] = asyncio.Queue()
    connection.on("track", tracks.put_nowait)
    seen: list[I420] = []
    try:
        offer = await offer_of(connection)
        await connection.setRemoteDescription(RTCSessionDescription(await ask(address, offer), "answer"))
        track = await asyncio.wait_for(tracks.get(), PATIENCE_S)
        while len(seen) < pictures:
            frame = await asyncio.wait_for(track.recv(), PATIENCE_S)
            seen.append(np.asarray(frame.to_ndarray(format="yuv420p")))  # type: ignore[union-attr]
    finally:
        await connection.close()
    return seen
