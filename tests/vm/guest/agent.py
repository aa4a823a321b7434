"""Runs in the guest: what the tests ask for comes as lines of JSON over a virtio port, the answers go back that way.

{"id": 1, "command": "…", "timeout_s": 60} → {"id": 1, "code": 0, "output": "…"}
    a shell command; the output is both of its streams, code 124 a time-out
{"id": 2, "path": "…", "line": "…", "timeout_s": 60} → the same
    a line to a Unix socket, and the line that comes back

The second is avatard's control socket: a status then costs no start of a Python, which at this pace is seconds.
"""

from __future__ import annotations

import glob
import json
import socket
import subprocess
import time

#: The only port of the machine's only virtio console; its first number is its place on the bus.
PORT = "/dev/vport*p1"


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


def ask(path: str, line: str, timeout_s: float) -> dict[str, object]:
    """The line that a Unix socket answers `line` with."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout_s)
            connection.connect(path)
            connection.sendall(line.encode())
            with connection.makefile() as answers:
                return {"code": 0, "output": answers.readline()}
    except OSError as e:
        return {"code": 1, "output": str(e)}


def main() -> None:
    """Serve until the machine is switched off."""
    while not (ports := glob.glob(PORT)):
        time.sleep(0.1)
    with open(ports[0], "r+b", buffering=0) as port:
        port.write(b'{"ready": true}\n')
        waiting = b""
        while piece := port.read(65536):
            waiting += piece
            while b"\n" in waiting:
                line, _, waiting = waiting.partition(b"\n")
                request = json.loads(line)
                number = request.pop("id")
                answer = ask(**request) if "path" in request else run(**request)
                port.write(json.dumps({"id": number, **answer}).encode() + b"\n")


main()
