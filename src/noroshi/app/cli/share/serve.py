"""``noroshi share serve``: the TAXII 2.1 server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import Home, LangOption, call
from noroshi.app.cli.share.extra import service_extra

Pem = Annotated[Path | None, typer.Option("--cert", help="TLS certificate with its chain, PEM.")]


def register(part: typer.Typer) -> None:
    """Add the command."""
    part.command(
        "serve", epilog="Example: noroshi share serve --host 0.0.0.0 --cert cert.pem --key key.pem"
    )(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 for a free one.")
    ] = 6100,
    cert: Pem = None,
    key: Annotated[Path | None, typer.Option("--key", help="Its key, PEM.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Listen to other machines without TLS, all the same.")
    ] = False,
    title: Annotated[str, typer.Option("--title", help="Name of this server.")] = "Noroshi",
    contact: Annotated[str, typer.Option("--contact", help="How to reach whoever runs it.")] = "",
    open_discovery: Annotated[
        bool, typer.Option("--open-discovery", help="Tell the title without a secret.")
    ] = False,
    home: Home = None,
    lang: LangOption = None,
) -> None:
    """Serve collections by TAXII 2.1 until interrupted; every access is logged.

    Members see what their level allows, whatever a collection holds.
    """
    this = call(home, lang, as_json=False)
    with service_extra():
        from noroshi.share.taxii.serve import Listen
        from noroshi.share.taxii.serve import serve as listen_and_serve
        from noroshi.share.taxii.service import Service, Settings
    secret = key or cert
    if secret is not None and secret.is_file() and secret.stat().st_mode & 0o007:
        this.out.warn(
            "{path}: everybody on this machine can read this key; chmod 600 {path}",
            path=str(secret),
        )  # fmt: skip
    settings = Settings(title, contact=contact, open_discovery=open_discovery)
    log = this.workspace.home / "share"
    service = Service(this.workspace.knowledge, log, settings)

    def ready(address: str) -> None:
        this.out.say(
            "TAXII 2.1 at {address} — {members} members, {collections} collections; "
            "accesses are logged in {log}.",
            address=address, members=len(service.members.list()),
            collections=len(service.collections.list()), log=str(log),
        )  # fmt: skip

    listen_and_serve(service, Listen(host, port, cert, key, plain), ready)
