"""Poll messages about transfers (RFC 5730 section 2.9.2.3; the payload holds what ``domain:trnData`` shows)."""

from collections.abc import Iterable

from registry.flows.act import Act
from registry.model.domain import Domain, Transfer

TEXTS = {
    "pending": ("域名 {} 收到转移申请", "transfer of {} requested"),
    "clientApproved": ("域名 {} 的转移已获同意", "transfer of {} approved"),
    "clientRejected": ("域名 {} 的转移被拒绝", "transfer of {} rejected"),
    "clientCancelled": ("域名 {} 的转移已撤回", "transfer of {} cancelled"),
    "serverApproved": (
        "域名 {} 的转移已由注册局完成（逾期未答复即自动完成）",
        "transfer of {} approved by the registry, or by lapse of time",
    ),
    "serverCancelled": ("域名 {} 的转移已由注册局取消", "transfer of {} cancelled by the registry"),
}


async def tell_transfer(act: Act, domain: Domain, transfer: Transfer, status: str, to: Iterable[str]) -> None:
    """Queue the message for each registrar in ``to``. Payload: name, status, gaining, losing, three instants."""
    zh, en = TEXTS[status]
    shown = domain.members[0].unicode if domain.members else domain.name
    payload = {
        "name": domain.name,
        "status": status,
        "gaining": transfer.gaining,
        "losing": transfer.losing,
        "requested_at": transfer.requested_at.isoformat(),
        "acted_at": transfer.acts_at.isoformat(),
        "expires_at": domain.expires_at.isoformat(),
    }
    for registrar_id in to:
        await act.tell(registrar_id, zh.format(shown), en.format(domain.name), kind="domain.transfer", payload=payload)
