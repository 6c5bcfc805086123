"""The lease table: nothing is lost, nothing is done twice, whoever dies and whatever the clock does; and sites are visited politely."""

import asyncio
from datetime import timedelta
from pathlib import Path

from registry.kernel.db import Database
from tests.kit.clock import FakeClock
from tests.monitor.watchtower import PLACES, PULSE, Puppet, plan_pulses, put_sites, tower_of
from verifier.monitor.leases import GAP, Done, Place, finish, spread, take
from verifier.monitor.suspending import suspend_confirmed

HERE, THERE = Place("beijing", "one"), Place("beijing", "two")


async def test_what_a_dead_worker_held_is_due_when_its_lease_ends(db: Database, clock: FakeClock) -> None:
    """A look that was taken and never finished is handed out again at the end of its lease, not before and not later."""
    await put_sites(db, 10, clock.now())
    await plan_pulses(db, clock.now(), ("beijing",))
    async with db.transaction() as conn:
        assert len(await take(conn, HERE, PULSE, clock.now(), 100)) == 10
        assert await take(conn, THERE, PULSE, clock.now(), 100) == []
    await clock.move(seconds=PULSE.lease.total_seconds() - 1)
    async with db.transaction() as conn:
        assert await take(conn, THERE, PULSE, clock.now(), 100) == []
    await clock.move(seconds=1)
    async with db.transaction() as conn:
        assert len(await take(conn, THERE, PULSE, clock.now(), 100)) == 10


async def test_who_comes_back_late_writes_nothing(db: Database, clock: FakeClock) -> None:
    """After its lease went to another, a worker's finish is refused row by row; the other's is taken."""
    await put_sites(db, 3, clock.now())
    await plan_pulses(db, clock.now(), ("beijing",))
    async with db.transaction() as conn:
        first = await take(conn, HERE, PULSE, clock.now(), 10)
    await clock.move(minutes=2)
    async with db.transaction() as conn:
        second = await take(conn, THERE, PULSE, clock.now(), 10)
        due = clock.now() + PULSE.every
        assert await finish(conn, HERE, PULSE, [Done(one, due) for one in first], clock.now()) == set()
        assert len(await finish(conn, THERE, PULSE, [Done(one, due) for one in second], clock.now())) == 3
        assert await finish(conn, THERE, PULSE, [Done(one, due) for one in second], clock.now()) == set()


async def test_one_look_at_a_host_at_a_time_from_all_places(db: Database, clock: FakeClock) -> None:
    """While one place looks at a host no other does, and then a second passes."""
    await put_sites(db, 1, clock.now())
    await plan_pulses(db, clock.now())
    async with db.transaction() as conn:
        (held,) = await take(conn, HERE, PULSE, clock.now(), 10)
        assert await take(conn, Place("abroad", "far"), PULSE, clock.now(), 10) == []
        await finish(conn, HERE, PULSE, [Done(held, clock.now() + PULSE.every)], clock.now())
        assert await take(conn, Place("abroad", "far"), PULSE, clock.now(), 10) == []
        await clock.move(seconds=GAP.total_seconds())
        assert len(await take(conn, Place("abroad", "far"), PULSE, clock.now(), 10)) == 1


async def test_a_shared_address_bears_two_looks_at_once(db: Database, clock: FakeClock) -> None:
    """Of fifty sites behind one address two are looked at, whatever workers ask; all have had their turn after a while."""
    await put_sites(db, 50, clock.now())
    await plan_pulses(db, clock.now(), ("beijing",))
    await db.execute("update verifier.watch_turn set address = '198.18.0.7', slots = 2")
    done: set[int] = set()
    for _ in range(400):
        async with db.transaction() as conn:
            taken = [*await take(conn, HERE, PULSE, clock.now(), 64), *await take(conn, THERE, PULSE, clock.now(), 64)]
            assert len(taken) <= 2
            for place in (HERE, THERE):
                ours = [Done(one, clock.now() + timedelta(hours=1), address=one.address) for one in taken]
                done |= await finish(conn, place, PULSE, ours, clock.now())
        await clock.move(seconds=3)
    assert len(done) == 50


