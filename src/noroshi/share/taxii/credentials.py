"""Who is asking: HTTP Basic (RFC 7617) and Bearer (RFC 6750), without telling who exists.

A right secret is remembered for some minutes as a keyed digest, for argon2 is slow on purpose; a
member who was removed or given another secret is out at once, since the digest covers the hash. An
unknown name costs as much as a wrong secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from noroshi.share.taxii.attempts import Attempts
from noroshi.share.taxii.members import LONGEST, Member, MemberStore
from noroshi.share.taxii.refusal import Refusal, unauthorized

REMEMBERED = 600.0
"""Seconds."""

_DIGESTS = 1_000
_HASHING = 2
"""Secrets hashed at once, 64 MB each."""


class Credentials:
    """Tells members by the ``Authorization`` header.

    Args:
        members: who there is.
        hasher: as costly as that of the members' secrets.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        members: MemberStore,
        hasher: PasswordHasher | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._members, self._clock = members, clock
        self._attempts = Attempts()
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_HASHING)

    def member(self, header: str | None, address: str) -> Member:
        """Return who is asking.

        Raises:
            Refusal: 401, no member's name and secret; 429, too many failures from this address.
        """
        if not header:
            raise unauthorized()
        name, secret = _given(header)
        found = self._members.find(name) if name else None
        member, known = found or (None, self._nobody)
        digest = self._digest(name, secret, known)
        if member is not None and self._remembers(digest):
            return member
        if seconds := self._attempts.wait(address, self._clock()):
            raise Refusal(429, "too many failed attempts; wait", {"Retry-After": str(seconds)})
        if not self._fits(known, secret) or member is None:
            self._attempts.failed(address, self._clock())
            raise unauthorized()
        self._remember(digest)
        return member

    def _fits(self, known: str, secret: str) -> bool:
        with self._places:
            try:
                return self._hasher.verify(known, secret)
            except (Argon2Error, InvalidHashError):
                return False

    def _digest(self, name: str, secret: str, known: str) -> bytes:
        text = "\0".join((name, known, secret)).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).digest()

    def _remembers(self, digest: bytes) -> bool:
        with self._lock:
            return self._right.get(digest, float("-inf")) > self._clock() - REMEMBERED

    def _remember(self, digest: bytes) -> None:
        with self._lock:
            self._right[digest] = self._clock()
            self._right.move_to_end(digest)
            if len(self._right) > _DIGESTS:
                self._right.popitem(last=False)


def _given(header: str) -> tuple[str, str]:
    """Return name and secret; empty ones, which fit nobody, where the header is malformed."""
    scheme, _, rest = header.strip().partition(" ")
    rest = rest.strip()
    if len(rest) > 2 * LONGEST:
        return "", ""
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(rest, validate=True).decode("utf-8")
        except ValueError:
            return "", ""
        name, _, secret = text.partition(":")
    elif scheme.lower() == "bearer":
        name, _, secret = rest.partition(".")
    else:
        return "", ""
    return ("", "") if "\0" in name + secret else (name, secret)
