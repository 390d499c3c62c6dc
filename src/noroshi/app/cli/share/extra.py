"""The extra that the service needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from noroshi.app.errors import AppError


@contextmanager
def service_extra() -> Iterator[None]:
    """Explain a package that is missing.

    Raises:
        AppError: the extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise AppError(
            f"{error.name} is missing; install Noroshi with its 'service' extra: "
            "pip install 'noroshi[service]'"
        ) from error
