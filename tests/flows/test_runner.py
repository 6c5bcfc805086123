"""How acts are run: what is written after a refusal, what may only read, and how often the database is asked."""

import pytest

from registry.flows.act import Act, Caller
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from registry.store import polls
from tests.flows.world import GOV, STRONG, TEST, A, World

BEGIN_AND_COMMIT = 2
MAX_ROUND_TRIPS = 10  # of a create in an official zone, the name decision included


async def test_what_was_registered_is_written_after_the_refusal(world: World) -> None:
    """The act leaves nothing, and what it said should outlive it is committed before the caller hears of the refusal."""

    async def refused(act: Act) -> None:
        await polls.add(act.conn, A, act.now, "没有", "nothing", "notice", {})
        act.after_refusal(lambda later: later.tell(A, "有", "something"))
        raise Refusal(Reason.POLICY_FORBIDS, "不", "no")

    with pytest.raises(Refusal):
        await world.runner.run(Caller("registrar", A), refused)
    assert [row["text_en"] for row in await world.runner.db.fetch("select text_en from poll_message")] == ["something"]


async def test_what_was_registered_is_forgotten_when_the_act_succeeds(world: World) -> None:
    """An act that succeeds writes what it has to write itself."""

    async def accepted(act: Act) -> None:
        act.after_refusal(lambda later: later.tell(A, "有", "something"))

    await world.runner.run(Caller("registrar", A), accepted)
    assert await world.runner.db.fetchval("select count(*) from poll_message") == 0


async def test_a_fault_writes_nothing_afterwards(world: World) -> None:
    """Only a refusal is an answer; after a fault of ours nothing is known well enough to be written."""

    async def faulty(act: Act) -> None:
        act.after_refusal(lambda later: later.tell(A, "有", "something"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.runner.run(Caller("registrar", A), faulty)
    assert await world.runner.db.fetchval("select count(*) from poll_message") == 0


async def test_a_refused_decision_is_kept(world: World) -> None:
    """A name that the policy refuses in a create leaves its decision, although the create leaves nothing else."""
    uscc = await world.body("国家测试局")
    code = await world.code(uscc, "国家测试局")
    name = f"{to_a('某某市税务局')}.{GOV}"
    order = CreateDomain(name, registrant="c-1", codes=(code,))
    await world.refused(A, create_domain, order, Reason.NAME_REFUSED)
    kept = await world.runner.db.fetchrow("select * from decision where name = $1", name)
    assert kept
    assert (kept["decision"], kept["uscc"], kept["asked_by"]) == ("refuse", uscc, f"registrar:{A}")
    assert kept["data_run"] is not None


async def test_reading_has_no_transaction_and_cannot_write(world: World) -> None:
    """A flow that only asks is run without BEGIN and COMMIT; one that would leave something behind is a fault of ours."""
    await world.domain(f"read.{TEST}")
    caller = Caller("registrar", A)
    view = await world.runner.read(caller, lambda act: info_domain(act, InfoDomain(f"read.{TEST}")))
    assert view.is_full
    with pytest.raises(AssertionError):
        await world.runner.read(caller, lambda act: act.tell(A, "有", "something"))
    with pytest.raises(AssertionError):
        await world.runner.read(caller, lambda act: update_domain(act, UpdateDomain(f"read.{TEST}", auth=STRONG)))
    view = await world.runner.read(caller, lambda act: info_domain(act, InfoDomain(f"read.{TEST}")))
    assert not view.domain.auth_hash


async def test_a_create_asks_the_database_few_times(world: World) -> None:
    """Four round trips in a test zone, at most ten where the name is decided about first: each is a wait under load."""
    uscc = await world.body("国家测试局")
    code = await world.code(uscc, "国家测试局")
    order = CreateDomain(f"{to_a('国家测试局')}.{GOV}", registrant="c-1", codes=(code,))
    assert await _round_trips(world, CreateDomain(f"few.{TEST}", registrant="c-1")) + BEGIN_AND_COMMIT == 4
    assert await _round_trips(world, order) + BEGIN_AND_COMMIT <= MAX_ROUND_TRIPS


class Counting:
    """Stands before a connection and counts."""

    def __init__(self, conn: "Connection[Record]") -> None:
        self._conn = conn
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        self.asked += 1
        return getattr(self._conn, name)


async def _round_trips(world: World, order: CreateDomain) -> int:
    async def counted(act: Act) -> int:
        counting = Counting(act.conn)
        act.conn = counting  # type: ignore[assignment]  # it hands on whatever is asked of it
        await create_domain(act, order)
        return counting.asked

    return await world.runner.run(Caller("registrar", A), counted)
