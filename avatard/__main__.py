"""The `avatard` program."""

from __future__ import annotations

import os

from avatard.cli.console import prepare_streams
from avatard.cli.group import cli


def main() -> None:
    """Run the command line and exit with its code."""
    # Before numpy is loaded: our products are small, and one waited 4 ms for a thread of its pool under load.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Windows: with them Media Foundation takes up to minutes to open a camera (github.com/opencv/opencv/issues/17687).
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
    prepare_streams()
    cli(prog_name="avatard")


if __name__ == "__main__":
    main()
