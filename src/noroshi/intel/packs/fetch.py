"""Get an upstream release from its address. The only code in this room that opens a connection.

Nothing calls it but an explicit request of the user.
"""

from __future__ import annotations

import hashlib
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from noroshi.intel.packs.errors import FetchError

_CHUNK = 1 << 16
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def fetch(
    url: str,
    folder: Path,
    sha256: str | None = None,
    *,
    max_bytes: int = 512 << 20,
    timeout: float = 30.0,
    deadline: float = 1800.0,
) -> Path:
    """Download one file into a folder and return its path.

    Args:
        url: https address; plain http is accepted from this very machine only.
        folder: where the file goes; it appears there complete or not at all.
        sha256: expected digest in hex, if the publisher announced one.
        max_bytes: largest size accepted.
        timeout: seconds without a byte before giving up.
        deadline: seconds for the whole download.

    Raises:
        FetchError: no answer, too large, too slow, or another content than announced.
    """
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    _check_address(url)
    if not name or name in (".", "..") or "\\" in name or "\x00" in name:
        raise FetchError(f"{url}: the address names no file")
    folder.mkdir(parents=True, exist_ok=True)
    target, partial = folder / name, folder / (name + ".part")
    try:
        digest = _download(url, partial, max_bytes, timeout, deadline)
        if sha256 is not None and digest != sha256.strip().lower():
            raise FetchError(f"{url}: SHA-256 is {digest}, expected {sha256}; not kept")
        partial.rename(target)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{url}: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(url: str, partial: Path, max_bytes: int, timeout: float, deadline: float) -> str:
    end = time.monotonic() + deadline
    digest, size = hashlib.sha256(), 0
    opener = urllib.request.build_opener(_CarefulRedirects())
    with opener.open(url, timeout=timeout) as answer, partial.open("wb") as out:
        while chunk := answer.read1(_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise FetchError(f"{url}: larger than {max_bytes:,} bytes; not kept")
            if time.monotonic() > end:
                raise FetchError(f"{url}: not complete after {deadline:.0f} s; not kept")
            digest.update(chunk)
            out.write(chunk)
        announced = answer.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) != size:
            raise FetchError(f"{url}: {size:,} of {announced} bytes came; try again")
    return digest.hexdigest()


class _CarefulRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect must not lead from https to anything less."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise FetchError(f"{url}: give an https address")
