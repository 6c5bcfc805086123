"""What time does to announced maintenance (RFC 9167): a courtesy before it begins, and a word when it is over."""

from dataclasses import dataclass, replace
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.maintenance.announce import Told, tell_maintenance
from registry.model.maintenance import Maintenance, maintenance_json
from registry.store import maintenance

COURTESY = timedelta(days=1)  # a working day in which a registrar can still arrange itself


@dataclass(frozen=True, slots=True)
class RemindMaintenance:
    """Everything that is due."""


async def remind_maintenance(act: Act, order: RemindMaintenance) -> int:  # noqa: ARG001  # every flow has the same two arguments
    """Tell every registrar of what begins within a day, and of what is over. Returns of how many. The job's act."""
    found = await maintenance.due(act.conn, act.now, act.now + COURTESY)
    for one in found:
        if one.ends_at <= act.now:
            await _tell(act, replace(one, closed_at=act.now), "maintenance.ended", "end")
        else:
            await _tell(act, replace(one, reminded_at=act.now), "maintenance.reminded", "courtesy")
    return len(found)


async def _tell(act: Act, one: Maintenance, kind: str, told: Told) -> None:
    await maintenance.save(act.conn, one)
    await act.remember(kind, one.id, maintenance_json(one))
    await tell_maintenance(act, one, told)
