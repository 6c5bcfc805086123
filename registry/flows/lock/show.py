"""The orders to move registry locks, for those who keep them."""

from registry.flows.act import Act
from registry.flows.lock.people import require_keeper
from registry.model.person import Person
from registry.store import lock_orders
from registry.store.lock_orders import LockOrder


async def show_lock_orders(act: Act, by: Person, *, only_waiting: bool = True) -> list[LockOrder]:
    """The newest first. Refuses with ``NOT_PERMITTED``."""
    require_keeper(by)
    return await lock_orders.listed(act.conn, only_waiting=only_waiting)
