"""Binding a client certificate to its registrar."""

from dataclasses import dataclass
from datetime import datetime

from registry.flows.act import Act


@dataclass(frozen=True, slots=True)
class BindCertificate:
    """``spki_sha256`` is the SHA-256 of the DER SubjectPublicKeyInfo, 32 octets: a renewed certificate over the same key works on."""

    registrar_id: str
    spki_sha256: bytes
    subject: str
    not_after: datetime


async def bind_certificate(act: Act, order: BindCertificate) -> None:
    """Let this key speak for the registrar."""
    raise NotImplementedError
