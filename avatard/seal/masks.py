"""The texts of badge and cards: pictures drawn beforehand by `assets/recipes/badge.py` and pinned by hash.

So no font is needed where avatard runs, and a changed file cannot change what the badge says: it refuses to run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from avatard.errors import ConfigError, EngineError

Coverage: TypeAlias = npt.NDArray[np.float32]
"""HxW float32, 0..1: how much of each pixel a shape covers."""


def covered(grey: cv2.typing.MatLike) -> Coverage:
    """Coverage from 0..255."""
    return np.asarray(np.asarray(grey, np.float32) / 255, np.float32)


FOLDER = Path(__file__).parents[1] / "assets" / "badge"

SHA256 = {
    "en.png": "182e8580dd61afb9bee3628cabc70a47cf0e20f085fe9fe7b5c80c7a120951b8",
    "en-cards.png": "a88cad67a7d1f8ae863b98255725e563ea31dfcdcbb96f6351871e1f6d2a43ce",
    "de.png": "5cf831a14353cd0f6ecde34aa45b3d2314b9799d7087eb59b7f6cd9a7851b24b",
    "de-cards.png": "660238d263377729dc8ef6eab24ee694ae679c849ccf957c9b32bd5d0913e52f",
    "fr.png": "bbf2735c20118623965949bfcde8f06d309e45cd2ebcbfa2d6044eabd2c57c2b",
    "fr-cards.png": "fc827b8b6193d353566b41c0130879bb0c4b3adb57b146399d4e07acd34b5c75",
    "es.png": "28c2ef37203785855ed9c106e951c0bce02421f4779cfc4dbde8dc754f5259df",
    "es-cards.png": "835dd2b138d092280b0933ddbc44b955547527ce7ec7ba10fcd5e3b2797b388b",
    "it.png": "f1205639a1f354c86ffc2508e55fe968759ea41e88442840400a90f25101ac96",
    "it-cards.png": "97af463a78fa0355529dadec7d57f78f93244d82b94640da3a1bec3837b16951",
    "pt.png": "94e88cff2624139b081cc17780f0134baf8aa4dad05de96784a884b4deb5eff1",
    "pt-cards.png": "7b15e5d909c294b4007bba51ab55335166669cb85b19dbba686ca44a43acc744",
    "nl.png": "1a91852b5e32bf644d67394eabfcfcd0b28306da2dfb114d17541c5dc2347dd3",
    "nl-cards.png": "7f92c83aed786027808b2f50bba8665c167fffe6acc1166d9844f6077eb3041c",
    "pl.png": "88d0a7a4162ee7ea2b7947e329fe431ff846aad37417c5fc01d4a7e55237c32e",
    "pl-cards.png": "f9e27642b74296d8a689d829b10426ac19e3fd028c9e44b7c5a298a7c972c1c1",
    "ru.png": "43b28e66cb4034fb24c22ec976fd2d766ba38eb941fea1d47e9ddffd34bd35ce",
    "ru-cards.png": "e1d77daf03eb4e7a3056f42560f06ec3f3b55255ea3e362423338315f21783a7",
    "el.png": "391a6454d641bb9497ed3a9afa7b8559f8f88b1e12cc47d47e131006ca822b24",
    "el-cards.png": "2b7eeba52fac0b17206b5ec0eaf06c601f8ef4078870c9807fbd45206f28abae",
    "tr.png": "79a40c5c8015d0e8e059fe83390f0bb620b2bcda4b7d035853a6bd2164553e92",
    "tr-cards.png": "8f1edbc20f75eb59a1813582f7a1ee32807ee8c1eb1de5c504be702acda7ffb8",
}

LANGUAGES = tuple(name.removesuffix(".png") for name in SHA256 if "-" not in name)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: ink in a row twice as high as its capitals, which stand in its middle; the sides trimmed."""

    row: npt.NDArray[np.uint8]

    def at(self, cap: int) -> Coverage:
        """The row with capitals `cap` pixels high, even: `2 * cap` high, and as wide as that makes it."""
        assert cap > 0
        assert cap % 2 == 0, "an odd height would put the capitals between pixels"
        height, width = self.row.shape
        size = (max(1, round(width * 2 * cap / height)), 2 * cap)
        shrinks = size[1] <= height
        ink = cv2.resize(self.row, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return covered(ink)

    def within(self, cap: int, widest: int) -> Coverage:
        """The row at `cap`, or smaller where it would be wider than `widest` pixels; cut where even two pixels are too
        many, in pictures less than 100 pixels wide."""
        height, width = self.row.shape
        fitting = int(widest * height / width / 2) // 2 * 2
        return self.at(max(2, min(cap, fitting)))[:, :widest]


@dataclass(frozen=True, slots=True)
class Masks:
    """All texts of one language."""

    badge: Text  #: "AI GENERATED"
    letters: Text  #: "AI", where there is no room for more
    opening: Text
    cards: tuple[tuple[Text, Text], ...]  #: title and line, in the order of `StandbyReason`


def load_masks(language: str, folder: Path = FOLDER) -> Masks:
    """Read and check the texts. Raises ConfigError for a language there is none of, EngineError for a changed file."""
    if language not in LANGUAGES:
        raise ConfigError(
            f"the badge has no language {language!r}", f"Set seal.language to one of {', '.join(LANGUAGES)}."
        )
    badge, letters = _rows(folder / f"{language}.png", 2)
    opening, *cards = _rows(folder / f"{language}-cards.png", 1 + 2 * CARDS)
    return Masks(badge, letters, opening, tuple(zip(cards[::2], cards[1::2], strict=True)))


CARDS = 8  #: standby cards in each sheet


def _rows(path: Path, count: int) -> list[Text]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EngineError(f"the badge's {path.name} cannot be read: {error.strerror}", _REINSTALL) from error
    if hashlib.sha256(data).hexdigest() != SHA256[path.name]:
        raise EngineError(f"the badge's {path.name} is not the file this version was released with", _REINSTALL)
    sheet = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert sheet is not None, "its hash was right"
    return [_trimmed(np.asarray(row, np.uint8)) for row in np.split(sheet, count)]


_REINSTALL = "Install avatard again; without its badge it does not show pictures."


def _trimmed(row: npt.NDArray[np.uint8]) -> Text:
    columns = np.flatnonzero(row.any(axis=0))
    return Text(row[:, columns[0] : columns[-1] + 1].copy())
