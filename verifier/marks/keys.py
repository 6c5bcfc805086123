"""The issuer's key: Ed25519, one file that only we can read, and the JWKS that lets anybody check what it signed.

The file is made on first use, complete and with mode 0600 from its first byte; when several processes start at
once, one of them makes it and all read the same. What the next stage adds: an offline root, 90-day issuer keys,
and rotation by a state table (verifier.md 3.5 b).
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.kernel.errors import Fault
from registry.kernel.ids import new_bytes, new_public_id

SEED_BYTES = 32  # RFC 8032, section 5.1.5


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """The private key and its RFC 7638 thumbprint, which is its ``kid``."""

    private: Ed25519PrivateKey
    kid: str

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that everybody may have."""
        return self.private.public_key()


def load_issuer_key(path: Path) -> IssuerKey:
    """Read the key at ``path``, making it first if there is none. Faults when the file holds anything but an
    Ed25519 key.
    """
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except ValueError as error:
        raise Fault(f"{path} holds no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Fault(f"{path} holds no Ed25519 key")
    return IssuerKey(key, thumbprint(key.public_key()))


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(new_bytes(SEED_BYTES))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_once(path, pem)


def write_once(path: Path, content: bytes) -> None:
    """Put a secret at ``path``, mode 0600, whole or not at all; when another process was first, its content stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{new_public_id(60)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)  # fails when another process was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """The public key as a JWK (RFC 8037, section 2) with what a verifier wants to know about its use."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw), "use": "sig", "alg": "EdDSA", "kid": thumbprint(key)}


def thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638 with the required members of RFC 8037, section 2: crv, kty, x."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{base64url(raw)}"}}'
    return base64url(hashlib.sha256(members.encode()).digest())


def jwks(*keys: Ed25519PublicKey) -> bytes:
    """The document of ``/.well-known/jwks.json`` (RFC 7517, section 5)."""
    document: dict[str, Any] = {"keys": [public_jwk(key) for key in keys]}
    return msgspec.json.encode(document)


def base64url(raw: bytes) -> str:
    """RFC 7515, section 2: URL-safe and without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
