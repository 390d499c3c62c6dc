"""Packs: versioned, signed knowledge, carried across an air gap and checked on arrival."""

from __future__ import annotations

from noroshi.intel.packs.builtin import builtin_pack, builtin_packs
from noroshi.intel.packs.errors import FetchError, PackError, SignatureError, UnsafePackError
from noroshi.intel.packs.fetch import fetch
from noroshi.intel.packs.manifest import Manifest, PackKind
from noroshi.intel.packs.pack import Pack
from noroshi.intel.packs.signature import Signer, sign
from noroshi.intel.packs.store import PackStore, Verification
from noroshi.intel.packs.unpack import Limits

__all__ = [
    "FetchError",
    "Limits",
    "Manifest",
    "Pack",
    "PackError",
    "PackKind",
    "PackStore",
    "SignatureError",
    "Signer",
    "UnsafePackError",
    "Verification",
    "builtin_pack",
    "builtin_packs",
    "fetch",
    "sign",
]
