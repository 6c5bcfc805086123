"""The two key pairs of a data centre: Ed25519 to sign what it sends, X25519 so that others can seal what they send to it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes
from registry.kernel.tls import write_secret

_CONTEXT = b"zhengming-exchange/1\0"  # so that a signature can never be taken for one over something else


@dataclass(frozen=True, slots=True)
class CentreKeys:
    """The private keys of one centre."""

    centre: str
    sign_key: Ed25519PrivateKey
    seal_key: X25519PrivateKey

    @classmethod
    def new(cls, centre: str) -> Self:
        """Fresh ones."""
        return cls(
            centre,
            Ed25519PrivateKey.from_private_bytes(new_bytes(32)),
            X25519PrivateKey.from_private_bytes(new_bytes(32)),
        )

    @property
    def sign_public(self) -> bytes:
        """The 32 bytes that others trust."""
        return self.sign_key.public_key().public_bytes_raw()

    @property
    def seal_public(self) -> bytes:
        """The 32 bytes that others seal to."""
        return self.seal_key.public_key().public_bytes_raw()

    def sign(self, manifest: bytes) -> bytes:
        """The signature over a manifest as stored, 64 bytes (RFC 8032)."""
        return self.sign_key.sign(_CONTEXT + manifest)

    def write(self, folder: Path) -> None:
        """Keep them, readable by this account alone."""
        folder.mkdir(parents=True, exist_ok=True)
        for purpose, key in (("sign", self.sign_key), ("seal", self.seal_key)):
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_secret(folder / f"{self.centre}.{purpose}.key", pem)


def load_keys(folder: Path, centre: str) -> CentreKeys:
    """The keys kept in a folder. Refuses (``NOT_FOUND``) when they are not there, or are no such keys."""
    found = [_load(folder / f"{centre}.{purpose}.key") for purpose in ("sign", "seal")]
    sign_key, seal_key = found
    if not isinstance(sign_key, Ed25519PrivateKey) or not isinstance(seal_key, X25519PrivateKey):
        zh = f"没有数据中心 {centre} 的密钥，请先运行 zhengming exchange keys"
        raise Refusal(
            Reason.NOT_FOUND, zh, f"no keys of data centre {centre}: run zhengming exchange keys first", where="keys"
        )
    return CentreKeys(centre, sign_key, seal_key)


def _load(path: Path) -> object:
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError):
        return None


def signed_by(public_key: bytes, manifest: bytes, signature: bytes) -> bool:
    """Whether the signature over the manifest is of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _CONTEXT + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True
