from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from skimage import data

from avatard import avatars
from avatard.avatars import Store
from avatard.cli.group import cli
from avatard.control.server import Server


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    Image.new("RGB", (300, 300), (90, 120, 150)).save(shipped / "mira.png")
    np.save(shipped / "mira.npy", np.ones((478, 3), np.float32))
    digest = hashlib.sha256((shipped / "mira.png").read_bytes()).hexdigest()
    (shipped / "avatars.toml").write_text(
        f'[[avatar]]\nname = "mira"\nfile = "mira.png"\nsha256 = "{digest}"\nsubject = "synthetic_person"\n'
        'description = "A woman with a fringe"\nlicence = "CC0-1.0"\n'
    )
    monkeypatch.setenv("AVATARD_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AVATARD_SOCKET", str(tmp_path / "avatard.sock"))
    (tmp_path / "config.toml").write_text('[reenact]\navatar = "other"\n')
    monkeypatch.setattr(avatars, "open_store", lambda: Store(tmp_path / "avatars", shipped))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["avatar", *arguments])


def test_list_for_people_and_programs(tmp_path: Path) -> None:
    (tmp_path / "avatars" / "broken").mkdir(parents=True)
    done = run("list")
    assert done.stdout == "  mira  A woman with a fringe\n"
    assert done.stderr.startswith("! broken: cannot read")
    listed = json.loads(run("list", "--json").output)
    assert [entry["name"] for entry in listed["avatars"]] == ["mira"]
    assert listed["avatars"][0]["in_use"] is False
    assert listed["damaged"][0]["name"] == "broken"


def test_use_writes_the_setting_and_says_that_nobody_runs(tmp_path: Path) -> None:
    assert "next avatard up" in run("use", "mira").output
    assert (tmp_path / "config.toml").read_text() == '[reenact]\navatar = "mira"\n'
    assert run("list").stdout.startswith("* mira")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")
def test_use_is_shown_at_once_by_a_running_avatard(tmp_path: Path) -> None:
    asked: list[tuple[str, Mapping[str, object]]] = []

    def handle(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        asked.append((command, args))
        return {}

    with Server(tmp_path / "avatard.sock", handle):
        assert run("use", "mira").output == "mira is the avatar.\n"
    assert asked == [("use", {"avatar": "mira"})]


def test_using_an_unknown_avatar_changes_nothing(tmp_path: Path) -> None:
    assert run("use", "nobody").exit_code == 14
    assert "other" in (tmp_path / "config.toml").read_text()


def test_show_tells_subject_and_licence() -> None:
    assert "synthetic_person" in run("show", "mira").output
    assert json.loads(run("show", "mira", "--json").output)["licence"] == "CC0-1.0"
    assert run("show", "nobody").exit_code == 14


def test_add_without_a_subject_is_refused_before_the_picture_is_read(tmp_path: Path) -> None:
    done = run("add", str(tmp_path / "no-such-file.png"), "--name", "me")
    assert done.exit_code == 15
    assert "other_person" in done.stderr


def test_remove_asks_first(tmp_path: Path) -> None:
    (tmp_path / "avatars" / "broken").mkdir(parents=True)
    refused = CliRunner().invoke(cli, ["avatar", "remove", "broken"], input="n\n")
    assert refused.exit_code == 0
    assert (tmp_path / "avatars" / "broken").exists()
    assert run("remove", "broken", "--yes").exit_code == 0
    assert not (tmp_path / "avatars" / "broken").exists()


def test_add_reports_what_it_found_and_the_avatar_is_there(tmp_path: Path) -> None:
    file = tmp_path / "portrait.png"
    Image.fromarray(data.astronaut()).save(file)  # type: ignore[no-untyped-call]
    done = run("add", str(file), "--name", "astronaut", "--subject", "other_person", "--description", "in orange")
    assert done.exit_code == 0, done.output
    assert "picture 512x512, face " in done.output
    assert "note: the face is 1" in done.output
    assert "avatard avatar use astronaut" in done.output
    assert "astronaut  in orange" in run("list").stdout


def test_add_says_what_is_wrong_with_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "wall.png"
    Image.new("RGB", (512, 512), (200, 190, 180)).save(file)
    done = run("add", str(file), "--name", "wall", "--subject", "stylised")
    assert done.exit_code == 14
    assert "no face was found" in done.stderr
