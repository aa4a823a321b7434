"""A recording of nothing, for boards that have one."""

from __future__ import annotations

import io
import wave


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(320))
    return out.getvalue()


WAV = _wav()
