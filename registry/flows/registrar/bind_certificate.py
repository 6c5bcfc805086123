"""Binding a client certificate to its registrar."""

from dataclasses import dataclass
from datetime import datetime

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.store import registrars

SPKI_HASH_OCTETS = 32  # SHA-256


@dataclass(frozen=True, slots=True)
class BindCertificate:
    """``spki_sha256`` is the SHA-256 of the DER SubjectPublicKeyInfo: a renewed certificate over the same key works on."""

    registrar_id: str
    spki_sha256: bytes
    subject: str
    not_after: datetime


async def bind_certificate(act: Act, order: BindCertificate) -> None:
    """Let this key speak for the registrar until its certificate ends; other keys stay bound (rotation overlaps).

    Refuses with ``VALUE_INVALID`` (no SHA-256), ``NOT_FOUND`` (registrar).
    """
    if len(order.spki_sha256) != SPKI_HASH_OCTETS:
        zh, en = "公钥摘要须为 SHA-256", "the hash of the key is a SHA-256"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="spki_sha256", value=order.spki_sha256.hex())
    try:
        await registrars.bind(act.conn, order.registrar_id, order.spki_sha256, order.subject, order.not_after, act.now)
    except ForeignKeyViolation:
        raise not_found("注册服务机构", "registrar", where="registrar", value=order.registrar_id) from None
    snapshot = {
        "spki_sha256": order.spki_sha256.hex(),
        "subject": order.subject,
        "not_after": order.not_after.isoformat(),
    }
    await act.remember("registrar.certificate_bound", order.registrar_id, snapshot)
