"""Poll messages about transfers of contacts (the payload holds what ``contact:trnData`` shows)."""

from collections.abc import Iterable

from registry.flows.act import Act
from registry.model.domain import Transfer

TEXTS = {
    "pending": ("联系人 {} 收到转移申请", "transfer of contact {} requested"),
    "clientApproved": ("联系人 {} 的转移已获同意", "transfer of contact {} approved"),
    "clientRejected": ("联系人 {} 的转移被拒绝", "transfer of contact {} rejected"),
    "clientCancelled": ("联系人 {} 的转移已撤回", "transfer of contact {} cancelled"),
    "serverApproved": (
        "联系人 {} 的转移已由注册局完成（逾期未答复即自动完成）",
        "transfer of contact {} approved by the registry, or by lapse of time",
    ),
    "serverCancelled": ("联系人 {} 的转移已由注册局取消", "transfer of contact {} cancelled by the registry"),
}


async def tell_contact_transfer(act: Act, contact_id: str, transfer: Transfer, status: str, to: Iterable[str]) -> None:
    """Queue the message for each registrar in ``to``. Payload: id, status, gaining, losing, two instants."""
    zh, en = TEXTS[status]
    payload = {
        "id": contact_id,
        "status": status,
        "gaining": transfer.gaining,
        "losing": transfer.losing,
        "requested_at": transfer.requested_at.isoformat(),
        "acted_at": transfer.acts_at.isoformat(),
    }
    for registrar_id in to:
        await act.tell(
            registrar_id, zh.format(contact_id), en.format(contact_id), kind="contact.transfer", payload=payload
        )
