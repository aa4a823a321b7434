"""Runs in the guest: shell commands come as lines of JSON over a virtio port, their ends go back the same way.

{"command": "…", "timeout_s": 60} → {"code": 0, "output": "…"}; the output is both streams; code 124 is a time-out.
"""

from __future__ import annotations

import json
import subprocess

PORT = "/dev/virtio-ports/agent"


def run(command: str, timeout_s: float) -> dict[str, object]:
    """One command in a shell of its own."""
    with subprocess.Popen(
        ["/bin/bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            child.kill()
            output, _ = child.communicate()
            return {"code": 124, "output": output.decode(errors="replace")}
    return {"code": child.returncode, "output": output.decode(errors="replace")}


def main() -> None:
    """Serve until the machine is switched off."""
    with open(PORT, "r+b", buffering=0) as port:
        port.write(b'{"ready": true}\n')
        waiting = b""
        while piece := port.read(65536):
            waiting += piece
            while b"\n" in waiting:
                line, _, waiting = waiting.partition(b"\n")
                request = json.loads(line)
                port.write(json.dumps(run(request["command"], request["timeout_s"])).encode() + b"\n")


main()