async def test_a_hundred_takers_never_share_a_look(db: Database, clock: FakeClock) -> None:
    """Workers that ask at once are handed different looks, and together all of them."""
    await put_sites(db, 200, clock.now())
    await plan_pulses(db, clock.now(), ("beijing",))

    async def one(number: int) -> list[int]:
        place = Place("beijing", f"w{number}")
        taken = await db.run(lambda conn: take(conn, place, PULSE, clock.now(), 7))
        return [each.watch_no for each in taken]

    batches = await asyncio.gather(*(one(number) for number in range(100)))
    numbers = [no for batch in batches for no in batch]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) == 200


async def test_a_jump_of_the_clock_ends_in_no_storm(db: Database, clock: FakeClock) -> None:
    """A day that is lost or gained is spread over one period; nothing stays due in a far future."""
    await put_sites(db, 100, clock.now())
    await plan_pulses(db, clock.now(), ("beijing",))
    await clock.move(days=1)
    async with db.transaction() as conn:
        assert await spread(conn, "beijing", PULSE, clock.now()) == 100
        soon = await conn.fetchval(
            "select count(*) from verifier.lease where due_at < $1", clock.now() + PULSE.every / 10
        )
        assert soon < 30
    clock.set(clock.now() - timedelta(days=2))
    async with db.transaction() as conn:
        assert await spread(conn, "beijing", PULSE, clock.now()) == 100
        assert await conn.fetchval("select max(due_at) from verifier.lease") <= clock.now() + PULSE.every


async def test_visits_are_counted_once_and_twenty_a_day(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """Over six hours every pulse is in its hour exactly once, and the visits of the official rule stand ten minutes apart."""
    puppet = Puppet()
    await put_sites(db, 4, clock.now())
    tower = await tower_of(db, clock, tmp_path, puppet)
    await plan_pulses(db, clock.now())
    await tower.live(timedelta(hours=6), "pulse", step=timedelta(seconds=30))
    assert await db.fetchval("select sum(visits) from verifier.hour") == len(puppet.looks)
    assert len(puppet.looks) >= 4 * 3 * 60
    apart = await db.fetchval(
        """select min(gap) from (select at - lag(at) over (partition by watch_no, vantage order by at) as gap from verifier.visit) as g"""
    )
    assert apart >= timedelta(minutes=10)
    fewest = await db.fetchval(
        "select min(n) from (select count(*) as n from verifier.visit group by watch_no, vantage) as c"
    )
    assert fewest * 4 >= 20


async def test_a_place_without_network_accuses_nobody(db: Database, clock: FakeClock, tmp_path: Path) -> None:
    """When everything fails at once at a place, its looks are not counted, no incident opens and no mark falls."""
    puppet = Puppet()
    await put_sites(db, 60, clock.now())
    tower = await tower_of(db, clock, tmp_path, puppet)
    await plan_pulses(db, clock.now())
    await tower.live(timedelta(minutes=10), "pulse")
    puppet.cut = True
    await tower.live(timedelta(minutes=30), "pulse")
    assert all(worker.sight.blind for worker in tower.workers)
    failed = await db.fetchval("select sum(failed) from verifier.hour")
    puppet.cut = False
    await tower.live(timedelta(minutes=10), "pulse")
    assert not any(worker.sight.blind for worker in tower.workers)
    assert failed < 10 * len(PLACES)  # the first few, before it was plain that nothing answers
    assert (
        await db.fetchval(
            "select count(*) from verifier.incident where state <> 'suspected' and confirmed_at is not null"
        )
        == 0
    )
    outcome = await suspend_confirmed(db, clock)
    assert (outcome.suspended, outcome.held) == (0, 0)
    assert len(PLACES) == len(tower.workers)
