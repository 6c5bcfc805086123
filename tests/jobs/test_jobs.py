"""What happens because time passes: done when due, made up when missed, harmless when repeated."""

import asyncio
from datetime import timedelta

from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.runner import Runner
from registry.jobs.retire_deleted import retire_deleted
from registry.jobs.schedule import JOBS
from registry.jobs.service import create
from registry.jobs.settle_due import settle_due
from registry.jobs.tidy import CHANGES_KEPT, tidy
from registry.kernel.clock import SystemClock
from registry.kernel.names import to_a
from registry.kernel.service import Parts
from tests.flows.world import ORG, A, build
from tests.kit.clock import FakeClock


async def test_a_deleted_official_name_is_removed_when_its_periods_are_over_and_stays_reserved(
    runner: Runner, clock: FakeClock
) -> None:
    """Thirty days of redemption and five of pending delete; one day early nothing happens; afterwards the name is kept for its body."""
    world = await build(runner)
    uscc = await world.body("国务院研究所", kind="12")
    code = await world.code(uscc, "国务院研究所")
    made = await world.domain(f"{to_a('国务院研究所')}.{ORG}", codes=(code,))
    await clock.move(days=10)
    await world.do(A, delete_domain, DeleteDomain(made.name))
    await clock.move(days=34, hours=23)
    assert await retire_deleted(runner) == 0
    await clock.move(hours=2)
    assert await retire_deleted(runner) == 1
    assert await retire_deleted(runner) == 0

    assert await runner.db.fetchval("select count(*) from domain where name = $1", made.name) == 0
    assert await runner.db.fetchval("select uscc from retired_name") == uscc


async def test_an_expired_name_is_renewed_and_keeps_resolving(runner: Runner, clock: FakeClock) -> None:
    """A date never takes a name out of the zone: at its expiry it gains a year, and the job writes it down."""
    world = await build(runner)
    made = await world.domain("expiring.zz--main-1234")
    await clock.move(days=400)
    assert await settle_due(runner) == 1
    assert await settle_due(runner) == 0

    expires = await runner.db.fetchval("select expires_at from domain where name = $1", made.name)
    assert expires == made.expires_at.replace(year=made.expires_at.year + 1)


async def test_old_changes_are_tidied_away_and_history_is_not(runner: Runner, clock: FakeClock) -> None:
    """After a month nobody needs a change row; history and audit keep everything."""
    world = await build(runner)
    await world.domain("kept.zz--main-1234")
    before = await runner.db.fetchval("select count(*) from history")
    await clock.move(days=CHANGES_KEPT.days + 1)
    assert await tidy(runner) > 0

    assert await runner.db.fetchval("select count(*) from change") == 0
    assert await runner.db.fetchval("select count(*) from history") == before


async def test_the_service_seals_the_chain_and_stops_cleanly(runner: Runner) -> None:
    """Started and drained, it leaves no audit entry unsealed and no task running."""
    world = await build(runner)
    service = create(Parts(runner.config, runner.db, SystemClock()))
    await service.start()
    await asyncio.sleep(0.05)
    assert service.ready()
    await world.domain("sealed.zz--main-1234")
    await service.drain()
    await service.close()

    assert await runner.db.fetchval("select count(*) from audit_entry where position is null") == 0
    assert not service.ready()


def test_every_job_has_a_name_and_a_pace() -> None:
    """Names are unique; no job runs more often than once a second."""
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(timedelta(seconds=job.every_seconds) >= timedelta(seconds=1) for job in JOBS)
