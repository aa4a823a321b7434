"""`avatard engine`: the networks, and what runs them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from avatard.bench.networks import NetworkBench
    from avatard.runtime.engine_folder import EngineFolder
    from avatard.runtime.parity import Parity

_NO_PARITY = "Use another one: avatard config set reenact.provider cpu"

_engine = click.argument("name", metavar="[ENGINE]", default="meshnet")
_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the engines lie, instead of the shipped ones.",
)
_provider = click.option(
    "--provider",
    "providers",
    multiple=True,
    metavar="NAME",
    help="Only this one: tensorrt, tensorrt-rtx, cuda, openvino, cpu. May be given again.",
)


@click.group(name="engine")
def command() -> None:
    """List, check, build and measure the networks that meshnet runs, on each provider of this machine."""


@command.command(name="list")
@_folder
@options.as_json
def list_(folder: Path | None, as_json: bool) -> None:
    """List the engines, and the providers, best first: what each one is, or why it does not load."""
    from avatard.errors import EngineError
    from avatard.runtime.engine_folder import engine_names, find_engine
    from avatard.runtime.providers import ORDER, look

    engines, damaged = [], []
    for name in engine_names(folder):
        try:
            engines.append(find_engine(name, folder))
        except EngineError as e:
            damaged.append((name, e))
    found = [look(name) for name in ORDER]
    chosen = options.load(None, {}).reenact.provider
    runs = next((each.provider for each in found if not each.why_not and chosen in ("auto", each.provider)), "")
    if as_json:
        listed = {
            "engines": [_plain(engine) for engine in engines],
            "damaged": [{"name": name, "error": error.message} for name, error in damaged],
            "providers": [asdict(each) for each in found],
            "setting": chosen,
            "runs": runs,
        }
        click.echo(json.dumps(listed, indent=1))
        return
    for engine in engines:
        size = f"{len(engine.onnx) / 1e6:.1f} MB, opset {engine.opset}, {engine.licence}"
        click.echo(f"{click.style(engine.name.ljust(16), bold=True)} {size}")
    for name, error in damaged:
        click.secho(f"! {name}: {error.message}. {error.hint}", fg="red", err=True)
    for each in found:
        mark = "*" if each.provider == runs else " "
        click.echo(f"{mark} {click.style(each.provider.ljust(14), bold=True)} {each.what or f'no: {each.why_not}'}")
        if each.fix:
            click.secho("\n".join(" " * 17 + line for line in each.fix.splitlines()), fg="cyan")


@command.command()
@_engine
@_folder
@_provider
def build(name: str, folder: Path | None, providers: tuple[str, ...]) -> None:
    """Compile plans ahead of time, so that the first start is as fast as the next; for all that can be, by default.

    TensorRT-RTX builds on any machine, TensorRT on the GPU that is to run it. Plans go to the user's cache.
    """
    from rich.console import Console

    from avatard.errors import EngineError
    from avatard.runtime.engine_folder import find_engine
    from avatard.runtime.plan_build import build as build_plan
    from avatard.runtime.plan_cache import PlanCache
    from avatard.runtime.providers import PLANNED

    console = Console(stderr=True, highlight=False)
    model, cache, built = find_engine(name, folder), PlanCache(), False
    for provider in providers or PLANNED:
        try:
            with console.status(f"Building {name} for {provider} …"):
                path = build_plan(model, provider, cache)
        except EngineError as e:
            if providers:  # what was asked for must succeed
                raise
            click.echo(f"{provider}: {e.message}", err=True)
        else:
            built = True
            click.echo(f"{provider}: {path}")
    if not built:
        raise EngineError(f"no plan of {name} was built", "See `avatard engine list`; `cpu` needs none.")


@command.command()
@click.argument("names", nargs=-1, metavar="[ENGINE]...")
@_folder
@_provider
@options.as_json
def verify(names: tuple[str, ...], folder: Path | None, providers: tuple[str, ...], as_json: bool) -> None:
    """Check engines, all by default: files, tensors, and the results of every provider that loads.

    The greatest difference of each output to the CPU in fp32 must be within the tolerance of engine.toml, and other
    inputs must give other outputs. Exits with 13 when anything is wrong.
    """
    from avatard.errors import EngineError
    from avatard.runtime.engine_folder import engine_names, find_engine
    from avatard.runtime.parity import compare
    from avatard.runtime.plan_cache import PlanCache
    from avatard.runtime.providers import ORDER, look

    models = [find_engine(name, folder) for name in names or engine_names(folder)]
    if not models:
        raise EngineError("there is no engine to verify", "Install avatard again.")
    usable = providers or [name for name in ORDER if not look(name).why_not]
    results = [(model, compare(model, name, PlanCache())) for model in models for name in usable]
    if as_json:
        rows = [{"engine": model.name, "ok": parity.ok, **asdict(parity)} for model, parity in results]
        click.echo(json.dumps({"engines": [_plain(model) for model in models], "parity": rows}, indent=1))
    else:
        for model in models:
            click.echo(f"{model.name}: SHA-256 and tensors are those of engine.toml")
        for model, parity in results:
            click.echo(_parity_line(model, parity))
    if wrong := [f"{model.name} on {parity.provider}" for model, parity in results if not parity.ok]:
        raise EngineError(f"other results than the CPU's: {', '.join(wrong)}", _NO_PARITY)


@command.command()
@_engine
@_folder
@_provider
@click.option("--runs", type=click.IntRange(1, 8192), default=300, show_default=True, help="Of each provider.")
@click.option("--fps", type=click.FloatRange(0, 120), default=30.0, show_default=True, help="0: one after the other.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures.")
def bench(
    name: str, folder: Path | None, providers: tuple[str, ...], runs: int, fps: float, json_file: Path | None
) -> None:
    """Measure a run of a network, copies included, on every provider in turns: time and CPU time."""
    from rich.console import Console

    from avatard.bench.machine import this_machine
    from avatard.bench.networks import measure
    from avatard.bench.result import write_json
    from avatard.runtime.engine_folder import find_engine
    from avatard.runtime.plan_cache import PlanCache
    from avatard.runtime.providers import ORDER

    with Console(stderr=True, highlight=False).status("") as status:
        model = find_engine(name, folder)
        found = measure(model, providers or ORDER, PlanCache(), this_machine(), runs, fps, status.update)
    Console(highlight=False).print(_table(found))
    if json_file is not None:
        write_json(found.as_json(), json_file)


def _plain(engine: EngineFolder) -> dict[str, object]:
    """What engine.toml says and where it lies, without the network itself."""
    return {
        "name": engine.name,
        "path": str(engine.path),
        "bytes": len(engine.onnx),
        "sha256": engine.sha256,
        "opset": engine.opset,
        "licence": engine.licence,
        "inputs": [asdict(tensor) for tensor in engine.inputs],
        "outputs": [asdict(tensor) for tensor in engine.outputs],
        "tolerance": engine.tolerance,
        "training": engine.training,
    }


def _parity_line(model: EngineFolder, parity: Parity) -> str:
    parts = [f"{name} {value:.2g} of {model.tolerance[name]:g}" for name, value in parity.difference.items()]
    parts += [f"{name} never changes" for name in parity.frozen]
    verdict = click.style("ok", fg="green") if parity.ok else click.style("WRONG", fg="red")
    return f"{model.name} on {parity.provider}: {verdict}, greatest difference {', '.join(parts)}"


def _table(found: NetworkBench) -> Table:
    from rich import box
    from rich.table import Table

    pace = f"{found.fps:g} a second" if found.fps else "one after the other"
    title = f"{found.engine}, {found.runs} runs of each provider, {pace}; milliseconds a run"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("provider")
    for name in ("p50", "p95", "p99", "max", "core-ms"):
        table.add_column(name, justify="right")
    table.add_column("")
    for cost in found.costs:
        wall = cost.wall_ms
        figures = [f"{ms:.2f}" for ms in (wall.p50, wall.p95, wall.p99, wall.max, cost.core_ms)] if wall.n else [""] * 5
        table.add_row(cost.provider, *figures, f"not measured: {cost.why_not}" if cost.why_not else cost.what)
    return table
