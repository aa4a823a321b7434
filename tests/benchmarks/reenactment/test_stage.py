from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.errors import AvatarError, EngineError
from avatard.motion import rest
from avatard.picture_file import decode_picture
from benchmarks.reenactment.picture import mean_in, psnr, squared_error
from benchmarks.reenactment.regions import regions
from benchmarks.reenactment.stage import COPY, FORMAT, MESH, Contender, Place, draw, portrait, runs, staged
from tests.reenact.made_networks import write_networks


@pytest.fixture(scope="module")
def mira() -> Avatar:
    return portrait("mira", decode_picture((files("avatard.assets") / "avatars" / "mira.jpg").read_bytes()))


def test_the_copy_taken_back_is_the_portrait(mira: Avatar) -> None:
    place = Place.of(mira)
    with staged(COPY, mira) as engine:
        output = draw(engine, rest(0))
    back, valid = place.back(output), place.valid()
    assert back.shape == mira.pixels.shape
    assert valid.mean() > 0.4
    face = regions(mira.landmarks, back.shape, valid)["face"]
    assert psnr(mean_in(squared_error(back, mira.pixels), face)) > 38
    moved = np.roll(back, 1, axis=1)
    assert psnr(mean_in(squared_error(moved, mira.pixels), face)) < 36, "a shift by one pixel would be seen"


def test_there_and_back_is_what_composing_does_to_the_portrait(mira: Avatar) -> None:
    place = Place.of(mira)
    with staged(COPY, mira) as engine:
        back = place.back(draw(engine, rest(0)))
    face = regions(mira.landmarks, back.shape, place.valid())["face"]
    assert mean_in(squared_error(back, place.there_and_back(mira.pixels)), face) < 0.5


def test_landmarks_go_forth_to_where_the_output_has_the_face(mira: Avatar) -> None:
    place = Place.of(mira)
    with staged(COPY, mira) as engine:
        seen = portrait("still", draw(engine, rest(0))).landmarks
    apart = np.linalg.norm(place.forth(mira.landmarks)[:468, :2] - seen[:468, :2], axis=1)
    assert np.median(apart) < 3


def test_what_the_output_does_not_show_is_not_valid(mira: Avatar) -> None:
    place = Place.of(mira)
    valid = place.valid()
    ys, xs = np.nonzero(valid)
    scale, x, y = place.framing.scale, place.framing.x, place.framing.y
    assert (scale * ys.min() + y) >= -1
    assert (scale * ys.max() + y) <= FORMAT.height + 1
    assert (scale * xs.min() + x) >= -1
    assert (scale * xs.max() + x) <= FORMAT.width + 1
    assert not valid[0].any(), "composing does not use a portrait's rim"


def test_a_network_of_another_folder_draws_under_its_own_name(mira: Avatar, tmp_path: Path) -> None:
    made = Contender("made", "meshnet", write_networks(tmp_path / "engines"))
    assert runs(made, mira)
    with staged(made, mira) as engine, staged(MESH, mira) as mesh:
        assert engine.name.startswith("meshnet")
        assert (draw(engine, rest(0)) != draw(mesh, rest(0))).any()


def test_no_other_engine_stands_in(mira: Avatar, tmp_path: Path) -> None:
    absent = Contender("absent", "meshnet", tmp_path)
    assert not runs(absent, mira)
    with pytest.raises(EngineError, match="absent does not run here: mesh draws instead"), staged(absent, mira):
        pass


def test_a_portrait_without_a_face_is_refused() -> None:
    with pytest.raises(AvatarError, match="no face"):
        portrait("wall", np.full((300, 300, 3), 128, np.uint8))
