"""The kernel module v4l2loopback: there, built, loaded, and how."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor import secure_boot
from avatard.doctor.distribution import Wanted, hint, install, install_headers
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import SinkError
from avatard.output.virtualcam import TOKENS_SINCE
from avatard.video_devices import KEEP_LOOPBACK, LOAD_LOOPBACK, RELOAD_LOOPBACK, loopback_version

CHECK = "v4l2loopback"
#: 0.12 calls strlcpy, which Linux 6.8 no longer has; distributions patch it.
LAST_FOR_0_12 = (6, 8)


def check_v4l2loopback(system: System) -> Iterator[Finding]:
    """Linux only: loaded, with the options that programs need; else the shortest way there."""
    if system.platform != "linux":
        return
    if (system.root / "sys/module/v4l2loopback").is_dir():
        yield _loaded(system)
        return
    missing = _missing(system)
    if system.wants("virtualcam"):
        yield missing
    else:
        sinks = ", ".join(system.config.output.sinks)
        yield Finding(CHECK, Level.OK, f"{missing.text}; not needed for {sinks}")


def _loaded(system: System) -> Finding:
    version = loopback_version(system.root)
    name = ".".join(map(str, version)) if version else "a snapshot"
    if version and version < TOKENS_SINCE:
        name = next((each for each in _sources(system) if each.startswith("0.12")), name)
    options = [
        f"{option}={value}"
        for option in ("exclusive_caps", "max_buffers", "max_width", "max_height")
        if (value := _first(system, option))
    ]
    text = f"{name} is loaded: {' '.join(options)}" if options else f"{name} is loaded"
    size = system.config.output
    for option, wanted in (("max_width", size.width), ("max_height", size.height)):
        most = _first(system, option)
        if most.isdigit() and int(most) < wanted:
            return _reload(text, f"{option} is less than the {wanted} that is set", Level.FAIL)
    buffers = _first(system, "max_buffers")
    if buffers.isdigit() and int(buffers) > 2:
        return _reload(text, f"with {buffers} buffers, readers see pictures that are older", Level.WARN)
    advice = ""
    if version and version < TOKENS_SINCE and _first(system, "exclusive_caps") != "N":
        advice = (
            "This version takes no new writer after a program that did not start the stream. "
            "avatard starts it, and frees a device that another program left so."
        )
    return Finding(CHECK, Level.OK, text, advice=advice)


def _reload(text: str, problem: str, level: Level) -> Finding:
    return Finding(CHECK, level, f"{text}; {problem}", f"{RELOAD_LOOPBACK}\n{KEEP_LOOPBACK}", error=SinkError)


def _first(system: System, option: str) -> str:
    """A module parameter's value; of those with one for each device, the first device's. "" where it is not told."""
    return system.text(f"sys/module/v4l2loopback/parameters/{option}").partition(",")[0]


def _sources(system: System) -> list[str]:
    """The versions whose source DKMS has."""
    return sorted(entry.name.partition("-")[2] for entry in (system.root / "usr/src").glob("v4l2loopback-*"))


def _missing(system: System) -> Finding:
    release = system.kernel_release
    if "microsoft" in release.lower():
        advice = "WSL's kernel has no cameras, and Windows would not see this one: install avatard in Windows itself."
        return Finding(CHECK, Level.FAIL, "not to be had in WSL", advice=advice, error=SinkError)
    if any((system.root / marker).exists() for marker in (".dockerenv", "run/.containerenv")):
        advice = "This is a container: load it on the host with that line, and pass the device in (--device)."
        return Finding(CHECK, Level.FAIL, "not loaded on the host", LOAD_LOOPBACK, advice, SinkError)
    modules = system.root / "lib/modules" / release
    if any(modules.glob("**/v4l2loopback.ko*")):
        return _not_loaded(system)
    if not _sources(system):
        # The headers first: without them the package installs, and builds nothing.
        first = install_headers(system) if not (modules / "build").exists() else ""
        fix = "\n".join(filter(None, (first, install(system, Wanted.LOOPBACK), LOAD_LOOPBACK, KEEP_LOOPBACK)))
        return Finding(CHECK, Level.FAIL, "not installed", fix, hint(system, Wanted.LOOPBACK), SinkError)
    if (modules / "build").exists():
        return _not_built(system)
    fix = f"{install_headers(system)}\nsudo dkms autoinstall\n{LOAD_LOOPBACK}\n{KEEP_LOOPBACK}"
    text = f"installed, but not built for this kernel ({release}): its headers are missing"
    return Finding(CHECK, Level.FAIL, text, fix, error=SinkError)


def _not_built(system: System) -> Finding:
    release, source = system.kernel_release, _sources(system)[-1]
    text = f"{source} is installed, but not built for this kernel ({release})"
    advice = f"If that fails, /var/lib/dkms/v4l2loopback/{source}/build/make.log says why."
    kernel = tuple(int(part) for part in release.split("-")[0].split(".")[:2] if part.isdigit())
    if source.startswith("0.12") and kernel >= LAST_FOR_0_12:
        advice += " 0.12 as its authors left it does not build from Linux 6.8 on: take your distribution's newer one."
    return Finding(CHECK, Level.FAIL, text, f"sudo dkms autoinstall\n{LOAD_LOOPBACK}", advice, SinkError)


def _not_loaded(system: System) -> Finding:
    fix = f"{LOAD_LOOPBACK}\n{KEEP_LOOPBACK}"
    if secure_boot.is_on(system) and (enroll := secure_boot.enroll(system)):
        text = "installed, but not loaded; Secure Boot takes only modules signed by a key that it knows"
        advice = "mokutil asks for a password of your choice, and the firmware for it at the next start: restart."
        return Finding(CHECK, Level.FAIL, text, f"{enroll}\n{KEEP_LOOPBACK}", advice, SinkError)
    return Finding(CHECK, Level.FAIL, "installed, but not loaded", fix, error=SinkError)
