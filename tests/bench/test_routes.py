from __future__ import annotations

from pathlib import Path

import pytest

from avatard.bench import chromium
from avatard.bench.budget import load_budget, parse_budget, profiles
from avatard.bench.routes import BY_SINK, ROUTES, why_not
from avatard.errors import ConfigError
from avatard.frame import Stamp

BY_NAME = {route.name: route for route in ROUTES}


def test_each_sink_has_one_reader_for_a_plain_bench() -> None:
    assert {sink: route.name for sink, route in BY_SINK.items()} == {
        "y4m-ring": "y4m-ring",
        "pipewire": "pipewire",
        "virtualcam": "v4l2loopback",
    }


@pytest.mark.parametrize("stamp", Stamp)
def test_every_route_says_what_its_age_includes(stamp: Stamp) -> None:
    said = {route.includes(stamp) for route in ROUTES}
    assert len(said) == len(ROUTES)
    assert all(words.startswith("frame ") and "tracked" in words for words in said)


def test_a_ring_lies_in_the_bench_s_own_folder(tmp_path: Path) -> None:
    assert BY_NAME["chromium"].spec(tmp_path) == f"y4m-ring:{tmp_path / 'ring.y4m'}"
    assert BY_NAME["pipewire"].spec(tmp_path) == "pipewire"


def test_pipewire_is_there_where_its_socket_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIPEWIRE_RUNTIME_DIR", "PIPEWIRE_REMOTE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert why_not(BY_NAME["pipewire"]) == "no PipeWire session here"
    (tmp_path / "pipewire-0").touch()
    assert why_not(BY_NAME["pipewire"]) == ""
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert why_not(BY_NAME["pipewire"])


def test_chromium_is_there_where_its_program_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert why_not(BY_NAME["chromium"]) == "no Chromium here"
    program = tmp_path / "google-chrome"
    program.touch(0o755)
    assert chromium.find_chromium() == str(program)
    assert why_not(BY_NAME["chromium"]) == ""


def test_shipped_budgets_judge_only_routes_that_there_are() -> None:
    judged = {route for profile in profiles() for route in load_budget(profile).end_to_end}
    assert judged == {"y4m-ring", "pipewire"}


def test_an_unknown_limit_of_a_route_is_refused() -> None:
    with pytest.raises(ConfigError):
        parse_budget("x", "[end_to_end.pipewire]\np95_ms = 1.0\n")
