"""Binding a client certificate to its registrar."""

from dataclasses import dataclass
from datetime import datetime

from registry.flows.act import Act
from registry.flows.registrar.permission import is_sponsor, no_registrar, not_found
from registry.kernel.db import ForeignKeyViolation, UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.store import registrar_users, registrars

SPKI_HASH_OCTETS = 32  # SHA-256
# The one in use and the one that will replace it. A registrar that leaves more keys lying about loses sight of them; operators may bind more.
MAX_KEYS = 2


@dataclass(frozen=True, slots=True)
class BindCertificate:
    """``spki_sha256`` is the SHA-256 of the DER SubjectPublicKeyInfo: a renewed certificate over the same key works on.

    ``user_id``: the one login that may use it; empty: all of the registrar.
    """

    registrar_id: str
    spki_sha256: bytes
    subject: str
    not_after: datetime
    user_id: str = ""
    serial: str = ""


async def bind_certificate(act: Act, order: BindCertificate) -> None:
    """Let this key speak for the registrar until its certificate ends; other keys stay bound (rotation overlaps).

    Refuses with ``VALUE_INVALID`` (no SHA-256), ``NOT_FOUND`` (registrar, user), ``ALREADY_EXISTS`` (the key speaks for another
    registrar); and for a registrar that does it itself with ``POLICY_FORBIDS``: a third key, or one that was revoked once.
    """
    if len(order.spki_sha256) != SPKI_HASH_OCTETS:
        zh, en = "公钥摘要须为 SHA-256", "the hash of the key is a SHA-256"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="spki_sha256", value=order.spki_sha256.hex())
    if order.user_id and await registrar_users.find(act.conn, order.registrar_id, order.user_id) is None:
        raise not_found("用户", "user", where="user", value=order.user_id)
    if is_sponsor(act, order.registrar_id):
        await _check_rotation(act, order)
    await _bind(act, order)
    snapshot = {
        "spki_sha256": order.spki_sha256.hex(),
        "subject": order.subject,
        "not_after": order.not_after.isoformat(),
        "user": order.user_id,
    }
    await act.remember("registrar.certificate_bound", order.registrar_id, snapshot)


async def _bind(act: Act, order: BindCertificate) -> None:
    try:
        await registrars.bind(
            act.conn, order.registrar_id, order.spki_sha256, order.subject, order.not_after, act.now,
            user_id=order.user_id, serial=order.serial, by=act.caller.actor,
        )  # fmt: skip
    except ForeignKeyViolation:
        raise no_registrar(order.registrar_id) from None
    except UniqueViolation:
        zh, en = "这个密钥已由另一家注册服务机构使用", "another registrar uses this key"
        raise Refusal(Reason.ALREADY_EXISTS, zh, en, where="spki_sha256", value=order.spki_sha256.hex()) from None


async def _check_rotation(act: Act, order: BindCertificate) -> None:
    await registrar_users.lock(act.conn, order.registrar_id)
    bound = await registrars.certificates(act.conn, order.registrar_id)
    if any(one.spki_sha256 == order.spki_sha256 and one.revoked_at for one in bound):
        zh, en = (
            "这个密钥曾被撤销，不能再用，请更换密钥",
            "this key was revoked once and is not taken again; please make a new one",
        )
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="spki_sha256", value=order.spki_sha256.hex())
    valid = [
        one
        for one in bound
        if one.revoked_at is None
        and one.not_after > act.now
        and one.user_id == order.user_id
        and one.spki_sha256 != order.spki_sha256
    ]
    if len(valid) >= MAX_KEYS:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"同时有效的密钥至多 {MAX_KEYS} 个，请先撤销旧密钥",
            f"at most {MAX_KEYS} keys are valid at once; please revoke the old one first",
            where="spki_sha256",
            value=order.spki_sha256.hex(),
        )
