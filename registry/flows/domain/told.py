"""Telling the sponsor what others did to its domain (RFC 8590): an operator, a job, or time alone.

The payload holds what ``domain:infData`` and ``changePoll:changeData`` show: the domain as it is after the change, or as it was before one
that removed it.
"""

from typing import Any, Literal

from registry.flows.act import Act
from registry.flows.registrar.permission import is_sponsor
from registry.model.domain import Domain, statuses_at
from registry.model.snapshot import domain_snapshot

# RFC 8590 section 2.1; what it has no word for is ``custom`` with a name of ours.
Operation = Literal["update", "renew", "delete", "restore", "autoRenew", "autoPurge", "restoreLapsed", "proofOverdue"]
BY_TIME = frozenset({"autoRenew", "autoPurge", "restoreLapsed", "proofOverdue"})
TEXTS = {
    "update": ("注册局修改了域名 {}", "the registry changed {}"),
    "renew": ("注册局为域名 {} 办理了续期", "the registry renewed {}"),
    "delete": ("注册局申请删除域名 {}", "the registry asked to delete {}"),
    "restore": ("注册局恢复了域名 {}", "the registry restored {}"),
    "autoRenew": ("域名 {} 到期，已自动续期一年", "{} expired and was renewed by a year"),
    "restoreLapsed": (
        "域名 {} 的恢复未按时提交报告，已回到赎回期",
        "the restore of {} had no report in time and lapsed",
    ),
    "proofOverdue": (
        "域名 {} 逾期未出示验证码，继续暂停解析",
        "no verification code came in time for {}; it stays on hold",
    ),
    "autoPurge": ("域名 {} 赎回期满，已清除", "the redemption of {} is over and it was removed"),
}


async def tell_change(act: Act, domain: Domain, operation: Operation, reason: str = "") -> None:
    """Queue the message for the sponsor, unless it did it itself. ``reason`` is what an operator said."""
    if operation not in BY_TIME and did_it_itself(act, domain.registrar_id):
        return
    zh, en = TEXTS[operation]
    shown = domain.members[0].unicode if domain.members else domain.name
    payload = changed_by(act, operation, reason, is_gone=operation == "autoPurge") | {
        "statuses": sorted(statuses_at(domain, act.now)),
        "domain": domain_snapshot(domain),
    }
    await act.tell(
        domain.registrar_id, zh.format(shown), en.format(domain.name), kind="domain.changed", payload=payload
    )


def changed_by(act: Act, operation: str, reason: str, *, is_gone: bool) -> dict[str, Any]:
    """What ``changePoll:changeData`` shows: who did what, when and why, and whether the object is shown as it was before."""
    return {
        "operation": operation,
        "state": "before" if is_gone else "after",
        "at": act.now.isoformat(),
        "trid": act.trid,
        "who": "registry" if operation in BY_TIME else act.caller.actor,
        "reason": reason,
    }


def did_it_itself(act: Act, registrar_id: str) -> bool:
    """Whether the registrar acts, and no operator in its name."""
    return is_sponsor(act, registrar_id) and not act.caller.behind
