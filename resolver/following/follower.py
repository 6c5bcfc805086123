"""Keeps the zones in memory equal to what is published.

Loading and following meet without a gap: the zones are built in the transaction whose snapshot is the first cursor of the
feed (``registry/kernel/feed.py``). After that each batch of changes says which names to look at again; those are read in one statement
from the published views and put in place. A read may already see a later commit than the batch told of: its own change comes with
the next batch and then makes no difference, so it costs no serial.

When the database is away the zones stay as they are and are answered from memory; the feed comes back by itself.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing
from datetime import datetime

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import GONE, Connection, Database, Record
from registry.kernel.errors import Refusal
from registry.kernel.feed import Change, Feed
from registry.kernel.log import get_logger
from resolver.following import source
from resolver.following.source import Touched
from resolver.signing.keys import zone_key
from resolver.signing.signing import Signing
from resolver.zone.apex import make_apex
from resolver.zone.delegation import Delegation
from resolver.zone.records import to_text, to_wire
from resolver.zone.serial import next_serial
from resolver.zone.zone import Zone

RETRY_SECONDS = 0.2  # a database that restarts is back within a second or two

Listener = Callable[
    [bytes, Mapping[bytes, Delegation | None], int], None
]  # hears of every change that was put in place

_SERIAL = "select serial from resolver.serial where zone = $1"
_KEEP_SERIAL = """
insert into resolver.serial (zone, serial) values ($1, $2)
on conflict (zone) do update set serial = excluded.serial"""


class Zones(dict[bytes, Zone]):
    """The zones by the wire octets of their name."""


class Follower:
    """Loads ``zones`` and keeps them current. ``loaded`` is set when they can be answered from."""

    def __init__(self, config: Config, db: Database, clock: Clock) -> None:
        self.zones = Zones()
        self.loaded = asyncio.Event()
        self.listeners: list[Listener] = []
        self._config, self._db, self._clock = config, db, clock
        self._log = get_logger()

    async def run(self) -> None:
        """Load, then follow, until cancelled."""
        while True:
            try:
                cursor = await self.load()
                await self._follow(cursor)
            except (Refusal, *GONE):
                await asyncio.sleep(RETRY_SECONDS)

    async def load(self) -> str:
        """Build all zones anew from one snapshot and put them in place; the cursor behind it."""
        async with Feed(self._db).snapshot() as (conn, cursor):
            built = await self._build(conn)
        for zone in built.values():
            await self._keep_serial(zone)
        for origin in self.zones.keys() - built.keys():
            del self.zones[origin]
        self.zones.update(built)
        self.loaded.set()
        self._log.info("zones loaded", zones={to_text(origin): len(zone.entries) for origin, zone in built.items()})
        return cursor

    async def _build(self, conn: "Connection[Record]") -> Zones:
        built = Zones()
        for name in await source.zones(conn):
            if zone := await build_zone(conn, self._config, name, self._clock.now()):
                zone.apply({}, next_serial(zone.serial, self._clock.now()))
                built[zone.origin] = zone
        return built

    async def _follow(self, cursor: str) -> None:
        async with aclosing(Feed(self._db).follow(cursor)) as batches:
            async for changes, _ in batches:
                if any(self._needs_reload(change) for change in changes):
                    return
                await self._work_in(changes)

    def _needs_reload(self, change: Change) -> bool:
        """Whether the set of zones changed: a change says so, or speaks of a zone that was not there at the last load."""
        zone = change.detail.get("zone") if change.kind.startswith("domain.") else None
        return change.kind.startswith("tld.") or (isinstance(zone, str) and to_wire(zone) not in self.zones)

    async def _work_in(self, changes: list[Change]) -> None:
        """Work in a batch. While the database is away it is tried again, for its cursor is passed."""
        what = touched(changes)
        while what:
            try:
                await self.refresh(what)
            except (Refusal, *GONE):
                await asyncio.sleep(RETRY_SECONDS)
            else:
                break

    async def refresh(self, what: Touched) -> None:
        """Read again what was touched and publish what became of it, each zone under one new serial."""
        async with self._db.transaction("repeatable_read", readonly=True) as conn:
            names = await source.concerned(conn, what)
            found = await source.some_delegations(conn, names)
        by_zone: dict[bytes, dict[bytes, Delegation | None]] = {}
        for name in names:
            label, _, zone = name.partition(".")
            by_zone.setdefault(to_wire(zone), {})[source.label_of(label)] = found.get(name)
        for origin, delegations in by_zone.items():
            if origin in self.zones:
                await self._publish(self.zones[origin], delegations)

    async def _publish(self, zone: Zone, delegations: dict[bytes, Delegation | None]) -> None:
        changed = {label: each for label, each in delegations.items() if zone.differs(label, each)}
        if changed:
            zone.apply(changed, next_serial(zone.serial, self._clock.now()))
            for listener in self.listeners:
                listener(zone.origin, changed, zone.serial)
            await self._keep_serial(zone)

    async def _keep_serial(self, zone: Zone) -> None:
        await self._db.execute(_KEEP_SERIAL, to_text(zone.origin).rstrip("."), zone.serial)


async def build_zone(conn: "Connection[Record]", config: Config, name: str, now: datetime) -> Zone | None:
    """The zone ``name`` as the transaction sees it, with its key; None when the registry has no such zone.

    Its serial is the one it was last published under; a zone that never was gets its first.
    """
    if name not in await source.zones(conn):
        return None
    apex = make_apex(name, config)
    known = await conn.fetchval(_SERIAL, name)
    serial = next_serial(None, now) if known is None else known
    zone = Zone(apex, serial, Signing(apex.origin, zone_key(config, name), now))
    async for delegation in source.all_delegations(conn, name):
        zone.load(delegation)
    return zone


def touched(changes: Iterable[Change]) -> Touched:
    """What a batch speaks of. Kinds that are neither ``domain.*`` nor ``host.*`` do not concern a zone."""
    what = Touched()
    for change in changes:
        if change.kind.startswith("domain."):
            what.names.update(_names(change.detail.get("names")))
            what.roids.add(change.subject)
        elif change.kind.startswith("host."):
            what.names.update(_names(change.detail.get("domains")))
            what.hosts.update(_names([change.detail.get("name")]))
    return what


def _names(value: object) -> list[str]:
    """The names of a list; anything else in it (an object's id, nothing at all) names no zone data."""
    return [item for item in value if isinstance(item, str) and "." in item] if isinstance(value, list) else []
