"""How good the engines' pictures are: `python benchmarks/quality.py`; the method is in benchmarks/README.md.

Every clip of ../shared/data/clips drives its own first picture (compared with the clip itself) and the portraits of
../shared/data/portraits (does the avatar do what the driver does?). `copy`, the portrait's still, and `mesh` are
measured in the same run. Writes benchmarks/results/quality.json and contact sheets. The sheets show real people: they
go outside the repository unless told otherwise, and are never committed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args, get_type_hints

from avatard.bench.machine import this_machine
from avatard.bench.result import write_json
from avatard.config import ReenactConfig
from avatard.errors import AvatardError, ConfigError
from avatard.picture_file import read_picture
from benchmarks.reenactment import report, targets
from benchmarks.reenactment.driven import read
from benchmarks.reenactment.jobs import Plan, run
from benchmarks.reenactment.own import EVERY
from benchmarks.reenactment.stage import COPY, MESH, Contender, portrait, runs

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
#: Portraits with --quick: enough to see an engine that fails, not to tell 0.01 of a correlation.
QUICK = 4
#: Of a clip, that one picture is compared.
FEWEST = EVERY + 1
ENGINES = tuple(name for name in get_args(get_type_hints(ReenactConfig)["engine"]) if name != "still")


def main() -> int:
    """Command line; 3 when --judge finds a target missed."""
    options = _options()
    machine, started = this_machine(), time.monotonic()
    try:
        for path in options.clip:
            read(path, 1)
        for path in options.portrait:
            read_picture(path)
        with tempfile.TemporaryDirectory(prefix="avatard-quality-") as cache:
            # What a network makes of these portraits, people who never asked for it, must not stay in the user's cache.
            os.environ["XDG_CACHE_HOME"] = cache
            plan = Plan(
                _contenders(options),
                tuple(options.clip),
                tuple(options.portrait),
                options.frames,
                options.out,
                options.jobs,
            )
            played, crossed = run(plan, _say)
    except AvatardError as e:
        _say(f"{e.message}\n{e.hint}")
        return e.exit_code
    found = report.result(plan, played, crossed, machine, time.monotonic() - started)
    write_json(found, options.json)
    print(*report.lines(found), f"{options.json}; sheets in {plan.sheets}", sep="\n")
    return 3 if options.judge and not found["passed"] else 0


def _contenders(options: argparse.Namespace) -> tuple[Contender, ...]:
    """`copy`, `mesh` and those named; with none named, every other engine that runs here."""
    named = [Contender(name, name) for name in options.engine] + options.model
    if not named:
        pictures, _ = read(options.clip[0], 1)
        avatar = portrait(options.clip[0].stem, pictures[0])
        for contender in (Contender(name, name) for name in ENGINES):
            if runs(contender, avatar):
                named.append(contender)
            else:
                _say(f"{contender.name} does not run here and is left out")
    contenders = tuple(dict.fromkeys((COPY, MESH, *named)))
    if options.judge and not targets.challengers([contender.name for contender in contenders]):
        raise ConfigError("there is nothing to judge beside copy and mesh", "Name what to judge: --engine or --model.")
    return contenders


def _model(text: str) -> Contender:
    name, _, folder = text.partition("=")
    if not name or not folder or name in (COPY.name, *ENGINES):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FOLDER with a name of its own")
    return Contender(name, "meshnet", Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", default=[], choices=ENGINES, help="beside copy and mesh; all")
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        type=_model,
        metavar="NAME=FOLDER",
        help="meshnet with networks in FOLDER",
    )
    parser.add_argument("--clip", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--portrait", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--no-cross", action="store_true", help="no portraits: self-reenactment alone")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} portraits")
    parser.add_argument("--frames", type=int, metavar="N", help="of each clip, at most")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes; 2")
    parser.add_argument("--json", type=Path, default=HERE / "results" / "quality.json", metavar="FILE")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "avatard-quality", help="for sheets")
    parser.add_argument("--judge", action="store_true", help="exit with 3 when a learned engine misses a target")
    options = parser.parse_args()
    if options.jobs < 1 or (options.frames is not None and options.frames < FEWEST):
        parser.error(f"--jobs is 1 or more, --frames {FEWEST} or more")
    options.clip = options.clip or sorted((DATA / "clips").glob("*.mpg"))
    if not options.clip:
        parser.error(f"no clips: {DATA / 'clips'} is absent; name some with --clip")
    options.portrait = [] if options.no_cross else options.portrait or sorted((DATA / "portraits").glob("*.jpg"))
    if options.quick:
        options.portrait = options.portrait[:: max(1, len(options.portrait) // QUICK)][:QUICK]
    return options


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
