"""What can go wrong in a way that the user can mend.

    AvatardError
    ├── ConfigError    10   a setting that cannot be
    ├── SourceError    11   the camera or file frames come from
    ├── SinkError      12   the device or file frames go to
    ├── EngineError    13   what draws the avatar, or finds the face
    ├── AvatarError    14   a portrait
    ├── ConsentError   15   no record, no avatar
    ├── VaultError     16   sealed portraits and keys
    ├── AudioError     17   sound devices and voices
    ├── ControlError   18   talking to a running daemon
    ├── ServiceError   19   setting avatard up as a service
    └── BoardError     20   a phrase board

The number is the process's exit code. 0 is success, 1 a bug's traceback, 2 the command line's usage error,
3 a broken budget of `bench`; `verify` uses 4 (absent) and 5 (inconclusive).
No face in a frame is a value (`None`), not an error. Bugs are asserts and tracebacks, not these.
"""

from __future__ import annotations


class AvatardError(Exception):
    """A failure the user can mend.

    `message` says what happened, in one line; `hint` says how to fix it, with lines to paste where there are any.
    """

    exit_code = 1
    #: Worth trying again unchanged: the device may come back.
    retryable = False

    def __init__(self, message: str, hint: str = "", *, retryable: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if retryable is not None:
            self.retryable = retryable


class ConfigError(AvatardError):
    """A setting that cannot be: unknown key, wrong type, value out of range."""

    exit_code = 10


class SourceError(AvatardError):
    """A source cannot be opened or stopped giving frames."""

    exit_code = 11


class SinkError(AvatardError):
    """A sink cannot be opened or does not take frames."""

    exit_code = 12


class EngineError(AvatardError):
    """The engine or the tracker cannot run."""

    exit_code = 13


class AvatarError(AvatardError):
    """A portrait is missing, unreadable or unfit."""

    exit_code = 14


class ConsentError(AvatardError):
    """The portrait's subject has not agreed, or it is not known who it is."""

    exit_code = 15


class VaultError(AvatardError):
    """Sealed likeness data cannot be opened."""

    exit_code = 16


class AudioError(AvatardError):
    """A sound device or a voice is missing or failed."""

    exit_code = 17


class ControlError(AvatardError):
    """No daemon answers, or it refused the command."""

    exit_code = 18


class ServiceError(AvatardError):
    """avatard cannot be set up as a service here, or systemd refused it."""

    exit_code = 19


class BoardError(AvatardError):
    """A phrase board, or a file of them, is missing, unreadable or unfit."""

    exit_code = 20
