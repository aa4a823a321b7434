from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from avatard.bench.private_sound import MICROPHONE, PrivateSound
from tests.output.private_pipewire import CURE

pytestmark = [
    pytest.mark.audio,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason=f"needs pulseaudio: {CURE}"),
]


def test_a_running_avatard_is_calibrated_here(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text(f'[audio]\nmicrophone = "{MICROPHONE}"\nmonitor = "none"\n')
    common = ["--config", str(settings), "--socket", str(tmp_path / "avatard.sock")]
    avatard = [sys.executable, "-m", "avatard"]
    ring = tmp_path / "ring.y4m"
    with PrivateSound(tmp_path) as sound:
        environment = {**os.environ, "PULSE_SERVER": f"unix:{sound.socket}"}
        up = [*avatard, "up", *common, "--source", "performer", "--size", "640x360", "--sink", f"y4m-ring:{ring}"]
        daemon = subprocess.Popen(up, env=environment)
        try:
            end = time.monotonic() + 60
            while not ring.exists() and time.monotonic() < end:
                time.sleep(0.1)
            calibrate = [*avatard, "calibrate", "--here", "--set", *common]
            done = subprocess.run(calibrate, env=environment, capture_output=True, text=True, timeout=60, check=False)
        finally:
            daemon.terminate()
            daemon.wait(20)
    assert done.returncode == 0, done.stderr
    found = re.search(r"The sound is (\d+) ms (later|earlier).* (\d) of 8 beats", done.stdout)
    assert found is not None, done.stdout
    assert int(found[3]) >= 5
    assert int(found[1]) < 150  # in step, as far as a busy machine can be; not by the seconds of another beat
    assert "offset_ms" in settings.read_text()
