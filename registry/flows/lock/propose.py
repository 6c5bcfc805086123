"""The first person's part in moving a registry lock: to propose it, with a reason."""

from dataclasses import dataclass, replace
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.domain.settle import open_for_change
from registry.flows.lock.people import require_keeper, subject_of
from registry.flows.registrar.permission import check_reason
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import Domain
from registry.model.lock import DEFAULT_WINDOW_HOURS, MAX_WINDOW_HOURS, LockMove
from registry.model.person import Person
from registry.policy.objects.status import forbidden_by
from registry.store import lock_orders
from registry.store.lock_orders import LockOrder

PROPOSAL_LIFE = timedelta(days=7)  # what nobody confirmed in a week was settled otherwise


@dataclass(frozen=True, slots=True)
class ProposeLock:
    """``hours`` is the length of the window, for ``open`` only."""

    name: str
    move: LockMove
    reason: str
    hours: int = DEFAULT_WINDOW_HOURS


async def propose_lock(act: Act, by: Person, order: ProposeLock) -> LockOrder:
    """Write the proposal; nothing changes until another person confirms it.

    Refuses with ``NOT_PERMITTED`` (another role), ``NOT_FOUND`` (domain), ``STATUS_FORBIDS`` (locked already, not locked, being
    deleted), ``ALREADY_EXISTS`` (another proposal waits), ``VALUE_OUT_OF_RANGE`` (hours), ``PARAMETER_MISSING`` (reason).
    """
    require_keeper(by)
    reason = check_reason(order.reason)
    _check_hours(order)
    domain, _ = await open_for_change(act, order.name)
    check_move(act, domain, order.move)
    await lock_orders.void(act.conn, domain.roid, by.username, act.now, act.now - PROPOSAL_LIFE)
    proposal = LockOrder(
        id=0,
        domain_roid=domain.roid,
        name=domain.name,
        move=order.move.value,
        hours=order.hours if order.move is LockMove.OPEN else None,
        reason=reason,
        about=domain.lock.since if domain.lock else None,
        proposed_by=by.username,
        proposed_at=act.now,
    )
    try:
        number = await lock_orders.add(act.conn, proposal)
    except UniqueViolation:
        zh, en = "这个域名已有一项锁定提议待确认", "another proposal for this domain waits to be confirmed"
        raise Refusal(Reason.ALREADY_EXISTS, zh, en, where="name", value=order.name) from None
    await act.remember("lock.proposed", subject_of(number), snapshot_of(proposal))
    return replace(proposal, id=number)


def check_move(act: Act, domain: Domain, move: LockMove) -> None:
    """Refuse (``STATUS_FORBIDS``) what makes no sense for the lock as it is now."""
    if domain.deleted_at:
        raise forbidden_by("pendingDelete")
    if move is LockMove.LOCK and domain.transfer:  # it would go through under the lock; reject it first
        raise forbidden_by("pendingTransfer")
    is_shut = domain.lock is not None and domain.lock.holds_at(act.now)
    if move is LockMove.LOCK and is_shut:
        raise Refusal(
            Reason.STATUS_FORBIDS, "域名已经锁定", "the domain is locked already", where="name", value=domain.name
        )
    if move is not LockMove.LOCK and domain.lock is None:
        raise Refusal(
            Reason.STATUS_FORBIDS, "域名没有锁定", "the domain is not locked", where="name", value=domain.name
        )


def snapshot_of(order: LockOrder) -> dict[str, object]:
    """What history keeps of a proposal."""
    return {
        "domain": order.name,
        "move": order.move,
        "hours": order.hours,
        "reason": order.reason,
        "proposed_by": order.proposed_by,
    }


def _check_hours(order: ProposeLock) -> None:
    if order.move is LockMove.OPEN and not 1 <= order.hours <= MAX_WINDOW_HOURS:
        zh, en = f"解锁窗口为 1 至 {MAX_WINDOW_HOURS} 小时", f"a window is open for 1 to {MAX_WINDOW_HOURS} hours"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="hours", value=str(order.hours))
