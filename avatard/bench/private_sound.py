"""A sound server of one's own: PulseAudio in a folder, with no sound card, as a machine with two plain devices."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatard.errors import AudioError

if TYPE_CHECKING:
    from typing_extensions import Self

INSTALL: Final = "sudo apt install pulseaudio"
_PATIENCE_S: Final = 30.0
#: What is played to the first is heard by nobody; what is played to the second is heard by the microphone.
SPEAKER, VOICE, MICROPHONE = "test_speaker", "test_voice", "test_microphone"
#: One after the other, as for `pactl load-module`. The speaker is a plain one: 44.1 kHz, mono.
DEVICES: Final = (
    f"module-null-sink sink_name={SPEAKER} rate=44100 channels=1 sink_properties=device.description=Test_speaker",
    f"module-null-sink sink_name={VOICE} rate=48000 channels=1 norewinds=1",
    f"module-remap-source source_name={MICROPHONE} master={VOICE}.monitor rate=48000 channels=1 "
    "source_properties=device.description=Test_microphone",
)


class PrivateSound:
    """Runs while entered; `environment` leads programs to it. Entering raises AudioError where it is not installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "native"
        self.environment = {**os.environ, "PULSE_SERVER": f"unix:{self.socket}", "XDG_RUNTIME_DIR": str(folder)}
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.end()

    def start(self) -> None:
        """Start it, with its devices, and wait until it answers."""
        program = shutil.which("pulseaudio")
        if program is None:
            raise AudioError("PulseAudio is not installed", INSTALL)
        modules = (f"module-native-protocol-unix socket={self.socket} auth-anonymous=1", *DEVICES)
        # Nothing of the user's own: no settings, no bus, no process number to be found by, no other's priority.
        arguments = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit"]
        arguments += ["--realtime=no", "--high-priority=no", *(part for module in modules for part in ("-L", module))]
        homes = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(self.folder))
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [program, *arguments],
                env={"PATH": os.environ["PATH"], **homes},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + _PATIENCE_S
        while not self.socket.exists():
            if self._server.poll() is not None or time.monotonic() > end:
                self.end()
                raise AudioError("PulseAudio does not start", self.log.read_text(errors="replace")[-500:])
            time.sleep(0.02)

    def end(self) -> None:
        """As when it crashes."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(_PATIENCE_S)
            self._server = None
        self.socket.unlink(missing_ok=True)

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / "pulseaudio.log"
