"""The key that signs, as a PEM file: one private key and the certificates over it and over its predecessors.

To change the key, put the new private key and its certificate in front and leave the old certificates behind: what they
signed stays valid until they expire.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from registry.kernel.errors import Fault
from registry.kernel.xml.signature import Signer

LIFE = timedelta(days=3650)  # codes live for weeks; a longer life than any deployment avoids a silent end
SKEW = timedelta(days=1)  # the certificate is valid from a day ago: another machine's clock may be behind


def signer_at(path: Path, common_name: str, now: datetime) -> Signer:
    """The signer whose PEM file lies at ``path``; a P-256 key is made there (mode 0600) when there is none.

    Raises Fault when the file cannot be used. The file is read once a process: a new key needs a restart.
    """
    write_once(path, lambda: _pem(common_name, now))
    return _load(path)


@lru_cache(maxsize=64)
def _load(path: Path) -> Signer:
    try:
        pem = path.read_bytes()
        key = load_pem_private_key(pem, None)
        certificates = tuple(x509.load_pem_x509_certificates(pem))
    except (OSError, ValueError) as error:
        raise Fault(f"the key file {path} cannot be used: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Fault(f"the key in {path} must be RSA or elliptic curve")
    if certificates[0].public_key() != key.public_key():
        raise Fault(f"the first certificate in {path} does not belong to its key")
    return Signer(key, certificates)


def write_once(path: Path, make: Callable[[], bytes]) -> None:
    """Write what ``make`` gives to ``path`` (mode 0600), whole or not at all, unless there is a file already.

    When two processes race, the first one's file stands for both.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(scratch)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()


def _pem(common_name: str, now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
