"""``noroshi doctor``: is everything in place on this machine?"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import typer

from noroshi import __version__
from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.progress import size_text
from noroshi.app.rules import rules_in_force
from noroshi.app.workspace import Workspace
from noroshi.collect import collectors
from noroshi.intel.knowledge import KnowledgeError
from noroshi.lang import Message, translated

ENOUGH_DISK = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``ok`` None is neither good nor bad."""

    what: Message
    ok: bool | None
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog="Example: noroshi doctor --json")(doctor)


def doctor(home: Home = None, lang: LangOption = None, as_json: Json = False) -> int:
    """Check this installation and home folder. Exit code 1 if something is wrong."""
    this = call(home, lang, as_json=as_json)
    checks = list(_checks(this.workspace))
    if as_json:
        this.out.json([{"check": c.what.template, "ok": c.ok, "detail": c.detail} for c in checks])
    else:
        marks, language = {True: "✓", False: "✗", None: "–"}, this.out.language
        rows = (
            (marks[c.ok], this.out.message(c.what), translated(c.detail, language)) for c in checks
        )
        this.out.table(["", "Check", "Detail"], rows)
    return 1 if any(check.ok is False for check in checks) else 0


def _checks(workspace: Workspace) -> Iterator[Check]:
    versions = f"Noroshi {__version__}, Python {platform.python_version()}, {platform.machine()}"
    yield Check(Message("Program and machine"), None, versions)
    for name in ("pyarrow", "duckdb", "deltalake", "pysigma", "evtx"):
        yield Check(Message("Library {name}", {"name": name}), True, version(name))
    fast = importlib.util.find_spec("hyperscan") is not None
    yield Check(
        Message("Fast rule matching (Hyperscan)"),
        fast or None,
        "" if fast else "slower path in use",
    )
    yield _home(workspace)
    yield _closed(workspace)
    yield _knowledge(workspace)
    free = shutil.disk_usage(_existing(workspace)).free
    yield Check(Message("Free disk space"), free > ENOUGH_DISK, size_text(free))
    yield Check(Message("Collectors"), True, ", ".join(item.name for item in collectors()))
    rules = rules_in_force(workspace)
    yield Check(
        Message("Rules"), bool(rules.rules), f"{len(rules.rules)}, {len(rules.problems)} rejected"
    )
    spark = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
    yield Check(Message("Spark (optional)"), spark or None, "" if spark else "not installed")


def _home(workspace: Workspace) -> Check:
    folder = _existing(workspace)
    writable = os.access(folder, os.W_OK)
    return Check(Message("Home folder can be written"), writable, str(workspace.home.resolve()))


def _closed(workspace: Workspace) -> Check:
    """Tell whether other users of the machine can look into the home folder; TLP says who may."""
    if not workspace.home.exists():
        return Check(Message("Home folder is closed to others"), None, "")
    opened = workspace.home.stat().st_mode & 0o077
    way_out = f"chmod 700 {workspace.home.resolve()}" if opened else ""
    return Check(Message("Home folder is closed to others"), None if opened else True, way_out)


def _knowledge(workspace: Workspace) -> Check:
    """Open the store, as any command would; one that is not there yet is not made."""
    what = Message("Knowledge store can be opened")
    location = workspace.knowledge_location
    if isinstance(location, Path) and not location.exists():
        return Check(what, None, "")
    try:
        return Check(what, True, workspace.knowledge.name)
    except (KnowledgeError, OSError) as error:
        return Check(what, False, str(error))


def _existing(workspace: Workspace) -> str:
    folder = workspace.home.resolve()
    while not folder.exists():
        folder = folder.parent
    return str(folder)
