"""Documents sealed for the database: AES-256-GCM (NIST SP 800-38D) under a key that lies beside it, in ``data/keys/documents.key`` (mode 0600).

The file holds one key a line, in hexadecimal. The first one seals, all of them open: to change the key, put a new line in front. Each
document remembers the id of its key (the beginning of the key's SHA-256), and its own id is bound into the seal, so that the
content of one cannot be put in another's place. Machines that share a database share this file.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.kernel.config import Config
from registry.kernel.errors import Fault
from registry.kernel.ids import new_bytes
from registry.kernel.xml.keys import write_once

KEY_FILE = "documents.key"
KEY_OCTETS = 32
NONCE_OCTETS = 12  # drawn by chance: some four thousand million seals before two could meet
ID_DIGITS = 16  # of a key's fingerprint: nobody has as many keys as could collide


def seal_content(config: Config, content: bytes, document_id: str) -> tuple[str, bytes]:
    """The id of the key, and nonce, ciphertext and tag in one."""
    key_id, key = next(iter(_keys(config).items()))
    nonce = new_bytes(NONCE_OCTETS)
    return key_id, nonce + AESGCM(key).encrypt(nonce, content, document_id.encode())


def open_content(config: Config, sealed: bytes, key_id: str, document_id: str) -> bytes:
    """The content again. A fault when the key is not here, or when it was changed or belongs to another document."""
    key = _keys(config).get(key_id)
    if key is None:
        raise Fault(f"document {document_id} is sealed under key {key_id}, which is not in {KEY_FILE}")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_OCTETS], sealed[NONCE_OCTETS:], document_id.encode())
    except (InvalidTag, ValueError) as error:
        raise Fault(f"document {document_id} was changed in the database, or is another one's content") from error


def _keys(config: Config) -> dict[str, bytes]:
    path = config.secret(KEY_FILE, config.document.key_file)
    write_once(path, lambda: new_bytes(KEY_OCTETS).hex().encode() + b"\n")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> dict[str, bytes]:  # noqa: ARG001  # part of the cache's key: a new line counts at once
    keys: dict[str, bytes] = {}
    for line in path.read_text().split():
        try:
            key = bytes.fromhex(line)
        except ValueError as error:
            raise Fault(f"{path} holds a line that is no key") from error
        if len(key) != KEY_OCTETS:
            raise Fault(f"{path} must hold keys of {KEY_OCTETS} octets in hexadecimal")
        keys[hashlib.sha256(key).hexdigest()[:ID_DIGITS]] = key
    if not keys:
        raise Fault(f"{path} holds no key")
    return keys
