"""What a country's organisations are made of; read from packs of worlds.

A folder of a pack is a country: ``country.yaml`` with names, calendar and manners, and one file
an organisation below ``organisations``. Another country is another folder. The built-in pack is
always there; folders of packs that were added come as ``extra``, and win where both have a country.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from noroshi.drill.errors import DrillError
from noroshi.drill.world.calendar import Calendar, Holiday
from noroshi.intel.packs import builtin_pack
from noroshi.model.safe_yaml import load_yaml

PACK = "noroshi-worlds"
_STRICT = ConfigDict(extra="forbid")


class _Rule(BaseModel):
    model_config = _STRICT

    name: str
    month: Annotated[int, Field(ge=0, le=12)] = 0
    day: Annotated[int, Field(ge=0, le=31)] = 0
    nth: Annotated[int, Field(ge=0, le=5)] = 0
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    equinox: Annotated[str, Field(pattern="^(spring|autumn)?$")] = ""
    easter: int | None = None
    since: int = 0


class _File(BaseModel):
    model_config = _STRICT

    language: str
    zone: int
    family_first: bool
    japanese_calendar: bool = False
    closed: tuple[tuple[int, int], tuple[int, int]] | None = None
    hours: tuple[int, int]
    holidays: list[_Rule]
    opening: str
    closing: str
    phone: str
    outside: list[str]
    families: str
    givens: str
    jobs: list[str]


@dataclass(frozen=True)
class Country:
    """Names, calendar and manners.

    Attributes:
        code: ISO 3166 code, lower case.
        language: in which people write.
        family_first: whether the family name stands first.
        calendar: which days are worked.
        opening, closing: of a letter.
        phone: how an extension is written.
        families, givens: as written and in Latin letters.
        jobs: from the head down.
        outside: names of servers that staff go to, often used first.
        organisations: kinds of organisation, with their files.
    """

    code: str
    language: str
    family_first: bool
    calendar: Calendar
    opening: str
    closing: str
    phone: str
    families: tuple[tuple[str, str], ...]
    givens: tuple[tuple[str, str], ...]
    jobs: tuple[str, ...]
    outside: tuple[str, ...]
    organisations: dict[str, Path]


Folders: TypeAlias = tuple[Path, ...]
"""Tops of packs of worlds that were added."""


def countries(extra: Folders = ()) -> tuple[str, ...]:
    """Return the codes of the countries there are."""
    return tuple(sorted(_files(extra)))


@lru_cache(maxsize=16)
def country(code: str, extra: Folders = ()) -> Country:
    """Return a country.

    Raises:
        DrillError: there is none, or its file is not as it must be.
    """
    path = _files(extra).get(code)
    if path is None:
        raise DrillError(f"no country {code!r}; there are: {', '.join(countries(extra))}")
    try:
        file = _File.model_validate(read_yaml(path))
    except ValidationError as error:
        raise DrillError(f"{path}: {said(error)}") from error
    return Country(
        code, file.language, file.family_first, _calendar(file), file.opening, file.closing,
        file.phone, _names(file.families), _names(file.givens), tuple(file.jobs),
        tuple(file.outside),
        {found.stem: found for found in sorted((path.parent / "organisations").glob("*.yaml"))},
    )  # fmt: skip


def read_yaml(path: Path) -> Any:
    """Return what a YAML file says.

    Raises:
        DrillError: not to be read, larger than 1 MiB, or not YAML.
    """
    try:
        with path.open("rb") as handle:
            data = handle.read((1 << 20) + 1)
        if len(data) > 1 << 20:
            raise DrillError(f"{path}: larger than 1 MiB")
        return load_yaml(data)
    except OSError as error:
        raise DrillError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise DrillError(f"{path}: not YAML: {str(error)[:200]}") from error


def said(error: ValidationError, known: Iterable[str] = ()) -> str:
    """Return the first mistake that a check found: where, what it says, and what it may say.

    Args:
        error: of the check.
        known: keys that there are at the top.
    """
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        keys = ", ".join(known) if len(first["loc"]) == 1 else ""
        return f"{place}: no such key" + (f"; there are: {keys}" if keys else "")
    if first["type"] == "missing":
        return f"{place}: is missing"
    what = first["msg"].removeprefix("Value error, ")
    value = f" (it says {str(first['input'])[:80]!r})" if first["loc"] else ""
    return f"{place}: {what}{value}"


def _calendar(file: _File) -> Calendar:
    rules = tuple(Holiday(**rule.model_dump()) for rule in file.holidays)
    return Calendar(rules, file.japanese_calendar, file.closed, file.hours, file.zone)


def _names(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (word.partition("/") for word in text.split())
    return tuple((written, latin) for written, _, latin in pairs)


def _files(extra: Folders) -> dict[str, Path]:
    """Return the file of each country; a pack that was added later wins."""
    folders = (_builtin(), *extra)
    return {path.parent.name: path for top in folders for path in top.glob("*/country.yaml")}


@lru_cache(maxsize=1)
def _builtin() -> Path:
    return builtin_pack(PACK).folder
