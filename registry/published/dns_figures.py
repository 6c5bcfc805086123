"""What the zones are asked, by the hour, and how our name servers look from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.kernel.db import Connection, Database, Record

HOURS = 24
TOP = 15  # rows of a list of names

_SUMS = """
select kind, key, sum(number)::bigint as number from published.query_hour where zone = $1 and hour >= $2
group by kind, key order by number desc, key"""
_BY_HOUR = """
select hour, sum(number)::bigint as number from published.query_hour
where zone = $1 and kind = 'rcode' and hour >= $2 group by hour order by hour"""
_ZONES = "select name, unicode from published.tld order by name"
_DOORS = """
select zone, server, address, transport, checked_at, serial, millis, findings, faulty_since from published.answer_watch
order by faulty_since is null, zone, server, address, transport"""


@dataclass(frozen=True, slots=True)
class DnsFigures:
    """``sums`` by kind: (key, answers), most first; ``hours`` the answers of each hour that had any."""

    sums: Mapping[str, Sequence[tuple[str, int]]]
    hours: Sequence[tuple[datetime, int]]

    @property
    def answers(self) -> int:
        """All of them."""
        return sum(number for _, number in self.hours)


@dataclass(frozen=True, slots=True)
class WatchedDoor:
    """One address of a name server of ours over one transport, when it was last looked at."""

    zone: str
    server: str
    address: str
    transport: str
    checked_at: datetime
    serial: int | None
    millis: int | None
    findings: Sequence[Mapping[str, Any]]
    faulty_since: datetime | None


async def zones(db: "Database | Connection[Record]") -> list[tuple[str, str]]:
    """The zones: A-label and U-label."""
    return [(row["name"], row["unicode"]) for row in await db.fetch(_ZONES)]


async def last_day(db: "Database | Connection[Record]", zone: str, now: datetime) -> DnsFigures:
    """A zone (empty: questions about what is none of ours) in the last :data:`HOURS`."""
    since = now - timedelta(hours=HOURS)
    sums: dict[str, list[tuple[str, int]]] = {}
    for row in await db.fetch(_SUMS, zone, since):
        sums.setdefault(row["kind"], []).append((row["key"], row["number"]))
    for kind in ("name", "missing"):
        sums[kind] = sums.get(kind, [])[:TOP]
    return DnsFigures(sums, [(row["hour"], row["number"]) for row in await db.fetch(_BY_HOUR, zone, since)])


async def watched(db: "Database | Connection[Record]") -> list[WatchedDoor]:
    """How our name servers look from outside, faulty ones first."""
    return [WatchedDoor(*row) for row in await db.fetch(_DOORS)]
