"""What happened to a name, for the line of time on its page: acts and instants, without who did it and what was said."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Database, Record

MOST = 60  # a name that is looked after for thirty years has about as many
_EVENTS = "select act, at from published.domain_event where roid = $1 order by id desc limit $2"
_FORMER = "select name, valid_from, valid_to from published.body_name where uscc = $1 and role = 'former' order by valid_to desc nulls last, name"


@dataclass(frozen=True, slots=True)
class Event:
    """``act`` is ``domain.created`` and its like."""

    act: str
    at: datetime


async def of_domain(db: "Database | Connection[Record]", roid: str) -> list[Event]:
    """The newest first, at most :data:`MOST`."""
    return [Event(row["act"], row["at"]) for row in await db.fetch(_EVENTS, roid, MOST)]


async def former_names(db: "Database | Connection[Record]", uscc: str) -> list[str]:
    """What the body was called before, the last name first."""
    return [row["name"] for row in await db.fetch(_FORMER, uscc)]
