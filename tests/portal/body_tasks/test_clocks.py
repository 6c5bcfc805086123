"""Reminders: who is reminded when, once, also when the job was away."""

from datetime import UTC, datetime

from registry.jobs.body_task_clocks import run_clocks
from tests.kit.clock import FakeClock
from tests.portal.body_tasks.bureau import NEW, County


async def opened(county: County, clock: FakeClock) -> None:
    """A task that is due on 2 July."""
    clock.set(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await county.brings(NEW)


async def test_a_job_that_was_away_reminds_once_of_what_is_due_now(county: County, clock: FakeClock) -> None:
    """Back on the fourth day before the end it sends the reminder of the week, and goes on with that of the third."""
    await opened(county, clock)
    clock.set(datetime(2026, 6, 28, 2, tzinfo=UTC))
    assert [await run_clocks(county.runner) for _ in range(3)] == [1, 0, 0]
    clock.set(datetime(2026, 6, 29, 2, tzinfo=UTC))
    assert [await run_clocks(county.runner) for _ in range(2)] == [1, 0]
    assert (await county.told("county:430121")).count("body.task_due") == 2


async def test_a_task_that_nobody_touches_climbs_to_the_centre(county: County, clock: FakeClock) -> None:
    """A level more every week: city, province, centre; and there it stays, once a week."""
    await opened(county, clock)
    seen = []
    for day in (datetime(2026, 7, 1 + n, 3, tzinfo=UTC) for n in range(2, 30)):
        clock.set(day)
        await run_clocks(county.runner)
        seen.append(
            tuple(
                [
                    (await county.told(f"{level}:430121")).count("body.task_overdue")
                    for level in ("city", "province", "central")
                ]
            )
        )
    assert list(dict.fromkeys(seen)) == [(1, 0, 0), (2, 1, 0), (3, 2, 1), (4, 3, 2)]


async def test_a_settled_task_reminds_nobody(county: County, clock: FakeClock) -> None:
    """Nothing runs after the decision."""
    await opened(county, clock)
    await county.decides("keep")
    clock.set(datetime(2026, 7, 20, 3, tzinfo=UTC))
    assert await run_clocks(county.runner) == 0
