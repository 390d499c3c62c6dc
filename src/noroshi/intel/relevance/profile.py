"""The profile of an organisation: what would make a report its business.

A YAML file::

    name: Saida town hall
    countries: [JP]
    sectors: [Local government, 医療]
    products: [FortiGate, Microsoft Exchange Server]
    prefixes: [203.0.113.0/24]
    domains: [town.saida.example]
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from noroshi.intel.errors import IntelError
from noroshi.intel.indicators.indicator import IndicatorError, canonical_domain
from noroshi.model.safe_yaml import load_yaml

_LARGEST = 1 << 20


class ProfileError(IntelError):
    """A profile cannot be read; the text says which key and what is wrong."""


def _country(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ValueError(f"{code!r} is no ISO 3166-1 code; write JP, US, …")
    return code.upper()


def _network(text: str) -> str:
    return str(ipaddress.ip_network(text, strict=False))


def _domain(text: str) -> str:
    try:
        return canonical_domain(text)
    except IndicatorError as error:
        raise ValueError(str(error)) from error


_Words = tuple[Annotated[str, Field(min_length=2, max_length=200)], ...]


class Profile(BaseModel):
    """What an organisation is and has.

    Attributes:
        name: its name, as reports would write it.
        countries: ISO 3166-1 codes.
        sectors: as reports name them, in any language that the names packs know.
        products: what it uses.
        prefixes: its networks.
        domains: its domains, sub-domains included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    countries: tuple[Annotated[str, AfterValidator(_country)], ...] = ()
    sectors: _Words = ()
    products: _Words = ()
    prefixes: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()


def read_profile(path: Path) -> Profile:
    """Read a profile.

    Raises:
        ProfileError: the file is missing, too large, or not such a profile.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ProfileError(f"{path}: too large for a profile")
        data: Any = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise ProfileError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise ProfileError(f"{path}: not a profile; it needs keys such as countries and sectors")
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        known = ", ".join(Profile.model_fields)
        raise ProfileError(f"{path}: {where}: {first['msg']} (keys: {known})") from error
