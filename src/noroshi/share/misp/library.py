"""The door to ``misp-stix`` and ``pymisp``: an extra, slow to import, and talkative."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from noroshi.share.errors import ShareError

_TALKATIVE = ("pymisp", "misp_stix_converter")


class MispError(ShareError):
    """Something cannot be converted; the text says what and what to do."""


@contextmanager
def misp_extra() -> Iterator[None]:
    """Explain a package that is missing, and keep those that are there from talking.

    Raises:
        MispError: the extra is not installed.
    """
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ModuleNotFoundError as error:
        raise MispError(
            f"{error.name} is missing; install Noroshi with its 'misp' extra: "
            "pip install 'noroshi[misp]'"
        ) from error
    finally:
        # A finder of the old kind, left behind by a library below, does nothing any more but make
        # every later import in this process warn.
        sys.meta_path[:] = [one for one in sys.meta_path if hasattr(one, "find_spec")]
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
