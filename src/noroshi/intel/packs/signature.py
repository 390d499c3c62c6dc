"""Ed25519 signatures over a pack's digest list (RFC 8032).

``pack.sig`` holds two lines of base64: the signer's 32-byte public key and the 64-byte signature.
Trusted keys are ``*.pem`` files (SubjectPublicKeyInfo) in the home's ``keys`` folder; what counts
is that folder, the key inside ``pack.sig`` only says which of them to look for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from noroshi.intel.packs.digest import SIGNATURE, DigestList, as_text, digest_list
from noroshi.intel.packs.errors import PackError, SignatureError
from noroshi.lang import N_, Message


@dataclass(frozen=True, slots=True)
class Signer:
    """A trusted key.

    Attributes:
        name: file name of the key without its suffix.
        fingerprint: first 32 hex digits of the SHA-256 of the raw public key.
    """

    name: str
    fingerprint: str

    @property
    def message(self) -> Message:
        """Who signed, for people."""
        return Message(
            N_("signed by {name} (key {fingerprint})"),
            {"name": self.name, "fingerprint": self.fingerprint},
        )


UNSIGNED = Message(N_("unsigned: nobody vouches for its content but you"))


def sign(folder: Path, key: Ed25519PrivateKey) -> Path:
    """Sign a pack folder as its publisher; returns the signature file."""
    public = key.public_key().public_bytes_raw()
    signature = key.sign(as_text(digest_list(folder)))
    path = folder / SIGNATURE
    path.write_bytes(base64.b64encode(public) + b"\n" + base64.b64encode(signature) + b"\n")
    return path


def check(folder: Path, digests: DigestList, keys: Path) -> Signer | None:
    """Return who signed a pack; None where it carries no signature.

    Raises:
        SignatureError: the signature does not fit the content, or its key is not trusted.
    """
    path = folder / SIGNATURE
    if not path.exists():
        return None
    public, signature = _read(path)
    fingerprint = _fingerprint(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, as_text(digests))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError(
            f"{path.name}: the signature does not fit the content; the pack was changed after "
            "signing, get it again from its publisher"
        ) from error
    for name, trusted in _trusted(keys):
        if trusted == public:
            return Signer(name, fingerprint)
    raise SignatureError(
        f"{path.name}: signed by key {fingerprint}, which is not among the trusted keys; put the "
        f"publisher's public key into {keys} as a .pem file if you trust it"
    )


def _read(path: Path) -> tuple[bytes, bytes]:
    try:
        lines = path.read_bytes()[:1024].split()
        public, signature = (base64.b64decode(line, validate=True) for line in lines)
    except (ValueError, binascii.Error) as error:
        raise SignatureError(f"{path.name}: not a signature file") from error
    return public, signature


def _trusted(keys: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(keys.glob("*.pem")):
        try:
            key = load_pem_public_key(path.read_bytes())
        except ValueError as error:
            raise PackError(f"{path}: not a public key in PEM form") from error
        if not isinstance(key, Ed25519PublicKey):
            raise PackError(f"{path}: not an Ed25519 key")
        yield path.stem, key.public_bytes_raw()


def _fingerprint(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:32]
