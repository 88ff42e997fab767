"""Signatures of bundles: Ed25519 (RFC 8032), by the ``cryptography`` package.

A signature says that whoever holds a key made these very bytes. Whether that someone is to be trusted is for
the person to say: keys are known by their fingerprint and by the name the person gave them.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True)
class Signature:
    """Who signed, as raw bytes: a public key of 32, a signature of 64."""

    public_key: bytes
    value: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_key)

    def fits(self, message: bytes) -> bool:
        """Whether this key signed these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(self.value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def new_key() -> str:
    """A private key as text (base64 of its 32 bytes); it is a secret."""
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def sign(private_key: str, message: bytes) -> Signature:
    """Raises ValueError where ``private_key`` is none."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private_key, validate=True))
    return Signature(key.public_key().public_bytes_raw(), key.sign(message))


def public_key(private_key: str) -> bytes:
    """The 32 bytes that others check with. Raises ValueError."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private_key, validate=True))
    return key.public_key().public_bytes_raw()


def fingerprint(public_key: bytes) -> str:
    """What people compare: the first 16 bytes of its SHA-256 in groups of four hex digits."""
    return spaced(hashlib.sha256(public_key).hexdigest()[:32])


def spaced(fingerprint: str) -> str:
    """A fingerprint as it is shown, however its digits were grouped when it was typed."""
    digits = "".join(fingerprint.split())
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def as_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def from_text(text: object, size: int) -> bytes:
    """``size`` bytes from base64. Raises ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("no text")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(raw) != size:
        raise ValueError(f"{len(raw)} bytes instead of {size}")
    return raw
