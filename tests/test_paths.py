"""Where things lie on each platform, by platformdirs' own rules for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest

from avatard import paths

KINDS: dict[str, Any] = {
    "linux": platformdirs.unix.Unix,
    "darwin": platformdirs.macos.MacOS,
    "win32": platformdirs.windows.Windows,
}
LOCAL = "AppData/Local/avatard"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A home folder on that platform."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in (("HOME", ""), ("USERPROFILE", ""), ("LOCALAPPDATA", "AppData/Local")):
        monkeypatch.setenv(variable, str(tmp_path / value))
    # Windows itself is asked for the folder; its variables say the same.
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", platformdirs.windows.get_win_folder_from_env_vars)
    kind = KINDS[request.param]
    for folder in ("config", "data", "cache", "log"):

        def place(app: str, *, appauthor: bool, what: str = f"user_{folder}_path") -> Path:
            found = getattr(kind(app, appauthor=appauthor), what)
            assert isinstance(found, Path)
            return found

        monkeypatch.setattr(platformdirs, f"user_{folder}_path", place)
    return tmp_path


@pytest.mark.parametrize(
    ("home", "config", "avatars", "features", "log"),
    [
        (
            "linux",
            ".config/avatard/config.toml",
            ".local/share/avatard/avatars",
            ".cache/avatard/features",
            ".local/state/avatard/log/avatard.log",
        ),
        (
            "darwin",
            "Library/Application Support/avatard/config.toml",
            "Library/Application Support/avatard/avatars",
            "Library/Caches/avatard/features",
            "Library/Logs/avatard/avatard.log",
        ),
        (
            "win32",
            f"{LOCAL}/config.toml",
            f"{LOCAL}/avatars",
            f"{LOCAL}/Cache/features",
            f"{LOCAL}/Logs/avatard.log",
        ),
    ],
    indirect=["home"],
)
def test_each_platform_has_its_own_places(home: Path, config: str, avatars: str, features: str, log: str) -> None:
    places = (paths.config_file(), paths.avatars(), paths.features(), paths.log_file())

    assert [str(place.relative_to(home)).replace("\\", "/") for place in places] == [config, avatars, features, log]
    assert paths.plans().parent == paths.features().parent
    assert (
        paths.control().parent == paths.phrases().parent == paths.speech_dispatcher().parent == paths.avatars().parent
    )
