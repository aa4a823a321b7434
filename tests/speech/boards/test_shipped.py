"""The boards that come with avatard, by our own checks and the format's."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from avatard.speech.boards import actions, open_store
from avatard.speech.boards.colour import contrast, ink, parse
from avatard.speech.boards.examine import examine
from avatard.speech.boards.package import Package
from avatard.speech.boards.phrase import speaks
from avatard.speech.lips.emotion import EMOTIONS

FOLDER = Path(str(files("avatard.assets"))) / "boards" / "meeting"


@pytest.fixture(scope="module")
def package() -> Package:
    return open_store().load("meeting")


def test_it_passes_what_imports_pass_and_without_a_note(package: Package) -> None:
    assert examine(package, "meeting").notes == ()
    assert (len(package.boards), len(package.others)) == (3, 0)


def test_it_comes_out_as_it_is(package: Package) -> None:
    from avatard.speech.boards.package import package_files

    for path, data in package_files(package):
        written = json.loads((FOLDER / path).read_text(encoding="utf-8"))
        assert json.loads(data) == written


def test_every_place_and_button_belong_to_each_other(package: Package) -> None:
    for board in package.boards.values():
        placed = [id_ for row in board.grid.order for id_ in row if id_]
        assert sorted(placed) == sorted(button.id for button in board.buttons)
        assert (board.grid.rows, board.grid.columns) == (5, 5)
        assert board.rest["license"]["type"] == "CC0-1.0"
        assert board.locale == "en"


def test_every_button_says_or_does_something_known(package: Package) -> None:
    for board in package.boards.values():
        for button in board.buttons:
            assert button.label
            assert len(button.label) <= 16  # two lines on a button of 64 pixels
            assert speaks(button) or button.steps or button.load_board
            assert all(actions.parse(step) for step in button.steps)
            assert button.emotion is None or button.emotion in EMOTIONS
            assert button.load_board is None or package.linked(button.load_board)


def test_every_button_can_be_read(package: Package) -> None:
    """WCAG 2.2: text 7:1 (AAA), a button's edge 3:1."""
    for board in package.boards.values():
        for button in board.buttons:
            background, border = parse(button.background_color), parse(button.border_color)
            assert background is not None
            assert border is not None
            assert contrast(ink(background), background) >= 7
            assert contrast(border, background) >= 3


def test_what_one_needs_in_a_hurry_is_in_the_same_place_on_each(package: Package) -> None:
    for place, step in (((0, 4), ":ext_avatard_stop"), ((3, 4), ":ext_avatard_again"), ((4, 4), ":home")):
        buttons = [board.at(*place) for board in package.boards.values()]
        assert all(button is not None and button.steps == (step,) for button in buttons)


def test_every_board_is_reached_from_the_first(package: Package) -> None:
    reached, todo = set(), [package.home]
    while todo:
        board = todo.pop()
        if board.id not in reached:
            reached.add(board.id)
            links = [package.linked(button.load_board) for button in board.buttons if button.load_board]
            todo += [linked for linked in links if linked is not None]
    assert reached == {board.id for board in package.boards.values()}
