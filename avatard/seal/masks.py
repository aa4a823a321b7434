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
    "en-cards.png": "a5606382ee37a352898282cb987ee3d41cf4bec06c301fc7c40b3e4c3f100b01",
    "de.png": "5cf831a14353cd0f6ecde34aa45b3d2314b9799d7087eb59b7f6cd9a7851b24b",
    "de-cards.png": "7a23ad377cf5cde6c7e0ed5033dc30726b8453d4c92b5c5453c319f526f3d572",
    "fr.png": "bbf2735c20118623965949bfcde8f06d309e45cd2ebcbfa2d6044eabd2c57c2b",
    "fr-cards.png": "97999067737e6a2f71b3a322de11a22205c002039504aa6fe7ddf9968f37e399",
    "es.png": "28c2ef37203785855ed9c106e951c0bce02421f4779cfc4dbde8dc754f5259df",
    "es-cards.png": "5b9a22381f1cf273f7f96ce971d6cdc16782fa35770302a5470c9a5588b920fa",
    "it.png": "f1205639a1f354c86ffc2508e55fe968759ea41e88442840400a90f25101ac96",
    "it-cards.png": "3190dfa63dfcb7328a2e9b071b3207bcaee7c7f66bf847cd4f9e3cf74fffb56f",
    "pt.png": "94e88cff2624139b081cc17780f0134baf8aa4dad05de96784a884b4deb5eff1",
    "pt-cards.png": "e0c8ccae98653c88146394b2005a39aaa5430a3cdb89b3dc43c36471bba40485",
    "nl.png": "1a91852b5e32bf644d67394eabfcfcd0b28306da2dfb114d17541c5dc2347dd3",
    "nl-cards.png": "be836966a1fc78a188d525e1709f267c546e54eac63788bf3daa934d443dbdee",
    "pl.png": "88d0a7a4162ee7ea2b7947e329fe431ff846aad37417c5fc01d4a7e55237c32e",
    "pl-cards.png": "296100790b9cac69b41bbe864908fa6973db1871fa851185599a2e443372237d",
    "ru.png": "43b28e66cb4034fb24c22ec976fd2d766ba38eb941fea1d47e9ddffd34bd35ce",
    "ru-cards.png": "9b135f69ba2205645e25a752645fd09c650203e944585282dabce275f2d1b7b5",
    "el.png": "391a6454d641bb9497ed3a9afa7b8559f8f88b1e12cc47d47e131006ca822b24",
    "el-cards.png": "ae6cbf8a273b5a3812cbec387b5e9f419e35c1130c8e1376e95a7c3514b14f38",
    "tr.png": "79a40c5c8015d0e8e059fe83390f0bb620b2bcda4b7d035853a6bd2164553e92",
    "tr-cards.png": "19aed2c9bc413fc941b66ddc61a78ff3967c92b1f0d464ee2b8f7bb250da924a",
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


CARDS = 9  #: standby cards in each sheet


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
