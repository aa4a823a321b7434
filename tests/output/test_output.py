from __future__ import annotations

import sys

import pytest

from avatard.config import OutputConfig
from avatard.errors import ConfigError
from avatard.output import open_sink
from avatard.output.file import Mp4
from avatard.output.null import Null
from avatard.output.pipewire import PipeWire
from avatard.output.virtualcam import Loopback
from avatard.output.webrtc import WebRtc
from avatard.output.y4m import Y4m
from avatard.output.y4m_ring import Y4mRing
from avatard.sealed import VideoFormat


@pytest.mark.parametrize(
    ("spec", "kind", "described"),
    [
        ("virtualcam", Loopback, "virtual camera (first found): 64x48 I420"),
        ("virtualcam:/dev/video10", Loopback, "virtual camera /dev/video10: 64x48 I420"),
        ("file:call.mp4", Mp4, "call.mp4: 64x48 H.264"),
        ("file:call.y4m", Y4m, "call.y4m: 64x48 I420 (y4m)"),
        ("y4m:-", Y4m, "standard output: 64x48 I420 (y4m)"),
        ("y4m-ring:ring.y4m", Y4mRing, "ring.y4m: 64x48 I420 (y4m ring of 2)"),
        ("pipewire", PipeWire, "PipeWire node (avatard): 64x48 YUY2"),
        ("webrtc", WebRtc, "preview on a free port: 64x48 H.264 (WebRTC)"),
        ("webrtc:8080", WebRtc, "preview on port 8080: 64x48 H.264 (WebRTC)"),
        ("null", Null, "null: 64x48 I420"),
    ],
)
def test_spec_names_the_backend_and_touches_nothing(
    monkeypatch: pytest.MonkeyPatch, video_format: VideoFormat, spec: str, kind: type, described: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    sink = open_sink(spec, OutputConfig(), video_format)

    assert isinstance(sink, kind)
    assert sink.description == described


def test_what_is_no_sink_says_which_there_are(video_format: VideoFormat) -> None:
    with pytest.raises(ConfigError, match="'screen'") as caught:
        open_sink("screen", OutputConfig(), video_format)

    assert "y4m-ring:PATH" in caught.value.hint
