"""Secrets that have to be told again and so cannot be hashed, kept sealed: AES-256-GCM (NIST SP 800-38D) under a key of this installation.

The key lies in ``data/keys/sealing.key`` (mode 0600, made on first use), never in the database: a stolen dump opens nothing. What a seal
is for is bound into it, so that one secret cannot be put in another's place. Machines that share a database share this file.
"""

from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.kernel.config import Config
from registry.kernel.errors import Fault
from registry.kernel.ids import new_bytes
from registry.kernel.xml.keys import write_once

KEY_OCTETS = 32
NONCE_OCTETS = 12  # drawn by chance: some four thousand million seals before two could meet


def seal(config: Config, secret: str, purpose: str) -> bytes:
    """The secret, sealed for this purpose (``webhook registrar-a``)."""
    nonce = new_bytes(NONCE_OCTETS)
    return nonce + AESGCM(_key(config)).encrypt(nonce, secret.encode(), purpose.encode())


def unseal(config: Config, sealed: bytes, purpose: str) -> str:
    """The secret again. A fault when it was sealed elsewhere, for something else, or changed."""
    try:
        opened = AESGCM(_key(config)).decrypt(sealed[:NONCE_OCTETS], sealed[NONCE_OCTETS:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise Fault(f"the sealed secret for {purpose} cannot be opened with the key of this installation") from error
    return opened.decode()


def _key(config: Config) -> bytes:
    path = config.secret("sealing.key")
    write_once(path, lambda: new_bytes(KEY_OCTETS))
    return _read(path)


@lru_cache(maxsize=16)
def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_OCTETS:
        raise Fault(f"{path} must hold {KEY_OCTETS} octets")
    return key
