"""The virtual machine: QEMU's process, and commands run in it.

TCG alone, the emulator without the processor's help: a /dev/kvm that is there may itself be an emulation that never
gets to the end of a boot. So the guest is some twenty times slower than this machine, and no test may judge by time.
"""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

#: From the start of QEMU to the agent's word. Alone on two cores it takes 15 s.
BOOT_S = 900.0
#: For what takes seconds on a machine of its own, and minutes on a busy one.
PATIENCE_S = 900.0
MEMORY_MB = 3072
SHARE = "/mnt/host"


def wait(holds: Callable[[], bool], what: str, every_s: float = 0.2) -> None:
    """Look from here until it `holds`; the share's files are seen at once."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"it never came that {what}"
        time.sleep(every_s)


@dataclass(frozen=True)
class Done:
    """How a command in the guest ended. output: both of its streams; code 124: it took too long."""

    code: int
    output: str


@dataclass(frozen=True)
class Program:
    """One that `Machine.start` started."""

    machine: Machine
    name: str

    @property
    def pid(self) -> int:
        """Its process number in the guest."""
        return int((self.machine.share / f"{self.name}.pid").read_text())

    @property
    def said(self) -> str:
        """What it wrote until now."""
        log = self.machine.share / f"{self.name}.log"
        return log.read_text() if log.exists() else ""

    @property
    def going(self) -> bool:
        """Whether it has not ended."""
        return "\nexit " not in f"\n{self.said}"

    def says(self, words: str) -> None:
        """Wait until its output has `words` in it. Fails when it ends without."""
        wait(lambda: words in self.said or not self.going, f"{self.name} says {words!r}")
        assert words in self.said, f"{self.name} ended without {words!r}\n{self.said}"

    def ended(self) -> int:
        """Wait for its end; its exit code."""
        self.says("exit ")
        return int(self.said.rpartition("exit ")[2])


class Machine:
    """A booted guest; leaving the context switches it off.

    built: the folder that build.sh filled; its disk is never written to. share: is /mnt/host there. log: all commands.
    """

    def __init__(self, built: Path, share: Path) -> None:
        self.share = share
        self._built = built
        self._log = (share / "commands.log").open("w")
        self._scratch = tempfile.TemporaryDirectory()  # a socket's path must be short
        self._agent = Path(self._scratch.name) / "agent.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._received = b""

    def __enter__(self) -> Machine:
        with (self.share / "console.log").open("wb") as console:
            self._qemu = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        try:
            self._connect(time.monotonic() + BOOT_S)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._qemu.kill()  # nothing in it is kept
        self._qemu.wait()
        self._socket.close()
        self._log.close()
        self._scratch.cleanup()

    def run(self, command: str, timeout_s: float = 300.0) -> Done:
        """Run it in a shell in the guest, as root."""
        return self._ask({"command": command, "timeout_s": timeout_s}, f"$ {command}")

    def ask(self, socket_path: str, line: bytes, timeout_s: float = 60.0) -> Done:
        """Send a line to a Unix socket in the guest; the line that comes back, or code 1 and why none did."""
        request = {"path": socket_path, "line": line.decode(), "timeout_s": timeout_s}
        return self._ask(request, f"{socket_path} <- {line.decode().strip()}")

    def check(self, command: str, timeout_s: float = 300.0) -> str:
        """The output of a command that has to succeed."""
        done = self.run(command, timeout_s)
        assert done.code == 0, f"{command}: ended with {done.code}\n{done.output}"
        return done.output

    def start(self, name: str, command: str, environment: Mapping[str, str] | None = None) -> Program:
        """Start a program that goes on; what it says is in the share as NAME.log."""
        variables = " ".join(f"{variable}={shlex.quote(value)}" for variable, value in (environment or {}).items())
        own = shlex.quote(f"echo $$ >{SHARE}/{name}.pid; exec env {variables} {command}")
        log = f"{SHARE}/{name}.log"
        self.check(f'rm -f {log}; (sh -c {own} >{log} 2>&1 </dev/null; echo "exit $?" >>{log}) >/dev/null 2>&1 &')
        return Program(self, name)

    def until(self, condition: str) -> None:
        """Wait until the shell's `condition` holds in the guest. Looking costs the guest more than the host: `wait`."""
        done = self.run(f"until {condition}; do sleep 1; done", PATIENCE_S)
        assert done.code == 0, f"it never came that {condition}\n{done.output}"

    def _ask(self, request: Mapping[str, object], said: str) -> Done:
        self._log.write(f"{said}\n")
        started = time.monotonic()
        number = time.monotonic_ns()
        self._socket.sendall(json.dumps({"id": number, **request}).encode() + b"\n")
        deadline = time.monotonic() + PATIENCE_S
        while (answer := self._line(deadline)).get("id") != number:
            pass  # of a question that was given up
        done = Done(int(answer["code"]), str(answer["output"]))
        self._log.write(f"{done.output}[{done.code}, {time.monotonic() - started:.1f} s]\n")
        self._log.flush()
        return done

    def _connect(self, deadline: float) -> None:
        while not self._agent.exists():
            self._still_there(deadline)
            time.sleep(0.05)
        self._socket.connect(str(self._agent))
        assert self._line(deadline) == {"ready": True}

    def _line(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._received:
            self._still_there(deadline)
            if select.select([self._socket], [], [], 0.5)[0]:
                self._received += self._socket.recv(65536)
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _still_there(self, deadline: float) -> None:
        console = self.share / "console.log"
        assert self._qemu.poll() is None, f"QEMU ended\n{console.read_text(errors='replace')[-2000:]}"
        assert time.monotonic() < deadline, f"the guest does not answer\n{console.read_text(errors='replace')[-2000:]}"

    def _command(self) -> list[str]:
        kernel = (
            "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off random.trust_cpu=on systemd.show_status=0"
            # The guest reads this machine's time stamp counter, and measures its rate wrongly where that is busy.
            f" tsc_early_khz={_counter_khz()} clocksource=hpet no_timer_check"
        )
        return [
            *("setpriv", "--pdeathsig", "KILL"),  # no machine is left behind by a test run that was killed
            *("qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi,tb-size=1024", "-cpu", CPU),
            *("-m", str(MEMORY_MB), "-smp", str(min(os.cpu_count() or 1, 4))),
            *("-nodefaults", "-no-reboot", "-display", "none", "-monitor", "none", "-serial", "stdio"),
            *("-kernel", str(self._built / "vmlinux"), "-initrd", str(self._built / "initrd.gz"), "-append", kernel),
            *("-drive", f"file={self._built / 'disk.ext4'},format=raw,if=virtio,snapshot=on,cache=unsafe"),
            *("-virtfs", f"local,path={self.share},mount_tag=host,security_model=none"),
            *("-device", "virtio-serial", "-chardev", f"socket,id=agent,path={self._agent},server=on,wait=off"),
            *("-device", "virtserialport,chardev=agent,name=agent"),
        ]


#: Without AVX2: as QEMU 7.2 emulates it, Chromium's GPU process, which draws by it, dies of SIGSEGV.
CPU = os.environ.get("VMCPU", "max,-avx2")


def _counter_khz() -> int:
    rate = re.search(r"cpu MHz\s*: ([0-9.]+)", Path("/proc/cpuinfo").read_text())
    assert rate is not None, "/proc/cpuinfo names no clock rate"
    return int(float(rate[1]) * 1000)
