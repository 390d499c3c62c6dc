"""What can go wrong with a pack."""

from __future__ import annotations

from noroshi.intel.errors import IntelError


class PackError(IntelError):
    """A pack could not be added, read or removed; the text says which, why and what to do."""


class UnsafePackError(PackError):
    """An archive or folder tries to write outside itself, is a bomb, or holds links or devices."""


class SignatureError(PackError):
    """A pack's signature is wrong, or made by a key that nobody here trusts."""


class FetchError(PackError):
    """A download failed, grew too large, or is not what was announced."""
