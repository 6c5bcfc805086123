"""A security officer takes an account out of use; its sessions end at once."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.said import said_text
from registry.flows.session.accounts import is_username, no_account
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role
from registry.store import people, sessions

MAX_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class DisableAccount:
    """``reason`` is kept for ever."""

    username: str
    reason: str


async def disable_account(act: Act, by: Person, order: DisableAccount) -> None:
    """Let nobody sign in with it any more.

    Refuses with NOT_PERMITTED (not a security officer, one's own account, the last security officer), PARAMETER_MISSING (no
    reason), TOO_LARGE, NOT_FOUND, STATUS_FORBIDS (disabled before).
    """
    if by.role is not Role.SECURITY_OFFICER:
        raise _not_permitted("只有安全保密管理员可以停用账户", "only a security officer disables accounts", order)
    if order.username == by.username:
        raise _not_permitted("不能停用自己的账户", "nobody disables his own account", order)
    reason = said_text(order.reason, "请写明停用理由", "please give the reason", most=MAX_REASON)
    account = await people.find(act.conn, order.username) if is_username(order.username) else None
    if account is None:
        raise no_account(order.username)
    officers = await people.count_active(act.conn, Role.SECURITY_OFFICER)
    if account.person.role is Role.SECURITY_OFFICER and officers <= 1:
        raise _not_permitted("不能停用最后一名安全保密管理员", "the last security officer stays", order)
    if not await people.disable(act.conn, order.username, act.now, by.actor, reason):
        raise Refusal(
            Reason.STATUS_FORBIDS, "账户早已停用", "it was disabled before", where="username", value=order.username
        )
    await sessions.end_all(act.conn, order.username)
    snapshot = {"username": order.username, "role": account.person.role.value, "by": by.username, "reason": reason}
    await act.remember("person.disabled", order.username, snapshot)


def _not_permitted(zh: str, en: str, order: DisableAccount) -> Refusal:
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="username", value=order.username)
