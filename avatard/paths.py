"""Where things lie on this machine, by the platform's own rules (`platformdirs`). Nothing here touches the disk."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_APP = "avatard"


def config_file() -> Path:
    """The user's settings: ~/.config/avatard/config.toml on Linux."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


def avatars() -> Path:
    """The user's own portraits, one folder each: ~/.local/share/avatard/avatars on Linux."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "avatars"


def phrases() -> Path:
    """The user's own phrase boards, one file for each set: ~/.local/share/avatard/phrases on Linux."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "phrases"


def voices() -> Path:
    """The user's own voices, one folder each: ~/.local/share/avatard/voices on Linux."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "voices"


def speaker() -> Path:
    """What the microphone hears of the user's own voice: ~/.local/share/avatard/speaker.toml on Linux."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "speaker.toml"


def aligned_voices() -> Path:
    """Copies of voices that also tell how long each sound is: ~/.cache/avatard/voices on Linux."""
    return platformdirs.user_cache_path(_APP, appauthor=False) / "voices"


def pronunciation_file() -> Path:
    """How the user wants words said: ~/.config/avatard/pronunciation.toml on Linux."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "pronunciation.toml"


def speech_dispatcher() -> Path:
    """Settings of avatard's own Speech Dispatcher: ~/.local/share/avatard/speech-dispatcher on Linux."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "speech-dispatcher"


def features() -> Path:
    """What networks made of portraits, which can be made again: ~/.cache/avatard/features on Linux."""
    return platformdirs.user_cache_path(_APP, appauthor=False) / "features"


def control() -> Path:
    """The file that says where the daemon listens, on Windows: AppData\\Local\\avatard\\control there."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "control"


def log_file() -> Path:
    """Where the daemon's words go when it has no console: AppData\\Local\\avatard\\Logs\\avatard.log on Windows."""
    return platformdirs.user_log_path(_APP, appauthor=False) / "avatard.log"


def plans() -> Path:
    """What TensorRT compiled for this machine, which can be compiled again: ~/.cache/avatard/plans on Linux."""
    return platformdirs.user_cache_path(_APP, appauthor=False) / "plans"
