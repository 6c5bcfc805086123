"""maintenance:info (RFC 9167 section 4.1.3): the list, or one with everything."""

from dataclasses import dataclass
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found
from registry.model.maintenance import Maintenance
from registry.store import maintenance

SHOWN_AFTERWARDS = timedelta(days=7)  # so that who was away learns why it was


@dataclass(frozen=True, slots=True)
class InfoMaintenance:
    """``id`` empty: the list."""

    id: str = ""


async def info_maintenance(act: Act, order: InfoMaintenance) -> Maintenance | list[Maintenance]:
    """One, or those that are open, to come, or were over not long ago. ``NOT_FOUND`` for one that does not exist or was called off."""
    if not order.id:
        return await maintenance.since(act.conn, act.now - SHOWN_AFTERWARDS)
    one = await maintenance.find(act.conn, order.id)
    if one is None or one.cancelled_at:
        raise not_found("维护", "maintenance", where="id", value=order.id)
    return one
