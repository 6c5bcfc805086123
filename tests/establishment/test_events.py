"""What happens to a body reaches its names: a task, a message, a clock; and DNS stays as it is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from registry.establishment.rollback import roll_back
from registry.kernel.db import Database
from registry.store import body_tasks
from tests.establishment.county import ACTOR, FAMILY, HEALTH, at, bring
from tests.kit.clock import FakeClock

LATER = at(2026, 5, 1)
RENAMED = replace(HEALTH, name="长沙县卫生健康局", status="renamed", changed_at=LATER)


@pytest.fixture
async def named(db: Database, clock: FakeClock, tmp_path: Path) -> Database:
    """A bureau with a name, a site and two marks, and another without any."""
    await bring(db, clock, tmp_path, HEALTH, FAMILY)
    await db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('registrar-a', '甲', '', now())"
    )
    await db.execute(
        """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by, expires_at)
           values ('D1', 'xn--x.xn--zfr164b', '长沙县卫生局', 'xn--zfr164b', 's', 't', 'i', 'registrar-a', $1, now(), 'registrar-a', now())""",
        HEALTH.uscc,
    )
    await db.execute("insert into bundle_name values ('xn--x.xn--zfr164b', '长沙县卫生局.政务', 'D1', 'registered')")
    await db.execute(
        "insert into verifier.site (id, uscc, name, origin, created_at) values ('S1', $1, '门户', 'https://x', now())",
        HEALTH.uscc,
    )
    await db.execute(
        """insert into verifier.mark (id, site_id, uscc, look, state, status_list, status_slot, issued_at, changed_at)
           values ('M1', 'S1', $1, 'red', 'valid', 1, 1, now(), now()), ('M0', 'S1', $1, 'red', 'revoked', 1, 2, now(), now())""",
        HEALTH.uscc,
    )
    await db.execute("insert into verifier.mark_host (mark_id, host) values ('M1', 'www.x')")
    return db


async def tasks(db: Database, regions: str = "") -> list[body_tasks.Task]:
    async with db.transaction() as conn:
        return await body_tasks.waiting(conn, regions)


async def test_a_renamed_body_opens_a_task(named: Database, clock: FakeClock, tmp_path: Path) -> None:
    """The reviewer of the region finds what changed, and each name, site and living mark that is touched, due in thirty days."""
    await bring(named, clock, tmp_path, RENAMED)
    (task,) = await tasks(named, "4301")
    assert (task.event, task.uscc, task.region, task.level) == ("renamed", HEALTH.uscc, "430121", "county")
    assert task.detail == {"name": [HEALTH.name, RENAMED.name], "status": ["normal", "renamed"]}
    assert [name["unicode"] for name in task.names] == ["长沙县卫生局.政务"]
    assert [site["id"] for site in task.sites] == ["S1"]
    assert [(mark["id"], mark["hosts"]) for mark in task.marks] == [("M1", ["www.x"])]
    assert task.due_at == clock.now() + timedelta(days=30)
    assert await tasks(named, "11") == []


@pytest.mark.parametrize("status", ["merged", "split", "abolished", "cancelled", "suspended"])
async def test_every_end_opens_a_task_and_takes_nothing(
    named: Database, clock: FakeClock, tmp_path: Path, status: str
) -> None:
    """Each kind of end opens a task and tells the registrar; the name stays in DNS and the mark valid until somebody decides."""
    before = await named.fetch(
        "select owner from published.bundle_name b, domain d, lateral (select b.name as owner) o"
    )
    await bring(named, clock, tmp_path, replace(HEALTH, status=status, successor_uscc=FAMILY.uscc, changed_at=LATER))
    (task,) = await tasks(named)
    assert (task.event, task.successors) == (status, [FAMILY.uscc])
    (message,) = await named.fetch("select registrar_id, text_zh, text_en, payload from poll_message")
    assert message["registrar_id"] == "registrar-a"
    assert "解析不受影响" in message["text_zh"]
    assert HEALTH.uscc in message["text_en"]
    assert message["payload"]["event"] == status
    assert await named.fetchval("select count(*) from change where kind = 'body.task_opened'") == 1
    assert (
        await named.fetch("select owner from published.bundle_name b, domain d, lateral (select b.name as owner) o")
        == before
    )
    assert await named.fetchval("select statuses from domain") == []
    assert await named.fetchval("select state from verifier.mark where id = 'M1'") == "valid"


async def test_what_touches_nothing_is_no_task(named: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A body without names, sites and marks may change without work for anybody, and a new telephone is no event."""
    await bring(
        named,
        clock,
        tmp_path,
        replace(FAMILY, status="abolished", changed_at=LATER),
        replace(HEALTH, phone="1", changed_at=LATER),
    )
    assert await tasks(named) == []
    assert await named.fetchval("select count(*) from poll_message") == 0


async def test_a_suspension_that_ends_withdraws_its_task(named: Database, clock: FakeClock, tmp_path: Path) -> None:
    """When a suspended body is normal again nothing is left to decide."""
    await bring(named, clock, tmp_path, replace(HEALTH, status="suspended", changed_at=LATER))
    assert len(await tasks(named)) == 1
    await bring(named, clock, tmp_path, replace(HEALTH, changed_at=at(2026, 5, 20)))
    assert await tasks(named) == []


async def test_a_task_is_settled_once(named: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A decision is noted with who and when; a second one finds the task closed; the agency can read both."""
    await bring(named, clock, tmp_path, RENAMED)
    (task,) = await tasks(named)
    async with named.transaction() as conn:
        assert await body_tasks.settle(conn, task.id, "person:reviewer", clock.now(), {"outcome": "follow"})
        assert not await body_tasks.settle(conn, task.id, "person:other", clock.now(), {})
        (found,) = await body_tasks.of_body(conn, HEALTH.uscc)
        assert await body_tasks.find(conn, task.id) == found
    assert (found.state, found.settled_by, found.decision) == ("settled", "person:reviewer", {"outcome": "follow"})


async def test_taking_an_import_back_withdraws_its_tasks(named: Database, clock: FakeClock, tmp_path: Path) -> None:
    """A rolled back run leaves no work behind."""
    report = await bring(named, clock, tmp_path, RENAMED)
    await roll_back(named, report.run, actor=ACTOR, clock=clock)
    assert await tasks(named) == []
