"""The `avatard` program."""

from __future__ import annotations

from avatard.cli.group import cli


def main() -> None:
    """Run the command line and exit with its code."""
    cli(prog_name="avatard")


if __name__ == "__main__":
    main()
