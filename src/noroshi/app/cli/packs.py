"""``noroshi packs add|list|verify|remove``: knowledge carried across the air gap."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.errors import AppError
from noroshi.intel.packs import Pack, builtin_packs, fetch

Name = Annotated[str, typer.Argument(help="Name of the pack.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    part = group("Rules, ATT&CK, warning lists and other knowledge.")
    part.command("add", epilog="Example: noroshi packs add ./sigma-master.zip")(add)
    part.command("list")(list_packs)
    part.command("verify")(verify)
    part.command("remove")(remove)
    app.add_typer(part, name="packs")


def add(
    source: Annotated[
        str, typer.Argument(help="Folder or archive; with --from-url an https address.")
    ],
    name: Annotated[str | None, typer.Option("--name", help="Name to keep it under.")] = None,
    from_url: Annotated[
        bool, typer.Option("--from-url", help="Download it. The only command that does.")
    ] = False,
    sha256: Annotated[
        str | None, typer.Option("--sha256", help="Digest that the download must have.")
    ] = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Add a pack from a folder or archive; its digest and origin are recorded."""
    this = call(home, lang, as_json=as_json)
    if not from_url and source.lower().startswith(("http://", "https://")):
        raise AppError(
            f"{source} is an address; only --from-url downloads a pack, and only from https"
        )
    if from_url:
        with TemporaryDirectory(prefix="noroshi-") as folder:
            path = fetch(source, Path(folder), sha256=sha256)
            pack = this.workspace.packs.add(path, name, source)
    else:
        pack = this.workspace.packs.add(Path(source), name)
    if as_json:
        this.out.json(_json(pack))
    else:
        this.out.say(
            "Added {name} ({kind}, {files} files, {trust}), SHA-256 {digest}",
            name=pack.name,
            kind=pack.manifest.kind.value,
            files=len(pack.digests),
            trust=this.out.message(pack.trust),
            digest=pack.digest,
        )


def list_packs(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List built-in and added packs."""
    this = call(home, lang, as_json=as_json)
    packs = [*builtin_packs(), *this.workspace.packs.list()]
    if as_json:
        this.out.json([_json(pack) for pack in packs])
        return
    this.out.table(
        ["Pack", "Version", "Kind", "Trust", "Title"],
        (
            (
                pack.name,
                pack.manifest.version,
                pack.manifest.kind.value,
                this.out.message(pack.trust),
                pack.manifest.title_in(this.out.language),
            )
            for pack in packs
        ),
    )


def verify(name: Name, home: Home = None, lang: LangOption = None, as_json: Json = False) -> int:
    """Compare a pack with what was added. Exit code 1 if anything differs."""
    this = call(home, lang, as_json=as_json)
    outcome = this.workspace.packs.verify(name)
    if as_json:
        differing = {key: list(getattr(outcome, key)) for key in ("changed", "missing", "added")}
        this.out.json({"ok": outcome.ok, "signature": outcome.signature, **differing})
    else:
        this.out.say("{name}: {outcome}", name=name, outcome=this.out.message(outcome.message))
    return 0 if outcome.ok else 1


def remove(name: Name, home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """Remove a pack that was added."""
    this = call(home, lang, as_json=as_json)
    this.workspace.packs.remove(name)
    if as_json:
        this.out.json({"removed": name})
    else:
        this.out.say("Removed {name}.", name=name)


def _json(pack: Pack) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.manifest.version,
        "kind": pack.manifest.kind.value,
        "digest": pack.digest,
        "files": len(pack.digests),
        "source": pack.source,
        "added": pack.added,
        "signed_by": pack.signer.name if pack.signer else None,
        "builtin": pack.builtin,
    }
