"""The output module as a program: Speech Dispatcher starts it, by the script that `server` writes."""

from __future__ import annotations

import io
import sys

from avatard.control.client import call
from avatard.speech_dispatcher.module import Module


def main() -> None:
    """Speak for Speech Dispatcher until it is done. `--live`: into the call, where avatard is LIVE."""
    assert isinstance(sys.stdin, io.TextIOWrapper)
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    # Speech Dispatcher keeps what is complained of in the file avatard.log of its folder.
    Module(sys.stdout, call, "--live" in sys.argv[1:], lambda why: sys.stderr.write(why + "\n")).run(sys.stdin)


if __name__ == "__main__":
    main()
