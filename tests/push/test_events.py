"""What a batch does to a body reaches its names, as what a file does."""

from registry.kernel.db import Database
from tests.push.conftest import Sender, code, row


async def named(db: Database, uscc: str) -> None:
    """Give the body a name in DNS."""
    await db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('registrar-a', '甲', '', now())"
    )
    await db.execute(
        """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by, expires_at)
           values ('D1', 'xn--x.xn--zfr164b', '长沙县卫生局', 'xn--zfr164b', 's', 't', 'i', 'registrar-a', $1, now(), 'registrar-a', now())""",
        uscc,
    )


async def test_a_pushed_event_opens_a_task_and_tells_the_registrar(hunan: Sender, db: Database) -> None:
    """Abolished by a batch: the reviewer has a task, the registrar a message, and the name stays in DNS."""
    await hunan.push("k1", row(1, "长沙县卫生局"))
    await named(db, code(1))
    _, told = await hunan.push("k2", row(1, "长沙县卫生局", status="abolished"))
    task = await db.fetchrow("select event, uscc, region, run, state from body_task")
    assert task
    assert tuple(task.values()) == ("abolished", code(1), "430121", told["run"], "open")
    assert await db.fetchval("select registrar_id from poll_message") == "registrar-a"
    assert await db.fetchval("select count(*) from change where kind = 'body.task_opened'") == 1
    assert await db.fetchval("select count(*) from domain") == 1


async def test_an_event_of_another_region_opens_none(guangdong: Sender, hunan: Sender, db: Database) -> None:
    """A province cannot put an end to a neighbour's body, nor make work for its reviewers."""
    await hunan.push("k1", row(1, "长沙县卫生局"))
    await named(db, code(1))
    _, told = await guangdong.push("k", row(1, "长沙县卫生局", status="abolished"))
    assert told["counts"]["rejected"] == 1
    assert await db.fetchval("select count(*) from body_task") == 0
    assert await db.fetchval("select status from body") == "normal"
