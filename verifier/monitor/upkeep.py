"""What the watch does besides looking: one ordered list. Every act is safe to repeat and to run in several processes at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from verifier.alerts.tell import tell_all
from verifier.alerts.weekly import write_weekly
from verifier.monitor.enrol import enrol, open_place, share_addresses
from verifier.monitor.leases import spread
from verifier.monitor.records.bodies import Bodies
from verifier.monitor.records.proof import bundle_confirmed, close_day
from verifier.monitor.records.retention import forget
from verifier.monitor.records.visits import day_of, fold_day, make_parts
from verifier.monitor.rounds import ROUNDS
from verifier.monitor.selftest import alarm
from verifier.monitor.suspending import suspend_confirmed


@dataclass(frozen=True, slots=True)
class Desk:
    """What upkeep works with."""

    db: Database
    clock: Clock
    bodies: Bodies
    vantage: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """``every`` is counted from the end of one run to the start of the next."""

    name: str
    every: timedelta
    run: Callable[[Desk], Awaitable[object]]


async def _make_parts(desk: Desk) -> None:
    async with desk.db.transaction() as conn:
        await make_parts(conn, desk.clock.now())


async def _enrol(desk: Desk) -> None:
    async def work(conn: "Connection[Record]") -> None:
        await enrol(conn, desk.places, desk.clock.now())
        await open_place(conn, desk.vantage, desk.clock.now())

    await desk.db.run(work)


async def _share(desk: Desk) -> None:
    await desk.db.run(share_addresses)


async def _spread(desk: Desk) -> None:
    for each in ROUNDS:
        async with desk.db.transaction() as conn:
            await spread(conn, desk.vantage, each, desk.clock.now())


async def _fold(desk: Desk) -> None:
    today = day_of(desk.clock.now())
    for day in (today - timedelta(days=1), today):
        async with desk.db.transaction() as conn:
            await fold_day(conn, day)


async def _close_day(desk: Desk) -> None:
    await close_day(desk.db, (desk.clock.now() - timedelta(days=1)).date())


UPKEEP = (
    Act("make-parts", timedelta(hours=6), _make_parts),
    Act("enrol", timedelta(seconds=30), _enrol),
    Act("suspend", timedelta(seconds=5), lambda desk: suspend_confirmed(desk.db, desk.clock)),
    Act("bundle", timedelta(seconds=10), lambda desk: bundle_confirmed(desk.db, desk.bodies, desk.clock.now())),
    Act("tell", timedelta(seconds=5), lambda desk: tell_all(desk.db, desk.clock.now())),
    Act("selftest", timedelta(minutes=1), lambda desk: alarm(desk.db, desk.clock.now())),
    Act("spread", timedelta(minutes=1), _spread),
    Act("share-addresses", timedelta(minutes=5), _share),
    Act("fold-days", timedelta(minutes=15), _fold),
    Act("weekly-letter", timedelta(minutes=10), lambda desk: write_weekly(desk.db, desk.clock.now())),
    Act("close-evidence-day", timedelta(hours=1), _close_day),
    Act("forget", timedelta(hours=1), lambda desk: forget(desk.db, desk.bodies, desk.clock.now())),
)
