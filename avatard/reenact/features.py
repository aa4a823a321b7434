"""What the encoder makes of a portrait: computed once, then read from the cache.

A file of the cache is named after the portrait's patches and the encoder, so that neither another size nor another
encoder finds it. It is derived from a likeness: only its owner can read it, and removing an avatar erases the folder.
"""

from __future__ import annotations

import hashlib
import logging
import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.errors import EngineError
from avatard.reenact.fill import Floats
from avatard.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from avatard.reenact.networks import Networks, Shapes

log = logging.getLogger("avatard.reenact")

#: Portraits, each at each size it was shown at, of 80 kB: beyond these the oldest go.
MOST_FILES: Final = 64
_SUFFIX: Final = ".features"


def features(networks: Networks, stills: Mapping[str, Floats]) -> dict[str, Floats]:
    """The encoder's outputs for a portrait whose patches these are (`feeds.still_feeds`), from the cache or computed.

    Raises EngineError when the encoder cannot run. A cache that cannot be read or written is only logged.
    """
    file = networks.cache / f"{_key(networks, stills)}{_SUFFIX}"
    found = _read(file, networks.features)
    if found is None:
        found = _encode(networks, stills)
        _write(file, found)
    return found


def _key(networks: Networks, stills: Mapping[str, Floats]) -> str:
    digest = hashlib.sha256(networks.sha256.encode())
    for name in sorted(stills):
        digest.update(stills[name].tobytes())
    return digest.hexdigest()


def _encode(networks: Networks, stills: Mapping[str, Floats]) -> dict[str, Floats]:
    with networks.encoder() as session:
        outputs = session.run(stills)
        made = {name: np.array(outputs[name], np.float32) for name in networks.features}
    if not all(np.isfinite(array).all() for array in made.values()):
        raise EngineError("the encoder gave no numbers for this portrait", "Use another portrait, and report it.")
    return made


def _read(file: Path, shapes: Shapes) -> dict[str, Floats] | None:
    """What `_write` wrote; None where there is nothing, or nothing sound."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as e:
        log.warning("a portrait's features in the cache cannot be read, and are made again: %s", e)
        return None
    digest, numbers = data[:32], data[32:]
    if hashlib.sha256(numbers).digest() != digest or len(numbers) != 4 * sum(map(math.prod, shapes.values())):
        log.warning("a portrait's features in the cache are damaged, and are made again")
        return None
    found, start = {}, 0
    for name, shape in sorted(shapes.items()):
        found[name] = np.frombuffer(numbers, "<f4", math.prod(shape), start).reshape(shape)
        start += found[name].nbytes
    return found


def _write(file: Path, made: Mapping[str, Floats]) -> None:
    """SHA-256, then the numbers, in the order of their names. Complete or not there, with mode 0600."""
    numbers = b"".join(made[name].astype("<f4").tobytes() for name in sorted(made))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, hashlib.sha256(numbers).digest() + numbers)
        _prune(file.parent)
    except OSError as e:
        log.warning("a portrait's features cannot be kept, and are made again next time: %s", e)


def _prune(folder: Path) -> None:
    files = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda file: file.stat().st_mtime)
    for file in files[:-MOST_FILES]:
        file.unlink(missing_ok=True)
