"""What a stranger's figures were measured on, in enough detail to compare them, and with nothing that names a person.

Asked of the system are models and versions only. A device's own name can still hold its owner's ("Anna's iPhone"), so
the machine's, the user's and the home folder's names are taken out of whatever is written.
"""

from __future__ import annotations

import getpass
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from avatard.bench.chromium import find_chromium
from avatard.video_devices import loopback_version, video_devices

#: What stands for a name that was taken out.
REMOVED: Final = "…"
_PATIENCE_S = 10.0

#: Answers a command with what it prints; "" where it is not there or fails.
Ask = Callable[[list[str]], str]


def ask(command: list[str]) -> str:
    """Run a program of the system."""
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *command[1:]], capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def hardware(source: str, root: Path = Path("/"), ask: Ask = ask) -> dict[str, Any]:
    """Camera, GPU, kernel modules and programs that a figure depends on. source: as `--source`; a camera is described
    where it was the source. What is not there is empty."""
    chromium = find_chromium()
    return {
        "distribution": _distribution(root),
        "virtual_machine": _is_virtual(root),
        "cameras": _cameras(root) if source.partition(":")[0] == "camera" else [],
        "gpus": _gpus(root, ask),
        "v4l2loopback": _loopback(root),
        "pipewire": _version(ask(["pipewire", "--version"])),
        "chromium": _version(ask([chromium, "--version"])) if chromium else "",
    }


def _distribution(root: Path) -> str:
    with suppress(OSError):
        text = (root / "etc/os-release").read_text(encoding="utf-8", errors="replace")
        if found := re.search(r'^PRETTY_NAME="?([^"\n]*)', text, re.MULTILINE):
            return found[1]
    return f"{platform.system()} {platform.release()}"


def _is_virtual(root: Path) -> bool:
    """Whether the processor says that a hypervisor runs it: then clocks and caches are shared."""
    with suppress(OSError):
        return bool(re.search(r"^flags.*\bhypervisor\b", (root / "proc/cpuinfo").read_text(), re.MULTILINE))
    return False


def _cameras(root: Path) -> list[dict[str, Any]]:
    return [
        {"name": device.name, "driver": device.driver, "formats": list(device.formats)}
        for device in video_devices(root)
        if device.camera
    ]


def _loopback(root: Path) -> str:
    version = loopback_version(root)
    return ".".join(map(str, version)) if version else ""


def _gpus(root: Path, ask: Ask) -> list[dict[str, str]]:
    """NVIDIA's by their own tool, with the driver's version; the others by the kernel's words for them."""
    rows = ask(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]).splitlines()
    found = [
        {"name": name.strip(), "driver": f"nvidia {version.strip()}"}
        for name, _, version in (row.partition(",") for row in rows)
        if name.strip()
    ]
    for card in sorted((root / "sys/class/drm").glob("card[0-9]")):
        driver = (card / "device/driver").resolve().name
        with suppress(OSError):
            numbers = [(card / "device" / part).read_text().strip().removeprefix("0x") for part in ("vendor", "device")]
            if not (driver == "nvidia" and found):
                found.append({"name": f"PCI {':'.join(numbers)}", "driver": driver})
    return found


def _version(text: str) -> str:
    """The first number with dots in what a program says of itself."""
    found = re.search(r"\d+(\.\d+)+", text)
    return found[0] if found else ""


def names() -> list[str]:
    """What must not stand in a submission: the machine's, the user's and the home folder's names."""
    found = [platform.node(), platform.node().partition(".")[0], str(Path.home())]
    with suppress(OSError, KeyError):
        found.append(getpass.getuser())
    if sys.platform != "win32":
        import pwd

        with suppress(OSError, KeyError):
            found += re.split(r"[\s,]+", pwd.getpwnam(getpass.getuser()).pw_gecos)
    return found


def without_names(value: Any, taken_out: Iterable[str] | None = None) -> Any:
    """`value`, plain JSON, with those names (by default this machine's) and every path taken out of its texts.

    Keys stay, and so do longer words that hold a name.
    """
    words = [re.escape(name) for name in (names() if taken_out is None else taken_out) if name]
    patterns = [r"(?<![\w/])(?:/[\w.@+~-]+){2,}/?|\b[A-Za-z]:\\\S+"]
    if words:
        patterns.append(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)")
    return _cleaned(value, re.compile("|".join(patterns), re.IGNORECASE))


def _cleaned(value: Any, pattern: re.Pattern[str]) -> Any:
    match value:
        case str():
            return pattern.sub(REMOVED, value)
        case dict():
            return {key: _cleaned(item, pattern) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item, pattern) for item in value]
    return value
