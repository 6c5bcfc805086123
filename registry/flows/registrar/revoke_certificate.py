"""Taking a client certificate's key back from its registrar."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found, require_own
from registry.store import registrars


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    """``spki_sha256`` is the SHA-256 of the DER SubjectPublicKeyInfo."""

    registrar_id: str
    spki_sha256: bytes
    reason: str = ""


async def revoke_certificate(act: Act, order: RevokeCertificate) -> None:
    """The key speaks for nobody any more; sessions that it opened end within a second.

    A registrar may revoke its own. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND`` (not bound, or revoked before).
    """
    require_own(act, order.registrar_id)
    by = act.caller.actor
    if not await registrars.revoke(act.conn, order.registrar_id, order.spki_sha256, act.now, by, order.reason):
        raise not_found("证书绑定", "bound certificate", where="spki_sha256", value=order.spki_sha256.hex())
    snapshot = {"spki_sha256": order.spki_sha256.hex(), "reason": order.reason}
    await act.remember("registrar.certificate_revoked", order.registrar_id, snapshot)
