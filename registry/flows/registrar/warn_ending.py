"""Certificates that end soon: a notice thirty, seven and one day before, each once."""

from datetime import datetime, timedelta

from registry.flows.act import Act
from registry.kernel.errors import Text
from registry.model.notice import Notice, Recipient
from registry.store import registrars

WARNED = (timedelta(days=30), timedelta(days=7), timedelta(days=1))  # what a roll-out needs; a week; the last call


async def warn_ending(act: Act) -> int:
    """Write the notices that are due; one that was written stays written (``once``). Returns how many certificates end soon."""
    ending = await registrars.certificates_ending(act.conn, act.now, act.now + max(WARNED))
    for row in ending:
        await act.notify(_notice(row["registrar_id"], row["spki_sha256"], row["subject"], row["not_after"], act.now))
    return len(ending)


def _notice(registrar_id: str, spki_sha256: bytes, subject: str, ends: datetime, now: datetime) -> Notice:
    left = ends - now
    stage = min(length for length in WARNED if left <= length)
    day = ends.date().isoformat()
    return Notice(
        Recipient("registrar", registrar_id),
        "registrar.certificate_ending",
        Text(f"客户端证书将于 {day} 到期", f"A client certificate ends on {day}"),
        Text(
            f"证书 {subject} 将于 {day} 到期。新旧密钥可同时有效，请先登记新密钥，再撤销旧密钥。",
            f"The certificate {subject} ends on {day}. Two keys may be valid at once: bind the new one, then revoke the old.",
        ),
        link="/portal/registrar",
        severity="urgent" if stage == min(WARNED) else "action",
        payload={"spki_sha256": spki_sha256.hex(), "not_after": ends.isoformat()},
        once=f"certificate:{spki_sha256.hex()}:{ends.date().isoformat()}:{stage.days}",
    )
