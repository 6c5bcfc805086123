"""The audit chain: sealed in commit order, and every kind of tampering found."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.chain import GENESIS, Checker, Entry, seal
from registry.audit.sequencer import run_sequencer, seal_once
from registry.audit.verify import verify_chain
from registry.kernel.clock import SystemClock
from registry.kernel.db import Database
from registry.kernel.journal import append
from tests.kit.clock import START

Tamper = Callable[[Database], Awaitable[object]]


async def write(db: Database, count: int) -> None:
    async with db.transaction() as conn:
        for number in range(count):
            await append(
                conn, START, "registrar:a", "domain.created", f"D{number}", f"T{number}", {"name": f"名{number}"}
            )


async def past_the_guards(db: Database, *statements: str) -> None:
    """Change rows as an attacker with the owner's rights would, with the triggers switched off."""
    async with db.transaction() as conn:
        await conn.execute("set local session_replication_role = replica")
        for statement in statements:
            await conn.execute(statement)


async def test_an_untouched_chain_holds(db: Database) -> None:
    """Sealed in several batches, the chain is one and verifies."""
    await write(db, 5)
    assert await seal_once(db) == 5
    await write(db, 3)
    assert (await verify_chain(db)).unsealed == 3
    assert await seal_once(db) == 3
    verdict = await verify_chain(db)

    assert verdict.holds
    assert (verdict.sealed, verdict.unsealed) == (8, 0)


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        pytest.param(
            ["update audit_entry set detail = replace(detail, '名4', '名5') where position = 5"],
            5,
            id="one flipped byte",
        ),
        pytest.param(["update audit_entry set actor = 'registrar:b' where position = 1"], 1, id="another actor"),
        pytest.param(
            ["update audit_entry set at = at + interval '1 microsecond' where position = 8"], 8, id="another instant"
        ),
        pytest.param(["delete from audit_entry where position = 4"], 5, id="one removed row"),
        pytest.param(["delete from audit_entry where position = 10"], 9, id="the last row cut off"),
        pytest.param(
            [
                "update audit_entry set position = -3 where position = 3",
                "update audit_entry set position = 3 where position = 4",
                "update audit_entry set position = 4 where position = -3",
            ],
            3,
            id="one swapped pair",
        ),
        pytest.param(
            [
                "create temp table t on commit drop as select detail from audit_entry where position = 3",
                "update audit_entry set detail = (select detail from audit_entry where position = 4) where position = 3",
                "update audit_entry set detail = (select detail from t) where position = 4",
            ],
            3,
            id="two details exchanged",
        ),
    ],
)
async def test_tampering_is_found_where_it_happened(db: Database, statements: list[str], position: int) -> None:
    """Whatever is changed, removed or moved, verification names the first position that does not hold."""
    await write(db, 10)
    await seal_once(db)
    await past_the_guards(db, *statements)
    verdict = await verify_chain(db)

    assert not verdict.holds
    assert verdict.breaks[0].position == position


@pytest.mark.parametrize(
    "statement", ["update audit_entry set actor = 'x'", "delete from audit_entry", "truncate audit_entry"]
)
async def test_the_database_refuses_to_change_what_is_sealed(db: Database, statement: str) -> None:
    """Without switching its guards off, nobody can change, remove or empty the log."""
    await write(db, 2)
    await seal_once(db)
    with pytest.raises(asyncpg.RestrictViolationError):
        await db.execute(statement)

    assert (await verify_chain(db)).holds


async def test_entries_are_sealed_in_the_order_in_which_they_were_committed(db: Database) -> None:
    """An entry that was written first and committed last stands last."""
    if await db.fetchval("select current_setting('track_commit_timestamp')") != "on":
        pytest.fail("the embedded server must keep commit timestamps")
    async with db.transaction() as slow:
        await append(slow, START, "a", "x.y", "slow", "T", {})
        async with db.transaction() as quick:
            await append(quick, START, "a", "x.y", "quick", "T", {})
    await seal_once(db)

    rows = await db.fetch("select subject from audit_entry order by position")
    assert [row["subject"] for row in rows] == ["quick", "slow"]


async def test_rival_sequencers_build_one_chain(db: Database) -> None:
    """Three sequencers and eight writers at once leave one unbroken chain with everything in it, and a stop leaves nothing unsealed."""
    stopping = asyncio.Event()
    sequencers = [asyncio.create_task(run_sequencer(db, SystemClock(), stopping)) for _ in range(3)]
    await asyncio.gather(*(write(db, 20) for _ in range(8)))
    stopping.set()
    await asyncio.gather(*sequencers)
    verdict = await verify_chain(db)

    assert verdict.holds
    assert (verdict.sealed, verdict.unsealed) == (160, 0)


entries = st.builds(
    Entry,
    st.integers(1, 10**9),
    st.just(START),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
    st.text().map(lambda text: f"{{{text}}}"),
)


@given(st.lists(entries, min_size=1, max_size=6))
def test_what_was_sealed_verifies(drafts: list[Entry]) -> None:
    """Any entries, sealed and fed back in order, show no break."""
    checker = Checker()
    sealed = list(seal(drafts, 0, GENESIS))
    for one in sealed:
        checker.feed(one)
    checker.finish(len(sealed), sealed[-1].hash)

    assert checker.breaks == []


@given(entries, entries)
def test_two_different_entries_never_share_a_hash(one: Entry, other: Entry) -> None:
    """Fields cannot run into each other: equal hashes mean equal entries."""
    first, second = next(seal([one], 0, GENESIS)), next(seal([other], 0, GENESIS))
    assert (first.hash == second.hash) == (one == other)
