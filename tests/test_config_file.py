from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.config import Config
from avatard.config_file import checked_tables, chosen_file, load, parse, read, resolve
from avatard.config_keys import keys
from avatard.errors import ConfigError


@pytest.fixture(autouse=True, scope="module")
def _no_settings_of_ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_anything_the_defaults_hold() -> None:
    assert load(None, {}, {}) == Config()


def test_flag_beats_environment_beats_file_beats_default(file: Path) -> None:
    file.write_text('[output]\nfps = 10\nwidth = 640\nheight = 480\n[reenact]\navatar = "from-file"\n')
    env = {"AVATARD_OUTPUT_FPS": "20", "AVATARD_OUTPUT_WIDTH": "800", "PATH": "/bin"}
    loaded = resolve(file, env, {"output.fps": 30, "output.height": None})
    assert (loaded.config.output.fps, loaded.config.output.width, loaded.config.output.height) == (30.0, 800, 480)
    assert loaded.config.reenact.avatar == "from-file"
    assert loaded.origins["output.fps"] == "flag"
    assert loaded.origins["output.width"] == "AVATARD_OUTPUT_WIDTH"
    assert loaded.origins["output.height"] == str(file)
    assert loaded.origins["capture.source"] == "default"


def test_a_whole_number_is_taken_for_a_fraction_and_stays_one_in_the_config(file: Path) -> None:
    file.write_text("[output]\nfps = 25\n")
    assert isinstance(load(file, {}, {}).output.fps, float)


def test_lists_from_file_environment_and_flags_become_tuples(file: Path) -> None:
    file.write_text('[output]\nsinks = ["null", "file:a, b.mp4"]\n')
    assert load(file, {}, {}).output.sinks == ("null", "file:a, b.mp4")
    assert load(file, {"AVATARD_OUTPUT_SINKS": "null, virtualcam"}, {}).output.sinks == ("null", "virtualcam")
    assert load(file, {}, {"output.sinks": ("y4m:-",)}).output.sinks == ("y4m:-",)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[renact]\n", "renact", "reenact"),
        ('[reenact]\navatr = "x"\n', "reenact.avatr", "reenact.avatar"),
        ("fps = 20\n", "fps", ".fps"),
        ("reenact = 3\n", "is a table", "[reenact]"),
        ('[output]\nfps = "30"\n', "output.fps must be a number from 1 to 120, not '30'", ""),
        ("[output]\nfps = 0\n", "output.fps", ""),
        ("[output]\nfps = nan\n", "output.fps", ""),
        ("[output]\nfps = true\n", "output.fps", ""),
        ("[output]\nwidth = 641\n", "an even number", ""),
        ("[output]\nwidth = 640.0\n", "output.width", ""),
        ("[output]\nsinks = []\n", "at least one", ""),
        ('[output]\nsinks = "null"\n', "output.sinks", ""),
        ('[output]\nsinks = ["null", 3]\n', "output.sinks", ""),
        ('[reenact]\nmouth = "mine"\n', "one of drawn, own", "camera-pixel"),
        ("[drive]\nidle = 1\n", "true or false", ""),
        ("[drive]\nmouth_gain = 3.01\n", "from 0 to 3", ""),
        ('[capture]\nsource = "file:a\\u0000b"\n', "capture.source", ""),
        ("[output\n", "is not TOML", "config init"),
        ("a = " + "[" * 20_000, "is not TOML", ""),
    ],
)
def test_what_cannot_be_names_the_setting_and_the_file(file: Path, text: str, message: str, hint: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file, {}, {})
    assert message in caught.value.message
    assert str(file) in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.hint


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("AVATARD_REENACT_AVATR", "x", "reenact.avatr"),
        ("AVATARD_NONSENSE", "x", "nonsense"),
        ("AVATARD_OUTPUT_FPS", "fast", "AVATARD_OUTPUT_FPS must be a number from 1 to 120, not 'fast'"),
        ("AVATARD_DRIVE_IDLE", "maybe", "AVATARD_DRIVE_IDLE must be true or false"),
        ("AVATARD_OUTPUT_WIDTH", "640.5", "AVATARD_OUTPUT_WIDTH"),
        ("AVATARD_OUTPUT_SINKS", "null,,null", "AVATARD_OUTPUT_SINKS"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {variable: text}, {})
    assert message in caught.value.message


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no file"):
        load(tmp_path / "none.toml", {}, {})
    with pytest.raises(ConfigError, match="there is no file"):
        load(None, {"AVATARD_CONFIG": str(tmp_path / "none.toml")}, {})


def test_the_flag_names_the_file_before_the_variable(tmp_path: Path) -> None:
    env = {"AVATARD_CONFIG": "/from/env"}
    assert chosen_file(tmp_path, env) == (tmp_path, True)
    assert chosen_file(None, env) == (Path("/from/env"), True)


def test_what_is_no_settings_file_is_an_error_and_not_a_wait(tmp_path: Path) -> None:
    fifo, binary, long = tmp_path / "fifo", tmp_path / "binary", tmp_path / "long"
    os.mkfifo(fifo)
    binary.write_bytes(b"\xff\xfe\x00")
    long.write_bytes(b"#" * 300_000)
    for path, message in (
        (fifo, "not a plain file"),
        (tmp_path, "not a plain file"),
        (binary, "cannot read"),
        (long, "too long"),
    ):
        with pytest.raises(ConfigError, match=message):
            read(path)


_names = st.sampled_from([*keys(), "seal.badge", "output.fps.x"]) | st.text(max_size=12)
_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=3))


@given(st.dictionaries(_names, _values, max_size=4))
def test_any_flags_give_a_config_within_its_ranges_or_a_config_error(flags: dict[str, object]) -> None:
    try:
        config = load(None, {}, flags)
    except ConfigError:
        return
    for name, key in keys().items():
        key.checked(getattr(getattr(config, key.table), name.split(".")[1]))


_fragments = st.lists(
    st.sampled_from(
        ["[output]", "[reenact]", "[seal]", "[badge]", "fps = ", "mouth = ", "badge = ", '"own"', "30", "nan", "false"]
    )
    | st.text(max_size=4),
    max_size=8,
)


@given(_fragments, st.sampled_from(["", "\n"]))
def test_any_text_is_a_config_within_its_ranges_or_a_config_error(parts: list[str], end: str) -> None:
    file = Path("settings.toml")
    try:
        tables = checked_tables(parse(end.join(parts), file), file)
    except ConfigError:
        return
    for table, settings in tables.items():
        for field, value in settings.items():
            keys()[f"{table}.{field}"].checked(value)
