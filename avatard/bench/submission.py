"""What a stranger's figures were measured on, in enough detail to compare them, and with nothing that names a person.

Asked of the system are models and versions only. A device's own name can still hold its owner's ("Anna's iPhone"), so
the machine's, the user's and the home folder's names are taken out of whatever is written.
"""

from __future__ import annotations

import getpass
import platform
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from avatard import nvidia_smi
from avatard.bench.chromium import VERSION_S, find_chromium
from avatard.os_release import os_release
from avatard.programs import Run, run
from avatard.video_devices import loopback_version, video_devices

#: What stands for a name that was taken out.
REMOVED: Final = "…"


def hardware(source: str, root: Path = Path("/"), run: Run = run) -> dict[str, Any]:
    """Camera, GPU, kernel modules and programs that a figure depends on. source: as `--source`; a camera is described
    where it was the source. What is not there is empty."""
    chromium = find_chromium()
    return {
        "distribution": _distribution(root),
        "virtual_machine": _is_virtual(root),
        "cameras": _cameras(root) if source.partition(":")[0] == "camera" else [],
        "gpus": _gpus(root, run),
        "v4l2loopback": _loopback(root),
        "pipewire": _version(run, "pipewire"),
        "chromium": _version(run, chromium) if chromium else "",
    }


def _distribution(root: Path) -> str:
    return os_release(root).get("PRETTY_NAME") or f"{platform.system()} {platform.release()}"


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


def _gpus(root: Path, run: Run) -> list[dict[str, str]]:
    """NVIDIA's by their own tool, with the driver's version; the others by the kernel's words for them."""
    answer = run(*nvidia_smi.QUERY, timeout_s=VERSION_S)
    there = [] if answer.code else nvidia_smi.gpus(answer.out)
    found = [{"name": name, "driver": f"nvidia {version}"} for name, version in there]
    for card in sorted((root / "sys/class/drm").glob("card[0-9]")):
        driver = (card / "device/driver").resolve().name
        with suppress(OSError):
            numbers = [(card / "device" / part).read_text().strip().removeprefix("0x") for part in ("vendor", "device")]
            if not (driver == "nvidia" and found):
                found.append({"name": f"PCI {':'.join(numbers)}", "driver": driver})
    return found


def _version(run: Run, program: str) -> str:
    """The first number with dots in what a program says of itself; "" where it is not there or fails."""
    answer = run(program, "--version", timeout_s=VERSION_S)
    found = re.search(r"\d+(\.\d+)+", answer.out)
    return found[0] if found and not answer.code else ""


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
