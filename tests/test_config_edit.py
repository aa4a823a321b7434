from __future__ import annotations

from pathlib import Path

import pytest

from avatard.config import Config
from avatard.config_edit import set_text, template, write_template
from avatard.config_file import checked_tables, load, parse, read
from avatard.config_keys import keys
from avatard.errors import ConfigError

BEFORE = """\
# my settings

[output]  # where it goes
# slow machine
fps = 24   # a film
sinks = [
  "null",
  "file:a.mp4",
]

[drive]
idle = false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "config.toml"
    path.parent.mkdir()
    path.write_text(BEFORE)
    return path


def test_one_line_changes_and_the_rest_stays(file: Path) -> None:
    set_text(file, "output.fps", "30")
    assert file.read_text() == BEFORE.replace("fps = 24   # a film", "fps = 30.0")


def test_a_list_over_several_lines_is_replaced_as_a_whole(file: Path) -> None:
    set_text(file, "output.sinks", "null")
    assert read(file)["output"] == {"fps": 24.0, "sinks": ("null",)}
    assert "slow machine" in file.read_text()
    assert "a.mp4" not in file.read_text()


def test_a_new_setting_joins_its_table_and_a_new_table_the_end(file: Path) -> None:
    set_text(file, "drive.mirror", "yes")
    set_text(file, "reenact.avatar", 'quoted "name"')
    assert read(file)["drive"] == {"idle": False, "mirror": True}
    assert file.read_text().endswith('\n[reenact]\navatar = "quoted \\"name\\""\n')


def test_dotted_keys_are_understood(file: Path) -> None:
    file.write_text('reenact.avatar = "a"\n')
    set_text(file, "reenact.avatar", "b")
    assert file.read_text() == 'reenact.avatar = "b"\n'


def test_a_layout_that_is_not_understood_is_refused_and_left_alone(file: Path) -> None:
    text = 'reenact = { avatar = "a" }\n'
    file.write_text(text)
    with pytest.raises(ConfigError, match="not edited here") as caught:
        set_text(file, "reenact.avatar", "b")
    assert 'avatar = "b"' in caught.value.hint
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("key", "text"), [("output.fps", "1000"), ("output.fsp", "30"), ("fps", "30"), ("seal.badge", "0")]
)
def test_what_cannot_be_is_not_written(file: Path, key: str, text: str) -> None:
    with pytest.raises(ConfigError):
        set_text(file, key, text)
    assert file.read_text() == BEFORE


def test_a_missing_file_and_its_folder_are_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    set_text(file, "output.width", "640")
    assert load(file, {}, {}).output.width == 640


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    set_text(link, "output.fps", "30")
    assert link.is_symlink()
    assert read(file)["output"]["fps"] == 30.0


def test_a_place_that_cannot_be_written_is_an_error(file: Path) -> None:
    with pytest.raises(ConfigError, match="cannot"):
        set_text(file / "below-a-file" / "config.toml", "output.fps", "30")
    with pytest.raises(ConfigError, match="cannot write"):
        write_template(file / "below-a-file" / "config.toml")


def test_the_template_names_every_setting_and_changes_none(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    write_template(file)
    assert load(file, {}, {}) == Config()
    with pytest.raises(ConfigError, match="there already"):
        write_template(file)


def test_the_template_without_its_comment_signs_is_the_defaults() -> None:
    lines = template().splitlines()
    text = "\n".join(line.removeprefix("#") for line in lines if not line.startswith("# "))
    tables = checked_tables(parse(text, Path("t")), Path("t"))
    assert {f"{table}.{field}": v for table, s in tables.items() for field, v in s.items()} == {
        name: key.default for name, key in keys().items()
    }
