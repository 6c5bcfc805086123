"""The second person's part in moving a registry lock; and what one person may do alone: withdraw, and close a window early."""

from dataclasses import replace
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.domain.saving import save
from registry.flows.domain.settle import open_for_change
from registry.flows.domain.told import tell_change
from registry.flows.lock.people import require_keeper, require_other, subject_of
from registry.flows.lock.propose import PROPOSAL_LIFE, check_move, snapshot_of
from registry.flows.registrar.permission import check_reason, not_found
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.domain import Domain
from registry.model.lock import Lock, LockMove
from registry.model.notice import Notice, Recipient
from registry.model.person import Person
from registry.store import lock_orders
from registry.store.lock_orders import LockOrder

WORDS = {
    LockMove.LOCK: Text("已加注册局锁定", "is under registry lock now"),
    LockMove.OPEN: Text("的注册局锁定已临时解除", "is open for a while; its registry lock comes back by itself"),
    LockMove.RELEASE: Text("的注册局锁定已解除", "is not under registry lock any more"),
}


async def confirm_lock(act: Act, by: Person, number: int) -> Domain:
    """Carry out what another person proposed. The sponsor and the body that holds the name are told.

    Refuses with ``NOT_PERMITTED`` (another role, or the one who proposed it), ``NOT_FOUND``, ``STATUS_FORBIDS`` (settled or too old; or
    the lock was moved since it was proposed, so that what was meant then may be wrong now).
    """
    require_keeper(by)
    order = await _waiting(act, number)
    require_other(by, order.proposed_by, number)
    domain, _ = await open_for_change(act, order.name)
    move = LockMove(order.move)
    if domain.roid != order.domain_roid or (domain.lock.since if domain.lock else None) != order.about:
        zh, en = "提议之后锁定状态已有变化，请重新提议", "the lock was moved since this was proposed; propose it anew"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="order", value=str(number))
    check_move(act, domain, move)
    await lock_orders.close(act.conn, number, "done", by.username, act.now)
    await act.remember("lock.confirmed", subject_of(number), snapshot_of(order) | {"confirmed_by": by.username})
    return await _moved(act, domain, move, order)


async def withdraw_lock(act: Act, by: Person, number: int) -> None:
    """Take a proposal back. Refuses with ``NOT_PERMITTED`` (another role), ``NOT_FOUND``, ``STATUS_FORBIDS`` (settled)."""
    require_keeper(by)
    order = await _waiting(act, number)
    await lock_orders.close(act.conn, number, "withdrawn", by.username, act.now)
    await act.remember("lock.withdrawn", subject_of(number), snapshot_of(order) | {"withdrawn_by": by.username})


async def close_window(act: Act, by: Person, name: str, reason: str) -> Domain:
    """Shut an open window before its time: the safe direction, so one person is enough. What was proposed before is void.

    Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``, ``STATUS_FORBIDS`` (no window is open), ``PARAMETER_MISSING`` (reason).
    """
    require_keeper(by)
    said = check_reason(reason)
    domain, _ = await open_for_change(act, name)
    if domain.lock is None or domain.lock.holds_at(act.now):
        zh, en = "域名没有打开的解锁窗口", "no window of this domain is open"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="name", value=name)
    return await _written(act, replace(domain, lock=Lock(act.now)), LockMove.LOCK, said)


async def _moved(act: Act, domain: Domain, move: LockMove, order: LockOrder) -> Domain:
    locks = {
        LockMove.LOCK: Lock(act.now),
        LockMove.OPEN: Lock(act.now, act.now + timedelta(hours=order.hours or 0)),
        LockMove.RELEASE: None,
    }
    return await _written(act, replace(domain, lock=locks[move]), move, order.reason)


async def _written(act: Act, domain: Domain, move: LockMove, reason: str) -> Domain:
    await lock_orders.void(act.conn, domain.roid, act.caller.id, act.now)
    changed = replace(domain, updated_at=act.now, updated_by=act.caller.id)
    await save(act, "domain.locked" if move is LockMove.LOCK else "domain.unlocked", changed)
    await tell_change(act, changed, "update", reason)
    if domain.uscc:
        await act.notify(_notice(changed, move))
    return changed


def _notice(domain: Domain, move: LockMove) -> Notice:
    words, shown = WORDS[move], domain.members[0].unicode if domain.members else domain.name
    said = Text(f"域名 {shown} {words.zh}", f"{domain.name} {words.en}")
    payload = {"name": domain.name, "move": move.value}
    return Notice(
        Recipient("body", domain.uscc), f"domain.{_VERBS[move]}", said, said, severity="news", payload=payload
    )


_VERBS = {LockMove.LOCK: "locked", LockMove.OPEN: "unlocked", LockMove.RELEASE: "unlocked"}


async def _waiting(act: Act, number: int) -> LockOrder:
    order = await lock_orders.lock(act.conn, number)
    if order is None:
        raise not_found("锁定提议", "proposal", where="order", value=str(number))
    if order.state != "proposed" or act.now > order.proposed_at + PROPOSAL_LIFE:
        zh, en = "这项提议已经办结或已过期", "this proposal was settled or is too old"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="order", value=str(number))
    return order
