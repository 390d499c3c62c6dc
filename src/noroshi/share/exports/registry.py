"""The formats there are: every module of :mod:`noroshi.share.exports.formats` with a ``FORMAT``."""

from __future__ import annotations

import importlib
import pkgutil

from noroshi.share.exports import formats
from noroshi.share.exports.errors import ExportError
from noroshi.share.exports.format import Format


def all_formats() -> dict[str, Format]:
    """Return every format by its name."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(formats.__path__):
        loaded = importlib.import_module(f"{formats.__name__}.{module.name}")
        if (one := getattr(loaded, "FORMAT", None)) is not None:
            found[one.name] = one
    return dict(sorted(found.items()))


def format_named(name: str) -> Format:
    """Return a format.

    Raises:
        ExportError: there is none of that name.
    """
    known = all_formats()
    if name not in known:
        raise ExportError(f"no format {name!r}; there are {', '.join(known)}")
    return known[name]
