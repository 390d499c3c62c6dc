"""``noroshi drill check``: do the logs of a folder contradict one another?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import Json, LangOption, call
from noroshi.drill.invariants import Piece
from noroshi.drill.invariants import check as check_folder

BROKEN = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog="Example: noroshi drill check ./evidence")(check)


def check(
    folder: Annotated[Path, typer.Argument(help="Folder of evidence.", file_okay=False)],
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Check that the logs of a folder agree: names, connections, sessions, processes, mail."""
    this = call(None, lang, as_json=as_json)

    def told(piece: Piece, number: int, count: int) -> None:
        if count > 1 and not as_json:
            this.out.warn(
                "{label} is judged, {number} of {count}.",
                label=piece.label,
                number=number,
                count=count,
            )

    results = check_folder(folder, told)
    broken = [result for result in results if result.violations]
    if as_json:
        this.out.json(
            [
                {
                    "id": result.invariant.id,
                    "holds": result.invariant.holds,
                    "looked_at": result.looked_at,
                    "violations": result.violations,
                    "examples": list(result.examples),
                    "not_judged": list(result.not_judged),
                }
                for result in results
            ]
        )
        return BROKEN if broken else 0
    for result in broken:
        this.out.warn(
            "{id}: broken {count} times in {looked_at} records: {holds}",
            id=result.invariant.id,
            count=result.violations,
            looked_at=f"{result.looked_at:,}",
            holds=result.invariant.holds,
        )
        for example in result.examples:
            this.out.warn("  {example}", example=example)
    late = [result for result in results if result.not_judged]
    if late:
        this.out.warn(
            "Life goes on from before {first}; what needs the day before is not judged on it: "
            "{names}",
            first=late[0].not_judged[0] or str(folder),
            names=", ".join(result.invariant.id for result in late),
        )
    this.out.say(
        "{held} of {all} invariants hold; {missing} had no records to look at.",
        held=sum(1 for result in results if result.looked_at and not result.violations),
        all=len(results),
        missing=sum(1 for result in results if not result.looked_at),
    )
    return BROKEN if broken else 0
