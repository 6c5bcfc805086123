"""Signing keys in files: one combined signing key a zone, ECDSA P-256 with SHA-256 (algorithm 13, RFC 6605).

A key lies in ``data/keys/dnssec/<zone>/csk-13.pem`` with mode 0600 and is made at its first use. Making it is a race that the file
system decides (a hard link fails when the name is taken), so that two processes never sign with different keys.
"""

import hashlib
import os
import struct
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from registry.kernel.config import Config
from registry.kernel.errors import Fault
from registry.kernel.tls import private_pem, write_secret

ALGORITHM = 13  # RFC 6605
FLAGS = 257  # zone key and secure entry point (RFC 4034 section 2.1.1): one key does both
PROTOCOL = 3  # RFC 4034 section 2.1.2
SHA256 = 2  # digest type of DS (RFC 4509)
NUMBER_OCTETS = 32  # of each half of a signature and of a public key (RFC 6605 section 4)
FILE = "csk-13.pem"


class SigningKey:
    """A private key with what DNS says of it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        public = private.public_key().public_numbers()
        point = public.x.to_bytes(NUMBER_OCTETS, "big") + public.y.to_bytes(NUMBER_OCTETS, "big")
        self.rdata = struct.pack("!HBB", FLAGS, PROTOCOL, ALGORITHM) + point
        self.tag = key_tag(self.rdata)

    def sign(self, octets: bytes) -> bytes:
        """The 64 octets of RFC 6605 section 4; the same for the same octets (RFC 6979), so that two processes agree."""
        scheme = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self._private.sign(octets, scheme))
        return r.to_bytes(NUMBER_OCTETS, "big") + s.to_bytes(NUMBER_OCTETS, "big")

    def ds(self, origin: bytes) -> bytes:
        """The DS rdata for the parent, with a SHA-256 digest (RFC 4509)."""
        digest = hashlib.sha256(origin + self.rdata).digest()
        return struct.pack("!HBB", self.tag, ALGORITHM, SHA256) + digest


def key_tag(rdata: bytes) -> int:
    """RFC 4034 appendix B."""
    total = sum(octet << 8 if index % 2 == 0 else octet for index, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xFFFF


def zone_key(config: Config, zone: str) -> SigningKey:
    """The key of a zone (an A-label); made when there is none yet. Faults on a file that holds another kind of key."""
    path = config.data / "keys" / "dnssec" / zone / FILE
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Fault(f"{path} holds no P-256 key")
    return SigningKey(key)


def _make(path: Path) -> None:
    candidate = path.with_name(f"{FILE}.{os.getpid()}")
    write_secret(candidate, private_pem(ec.generate_private_key(ec.SECP256R1())))
    path.parent.chmod(0o700)
    try:
        path.hardlink_to(candidate)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        candidate.unlink()
