from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avatard import paths
from avatard.cli.phrases import command
from avatard.errors import BoardError


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "phrases", lambda: tmp_path / "phrases")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    board = {
        "format": "open-board-0.1",
        "id": 1,
        "name": "Red \x1b[31m",
        "grid": {"rows": 1, "columns": 3, "order": [[2, 1, 2]]},
        "buttons": [
            {"id": 1, "label": "cat\x1b]0;x\x07", "vocalization": "The cat", "ext_avatard_emotion": "happy"},
            {"id": 2, "label": "more", "load_board": {"name": "More", "url": "https://example.org"}},
            {"id": 3, "label": "flip", "action": ":ext_other_flip", "hidden": True},
        ],
    }
    found = tmp_path / "pets.obf"
    found.write_text(json.dumps(board))
    return found


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_the_shipped_boards_are_listed_and_shown() -> None:
    assert run("list").output == "meeting  Meeting: 3 boards, 67 buttons (shipped)\n"
    lines = run("show", "meeting").output.splitlines()
    assert lines[:2] == ["Meeting (5 rows of 5)", "  Yes  “Yes.”"]
    assert "  Feelings  → Feelings" in lines
    assert "  Be quiet  :ext_avatard_stop" in lines


def test_a_board_is_taken_in_shown_and_given_out(file: Path, tmp_path: Path) -> None:
    taken = run("import", file)
    assert taken.output.splitlines() == [
        "note: 1 button opens a board that is not in the file",
        "note: the action ':ext_other_flip' of 1 button is not known here, and does nothing",
        "pets is there. See it with: avatard phrases show pets",
    ]
    assert run("show", "pets").output.splitlines() == [
        "Red  [31m (1 rows of 3)",
        "  more  → More",
        "  cat ]0;x   “The cat”  (happy)",
        "  flip  :ext_other_flip  (hidden)",
    ]
    assert run("export", "pets", tmp_path / "out.obf").output == ""
    assert json.loads((tmp_path / "out.obf").read_text())["buttons"][1]["label"] == "more"
    assert isinstance(run("export", "pets", tmp_path / "out.obf").exception, BoardError)
    assert run("export", "pets", tmp_path / "out.obf", "--replace").exit_code == 0


def test_a_terminal_obeys_nothing_in_a_board(file: Path) -> None:
    board = json.loads(file.read_text())
    board |= {"id": "\x9b2J", "name": "", "strings": {"en": {"more": "m\ud800\u202e"}}, "locale": "en"}
    board["buttons"][0] |= {"label": "a\nb", "ext_avatard_emotion": "\ud800"}
    file.write_text(json.dumps(board))
    assert run("import", file).exit_code == 0
    lines = run("show", "pets").output.splitlines()
    assert lines[:3] == [" 2J (1 rows of 3)", "  m\ufffd   → More", "  a b  “The cat”  (\ufffd)"]


def test_for_programs(file: Path) -> None:
    run("import", file, "--name", "mine")
    (paths.phrases() / "bad.obz").write_bytes(b"?")
    listed = json.loads(run("list", "--json").output)
    assert [entry["name"] for entry in listed["phrases"]] == ["mine", "meeting"]
    assert listed["damaged"] == [{"name": "bad", "error": "bad: not JSON (line 1, column 1)"}]
    shown = json.loads(run("show", "mine", "--json").output)["boards"][0]
    assert shown["order"] == [["2", "1", "2"]]
    assert [button["id"] for button in shown["buttons"]] == ["2", "1", "3"]
    assert shown["buttons"][1]["spoken"] == "The cat"
    assert run("list").stderr.startswith("! bad: not JSON")


def test_removing_asks_first(file: Path) -> None:
    run("import", file)
    assert "They are kept." in CliRunner().invoke(command, ["remove", "pets"], "n\n").output
    assert "pets" in run("list").output
    assert run("remove", "pets", "--yes").exit_code == 0
    assert "pets" not in run("list").output
