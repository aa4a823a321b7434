from __future__ import annotations

import json

import numpy as np
import pytest

from avatard.bench.notebook import SMALL, Box, Notebook, Seen
from avatard.seal.barcode import Barcode
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(640, 360, 30.0)
MOUTH = Box(280, 240, 64, 48)


def luma(seq: int, captured_ns: int, mouth: int = 90) -> np.ndarray:
    i420 = np.full((FORMAT.height * 3 // 2, FORMAT.width), 90, np.uint8)
    i420[MOUTH.y : MOUTH.y + MOUTH.height, MOUTH.x : MOUTH.x + MOUTH.width] = mouth
    Barcode(FORMAT).draw(i420, seq, captured_ns)
    return i420[: FORMAT.height]


def told(notebook: Notebook) -> Seen:
    return Seen.of_json(json.loads(json.dumps(notebook.as_json())))


def test_what_is_written_down_is_what_the_bench_reads() -> None:
    notebook = Notebook(MOUTH)
    assert notebook.saw(luma(3, 1000, mouth=40), 1500)
    assert notebook.saw(luma(4, 2000, mouth=200), 2600)
    assert len(notebook) == 2
    seen = told(notebook)
    assert seen.sightings.tolist() == [[3, 1000, 1500], [4, 2000, 2600]]
    assert seen.mouths.shape == (2, SMALL[1], SMALL[0])
    assert [int(mouth.mean()) for mouth in seen.mouths] == [40, 200]


def test_a_picture_without_a_barcode_is_not_written_down() -> None:
    notebook = Notebook(MOUTH)
    assert not notebook.saw(np.full((360, 640), 128, np.uint8), 1500)
    assert not told(notebook).sightings.size


def test_without_a_box_no_mouths_are_kept() -> None:
    notebook = Notebook()
    notebook.saw(luma(3, 1000), 1500)
    assert told(notebook).mouths.size == 0


def test_a_part_of_the_time_keeps_its_mouths() -> None:
    notebook = Notebook(MOUTH)
    for index in range(10):
        notebook.saw(luma(index, index * 100, mouth=20 * index), index * 100 + 50)
    seen = told(notebook).between(250, 550)
    assert seen.sightings[:, 0].tolist() == [2, 3, 4]
    assert [int(mouth.mean()) for mouth in seen.mouths] == [40, 60, 80]


def test_a_reader_that_told_too_few_mouths_is_not_believed() -> None:
    notebook = Notebook(MOUTH)
    notebook.saw(luma(1, 10), 20)
    broken = {**notebook.as_json(), "sightings": [[1, 10, 20], [2, 20, 30]]}
    with pytest.raises(ValueError, match="2 pictures and 1 mouths"):
        Seen.of_json(broken)


def test_a_box_is_its_words() -> None:
    assert Box.parse(str(MOUTH)) == MOUTH
    assert Box.parse("") is None
