"""Options that many commands share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from noroshi.app.cli.output import Output, language_from_environment, make_output
from noroshi.app.detection import EVERYTHING
from noroshi.app.workspace import Workspace, default_home
from noroshi.detect.registry import Window


class Lang(StrEnum):
    """Languages of reports and messages."""

    ja = "ja"
    en = "en"


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Folder that keeps everything. Default: $NOROSHI_HOME, else ./noroshi-home.",
        file_okay=False,
    ),
]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="Language: ja or en. Default: from the environment.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Earliest time, ISO 8601, UTC unless it says else.")
]
Until = Annotated[
    str | None, typer.Option("--until", help="Latest time; a date alone means its end.")
]


Zone = Annotated[
    str,
    typer.Option(
        "--zone",
        envvar="NOROSHI_ZONE",
        help="Time zone of times that name none, as in most syslog: Asia/Tokyo. Default: UTC.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Call:
    """What a command works with."""

    workspace: Workspace
    out: Output


def group(about: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=about)


def call(home: Path | None, lang: Lang | None, *, as_json: bool) -> Call:
    """Return workspace and output of a command."""
    language = lang.value if lang else language_from_environment()
    return Call(
        Workspace(home or default_home()),
        make_output("ja" if language == "ja" else "en", as_json=as_json),
    )


def window(since: str | None, until: str | None) -> Window:
    """Return the span of event time that two options name."""
    start, end = moment(since), moment(until, end=True)
    return Window(
        EVERYTHING.start if start is None else start, EVERYTHING.end if end is None else end + 1
    )


def time_zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name.

    Raises:
        typer.BadParameter: there is no such zone.
    """
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise typer.BadParameter(f"no time zone {name!r}; write it like Asia/Tokyo") from error


def moment(text: str | None, *, end: bool = False) -> int | None:
    """Return an ISO 8601 date or time as µs since 1970 UTC.

    Args:
        text: the option's value; None stays None.
        end: a date without a time means the last microsecond of that day.

    Raises:
        typer.BadParameter: not such a date or time.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-22"):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return _microseconds(day + timedelta(days=1)) - 1 if end else _microseconds(day)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not ISO 8601, e.g. 2026-11-22T09:00Z") from error
    return _microseconds(found if found.tzinfo else found.replace(tzinfo=UTC))


def _microseconds(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
