"""The standing watch: a mark falls when its body dies or its name goes, and never a country's at once."""

import asyncio

import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import announce, wake
from registry.kernel.service import Parts
from tests.kit.clock import START, FakeClock
from tests.verifier import world
from verifier.marks import store
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.states import MarkState
from verifier.monitor import standing
from verifier.monitor.service import create
from verifier.monitor.standing import BODY_GONE, NAME_GONE, suspend_fallen


class NoRecords:
    """A resolver that finds nothing; the marks here are attested."""

    async def txt(self, name: str) -> list[str]:
        assert name
        return []


async def marked(db: Database, config: Config, body: world.Body) -> str:
    order = MarkOrder(body.uscc, f"https://{body.holds}/", attested="演示")
    return (await issue_mark(db, order, SystemClock(), config, NoRecords())).id


async def test_a_mark_whose_ground_holds_is_left_alone(db: Database, config: Config, clock: FakeClock) -> None:
    """A living body that holds its name keeps its mark."""
    await world.fill(db)
    mark = await marked(db, config, world.TSINGHUA)

    assert await suspend_fallen(db, clock) == 0
    found = await store.find_mark(db, mark)
    assert found
    assert found.stored is MarkState.VALID


@pytest.mark.parametrize(
    ("blow", "reason"),
    [
        ("update body set status = 'abolished' where name = '清华大学'", BODY_GONE),
        ("update domain set deleted_at = now() where u_label = '清华大学'", NAME_GONE),
        ("update domain set uscc = '' where u_label = '清华大学'", NAME_GONE),
    ],
)
async def test_a_mark_that_lost_its_ground_is_suspended_with_the_reason(
    db: Database, config: Config, clock: FakeClock, blow: str, reason: str
) -> None:
    """The suspension is written down once, with its reason, in the feed and in the audit log."""
    await world.fill(db)
    mark = await marked(db, config, world.TSINGHUA)
    await marked(db, config, world.PEKING)
    await db.execute(blow)

    assert await suspend_fallen(db, clock) == 1
    assert await suspend_fallen(db, clock) == 0
    found = await store.find_mark(db, mark)
    assert found
    assert (found.stored, found.reason) == (MarkState.SUSPENDED, reason)
    assert await db.fetchval("select count(*) from change where kind = 'mark.suspended' and subject = $1", mark) == 1
    assert (
        await db.fetchval("select count(*) from audit_entry where act = 'mark.suspended' and subject = $1", mark) == 1
    )


async def test_a_bad_import_does_not_take_down_a_country(
    db: Database, config: Config, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When more marks would fall at once than the bound allows, none falls before a person has looked."""
    monkeypatch.setattr(standing, "MAX_SUSPENSIONS", 1)
    await world.fill(db)
    marks = [await marked(db, config, body) for body in (world.TSINGHUA, world.PEKING)]
    await db.execute("update body set status = 'abolished'")
    with pytest.raises(Refusal) as refused:
        await suspend_fallen(db, clock)

    assert refused.value.reason is Reason.POLICY_FORBIDS
    for mark in marks:
        found = await store.find_mark(db, mark)
        assert found
        assert found.stored is MarkState.VALID


async def test_the_service_acts_within_a_second_of_the_cause(db: Database, config: Config) -> None:
    """An import that ends a body suspends its mark as soon as the feed tells of it."""
    await world.fill(db)
    mark = await marked(db, config, world.TSINGHUA)
    service = create(Parts(config, db, SystemClock()))
    await service.start()
    assert service.ready()
    async with db.transaction() as conn:
        await conn.execute("update body set status = 'abolished' where name = '清华大学'")
        await announce(conn, START, "establishment.imported", "1")
    wake(db)
    for _ in range(500):
        found = await store.find_mark(db, mark)
        if found and found.stored is MarkState.SUSPENDED:
            break
        await asyncio.sleep(0.02)
    await service.drain()
    await service.close()

    assert found
    assert found.stored is MarkState.SUSPENDED
