"""Registry locks as those who keep them see them: the orders to move them, and the names that are locked."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.lock.people import require_keeper
from registry.flows.lock.propose import PROPOSAL_LIFE
from registry.model.lock import Lock
from registry.model.person import Person
from registry.store import lock_orders
from registry.store.lock_orders import LockOrder

PAGE = 100  # names


@dataclass(frozen=True, slots=True)
class LockedName:
    """``is_open`` when a window stands open now."""

    name: str
    registrar: str
    lock: Lock
    is_open: bool


@dataclass(frozen=True, slots=True)
class LockDesk:
    """``waiting`` proposals can still be confirmed; ``settled`` are the newest of the others; ``after`` begins the next page of names."""

    waiting: Sequence[LockOrder]
    settled: Sequence[LockOrder]
    names: Sequence[LockedName]
    after: str


async def show_lock_orders(act: Act, by: Person, *, only_waiting: bool = True) -> list[LockOrder]:
    """The newest first. Refuses with ``NOT_PERMITTED``."""
    require_keeper(by)
    return await lock_orders.listed(act.conn, only_waiting=only_waiting)


async def show_lock_desk(act: Act, by: Person, after: str = "") -> LockDesk:
    """Everything at a glance. Refuses with ``NOT_PERMITTED``."""
    orders = await show_lock_orders(act, by, only_waiting=False)
    waiting = [one for one in orders if one.state == "proposed" and act.now <= one.proposed_at + PROPOSAL_LIFE]
    found = await lock_orders.locked_names(act.conn, after, PAGE + 1)
    names = [LockedName(name, registrar, lock, not lock.holds_at(act.now)) for name, registrar, lock in found[:PAGE]]
    settled = [one for one in orders if one not in waiting]
    return LockDesk(waiting, settled, names, names[-1].name if len(found) > PAGE else "")
