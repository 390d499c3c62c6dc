"""``noroshi bench``: speed and memory, measured the same way everywhere."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app import bench as benchmarks
from noroshi.app.cli.options import Json, LangOption, call
from noroshi.app.errors import AppError

NAMES = tuple(sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__)))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench", epilog="Example: noroshi bench sigma --json")(bench)


def bench(
    name: Annotated[str, typer.Argument(help="Which one; an unknown name lists them all.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of real data sets, where one is used.")
    ] = None,
    peer: Annotated[
        Path | None,
        typer.Option("--peer", help="Python of an environment with peers to measure beside."),
    ] = None,
    database: Annotated[
        str,
        typer.Option("--database", help="URL of an empty PostgreSQL database to measure on."),
    ] = "",
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Measure one part in a process of its own: CPU seconds, peak memory, ratio to a peer."""
    this = call(None, lang, as_json=as_json)
    if name not in NAMES:
        raise AppError(f"no benchmark {name!r}; there are {', '.join(NAMES)}")
    code = (
        "import json, sys; from noroshi.app.cli.bench import measured; "
        "print(json.dumps(measured(*sys.argv[1:])))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own code
        [sys.executable, "-c", code, name, str(data or ""), str(peer or ""), database],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise AppError(f"benchmark {name} failed with exit code {done.returncode}")
    result = json.loads(done.stdout.splitlines()[-1])
    if as_json:
        this.out.json(result)
    else:
        this.out.table(["Measure", "Figure"], _lines(result))


def measured(name: str, data: str, peer: str = "", database: str = "") -> dict[str, Any]:
    """Run a benchmark in this process.

    Args:
        name: which one.
        data: folder of real data, or empty.
        peer: Python of an environment with peers, or empty.
        database: URL of an empty database, or empty.

    Raises:
        AppError: the benchmark uses no database.
    """
    module = importlib.import_module(f"noroshi.app.bench.{name}")
    takes = inspect.signature(module.run).parameters
    given: dict[str, Any] = {"data": Path(data)} if data and "data" in takes else {}
    if peer and "peer" in takes:
        given["peer"] = peer
    if database and "location" not in takes:
        raise AppError(f"{name} uses no database")
    if database:
        given["location"] = database
    result: dict[str, Any] = module.run(**given)
    return result


def _lines(result: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for key, value in result.items():
        if isinstance(value, dict):
            lines += _lines(value, f"{prefix}{key} / ")
        else:
            lines.append(
                (prefix + key, f"{value:,.1f}" if isinstance(value, float) else str(value))
            )
    return lines
