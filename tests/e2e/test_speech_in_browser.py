"""Chromium hears what is typed and sees the lips say it, in the same run, by the devices that avatard makes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatard.audio import open_audio
from avatard.avatar import Avatar
from avatard.bench.motion_to_output import mouth_box
from avatard.capture.none import NoSource
from avatard.config import AudioConfig, DriveConfig, ReenactConfig, SpeechConfig
from avatard.parts import parts_of
from avatard.speech.saying import Mode, Wish
from avatard.speech.speaker import Speaker
from tests.audio.sound_servers import PipeWireSound, needs_pipewire
from tests.e2e.browser_session import BY_PORTAL, needs_portal, page, portal_session
from tests.e2e.devtools import Page, needs_chromium
from tests.e2e.live import CONFIG, running

pytestmark = [pytest.mark.browser, pytest.mark.audio, needs_chromium, needs_pipewire, needs_portal]

#: Without idle movement nothing moves the mouth but speech; mesh draws it.
SPEAKING = replace(
    CONFIG,
    drive=DriveConfig(idle=False),
    reenact=ReenactConfig(engine="mesh"),
    output=replace(CONFIG.output, sinks=("pipewire",)),
)
TEXT = "Maybe my mama buys blue apples, papa."
#: A call without echo, noise and gain of its own; then how loud each 20 ms are, and how the mouth of each picture
#: looks, by the clock of the page.
WATCH = """(async () => {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const microphone = devices.find(device => device.kind === "audioinput" && device.label.includes("avatard"));
  if (!microphone) return false;
  const stream = await navigator.mediaDevices.getUserMedia({
    video: {width: 640, height: 480},
    audio: {deviceId: {exact: microphone.deviceId},
            echoCancellation: false, noiseSuppression: false, autoGainControl: false},
  });
  const video = document.querySelector("video");
  video.srcObject = stream;
  [window.heard, window.seen] = [[], []];
  const context = new AudioContext();
  const ear = context.createScriptProcessor(1024, 1, 1);
  ear.onaudioprocess = event => {
    const samples = event.inputBuffer.getChannelData(0);
    window.heard.push([performance.now(), Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)]);
  };
  context.createMediaStreamSource(stream).connect(ear).connect(context.destination);
  const canvas = new OffscreenCanvas(16, 12), at = canvas.getContext("2d", {willReadFrequently: true});
  const look = () => {
    at.drawImage(video, %d, %d, %d, %d, 0, 0, 16, 12);
    const pixels = at.getImageData(0, 0, 16, 12).data;
    window.seen.push([performance.now(), Array.from({length: 192}, (_, i) => pixels[4 * i + 1])]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  return true;
})()"""


def test_a_call_hears_the_sentence_and_sees_the_lips(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mouth_box(avatar, SPEAKING.output.width, SPEAKING.output.height)

    async def watch(speaker: Speaker) -> tuple[list[list[float]], list[tuple[float, list[int]]]]:
        async with Page(tmp_path, url, session.environment, BY_PORTAL) as browser:
            await browser.until('document.title === "call"')
            # Devices have names for pages that were given one.
            await browser.until("navigator.mediaDevices.getUserMedia({audio: true, video: true}).then(s => true)")
            await browser.until(WATCH % box)
            await browser.until("window.seen.length > 20 && window.heard.length > 20")
            await asyncio.sleep(1.0)  # the mouth rests
            saying = speaker.say(Wish(TEXT))
            end = time.monotonic() + 30
            while not speaker.stage(saying).over:
                assert time.monotonic() < end, "the sentence never ends"
                await asyncio.sleep(0.05)
            await asyncio.sleep(1.5)
            return await browser.evaluate("window.heard"), await browser.evaluate("window.seen")

    with portal_session(tmp_path) as session, page() as url:
        for name, value in session.environment.items():
            monkeypatch.setenv(name, value)
        sound = PipeWireSound(session)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{sound.socket}")
        session.environment["PULSE_SERVER"] = f"unix:{sound.socket}"
        sound.start()
        with (
            open_audio(AudioConfig(monitor="none")) as audio,
            Speaker(SpeechConfig(hear=False), audio) as speaker,
            running(avatar, parts_of(SPEAKING).sink(), SPEAKING, lips=speaker, source=NoSource),
        ):
            speaker.go(Mode.LIVE)
            heard, seen = asyncio.run(watch(speaker))

    loud_at = np.array([at for at, loud in heard if loud > 0.02])
    assert len(loud_at) > 30, "the sentence is heard"
    times = np.array([at for at, _ in seen[1:]])
    moved = np.abs(np.diff(np.array([mouth for _, mouth in seen], float), axis=0)).mean(1)
    first, last = loud_at.min(), loud_at.max()
    during = (times > first) & (times < last)
    before = times < first - 400
    after = times > last + 700
    assert np.median(moved[during]) > 1.0, "the lips move with it"
    assert np.median(moved[before]) < 0.3, "and rest before"
    assert np.median(moved[after]) < 0.3, "and after"
