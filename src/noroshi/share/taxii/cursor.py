"""Cursors: where a page ended, sealed so that nobody reads, forges or lends it (section 3.5).

What is sealed is the number of the last entry looked at, never a time, and the date of the last
one given out. The number counts the entries of every collection: an open one would tell how much
goes through the others. Source of the cipher: RFC 5297 (AES-SIV), which needs no nonce.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import struct

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from noroshi.intel.knowledge import Knowledge
from noroshi.share.taxii.refusal import malformed
from noroshi.share.taxii.tables import KEYS

_PLACE = struct.Struct(">QQ")
_KEY = "cursor"


def cursor_key(knowledge: Knowledge) -> bytes:
    """Return the key of a store's cursors, made at first: cursors outlive a restart."""
    query = sa.select(KEYS.c.value).where(KEYS.c.name == _KEY)
    with knowledge.write() as connection:
        key = connection.execute(query).scalar_one_or_none()
        if key is None:
            key = secrets.token_bytes(64)
            connection.execute(KEYS.insert().values(name=_KEY, value=key))
        return bytes(key)


class Cursors:
    """Seals and opens the cursors of one store."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def seal(self, number: int, date: int, member: str, collection: str) -> str:
        """Return a cursor for one member and collection."""
        sealed = self._cipher.encrypt(_PLACE.pack(number, date), _holder(member, collection))
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, text: str, member: str, collection: str) -> tuple[int, int]:
        """Return number and date of a cursor.

        Raises:
            Refusal: 400, it is none of ours for this member and collection.
        """
        try:
            padded = text[:100] + "=" * (-len(text[:100]) % 4)
            sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
            number, date = _PLACE.unpack(self._cipher.decrypt(sealed, _holder(member, collection)))
        except (InvalidTag, ValueError, binascii.Error, struct.error) as error:
            raise malformed("next is no cursor of this collection; start without it") from error
        return number, date


def _holder(member: str, collection: str) -> list[bytes]:
    return [member.encode(), collection.encode()]
