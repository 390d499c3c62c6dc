"""``noroshi share user add|list|remove``: who may read and write what, up to which level."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.cli.share.extra import service_extra
from noroshi.app.errors import AppError
from noroshi.intel.objects import Tlp

Names = Annotated[list[str] | None, typer.Option("--read", help="Collection that they may read.")]
Written = Annotated[
    list[str] | None, typer.Option("--write", help="Collection that they may write.")
]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    commands = group("Members: who may read and write what, up to which level.")
    commands.command(
        "add", epilog="Example: noroshi share user add saida --tlp green --read towns"
    )(add)
    commands.command("list", epilog="Example: noroshi share user list")(show)
    commands.command("remove", epilog="Example: noroshi share user remove saida")(remove)
    part.add_typer(commands, name="user")


def add(
    name: Annotated[str, typer.Argument(help="Name that the member gives: a-z, 0-9, _ and -.")],
    tlp: Annotated[
        str, typer.Option("--tlp", help="Reader's level: clear, green, amber, amber+strict, red.")
    ] = "clear",
    read: Names = None,
    write: Written = None,
    marking: Annotated[
        list[str] | None,
        typer.Option("--marking", help="Id of a marking definition agreed with them."),
    ] = None,
    defines_markings: Annotated[
        bool, typer.Option("--defines-markings", help="Believe marking definitions they send.")
    ] = False,
    own_secret: Annotated[
        bool,
        typer.Option("--own-secret", help="Read their secret from a prompt or standard input."),
    ] = False,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Add a member; their secret is made, shown this once, and kept as a hash only."""
    this = call(home, lang, as_json=as_json)
    with service_extra():
        from noroshi.share.taxii import Grant, Member, MemberStore
        from noroshi.share.taxii.members import new_secret
    readable, writable = set(read or ()), set(write or ())
    grants = {one: Grant(one in readable, one in writable) for one in readable | writable}
    member = Member(name, Tlp.of(tlp), frozenset(marking or ()), defines_markings, grants)
    secret = _own_secret() if own_secret else new_secret()
    MemberStore(this.workspace.knowledge).add(member, secret)
    if as_json:
        shown = {} if own_secret else {"secret": secret, "token": f"{name}.{secret}"}
        this.out.json({"name": name, "tlp": member.tlp.word, **shown})
        return
    this.out.say("Member {name} sees up to {tlp}.", name=name, tlp=member.tlp.word)
    if not own_secret:
        this.out.say("Secret (shown this once): {secret}", secret=secret)
        this.out.say("As a bearer token: {token}", token=f"{name}.{secret}")


def show(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List the members."""
    this = call(home, lang, as_json=as_json)
    with service_extra():
        from noroshi.share.taxii import MemberStore
    found = [
        {
            "name": one.name,
            "tlp": one.tlp.word,
            "reads": sorted(name for name, grant in one.grants.items() if grant.reads),
            "writes": sorted(name for name, grant in one.grants.items() if grant.writes),
            "defines_markings": one.defines,
        }
        for one in MemberStore(this.workspace.knowledge).list()
    ]
    if as_json:
        this.out.json(found)
        return
    rows = ((one["name"], one["tlp"], ", ".join(one["reads"]), ", ".join(one["writes"]))  # type: ignore[arg-type]
            for one in found)  # fmt: skip
    this.out.table(["Name", "Level", "Reads", "Writes"], rows)


def remove(
    name: Annotated[str, typer.Argument(help="Name of the member.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Remove a member; they are out at once, and what they sent stays."""
    this = call(home, lang, as_json=as_json)
    with service_extra():
        from noroshi.share.taxii import MemberStore
    if not MemberStore(this.workspace.knowledge).remove(name):
        raise AppError(f"no member {name!r}; see noroshi share user list")
    if as_json:
        this.out.json({"removed": name})
    else:
        this.out.say("Member {name} is out.", name=name)


def _own_secret() -> str:
    """Return a secret from a prompt, or the first line of standard input; never an argument."""
    if sys.stdin.isatty():
        return str(typer.prompt("Secret", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
