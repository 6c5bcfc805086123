"""Judging a name against the register, through the flow that every door uses."""

from pathlib import Path

import pytest

from registry import establishment
from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.naming.judge import check_name, consider, judge_name
from registry.flows.runner import Runner
from registry.model.decision import Decision
from registry.policy.naming.request import NameRequest

REAL = Path(establishment.__file__).parent / "real_bodies.csv"
TSINGHUA = "12100000400000624D"
ASKER = Caller("job", "test")


async def judged(runner: Runner, name: str, uscc: str, *, mapped: bool = False) -> Decision:
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)
    decision, number = await runner.run(ASKER, lambda act: judge_name(act, name, uscc, mapped=mapped))
    kept = await runner.db.fetchrow("select decision, answer, request from decision where id = $1", number)
    assert kept
    assert kept["decision"] == decision.decision
    assert kept["answer"] == decision.as_json()
    return decision


@pytest.mark.parametrize(
    ("name", "uscc", "decision", "rule"),
    [
        ("清华大学.公益", TSINGHUA, "pass", "NAME.FULL"),
        ("清华大学.政务", TSINGHUA, "refuse", "ELIGIBILITY.APPROVAL"),
        ("北京大学.公益", TSINGHUA, "refuse", "NAME.UNRELATED"),
        ("清华大学.公益", "12100000400000624E", "refuse", "HOLDER.CODE_INVALID"),
        ("xn--xkry9kk1bz66a.xn--55qw42g", TSINGHUA, "pass", "NAME.FULL"),
        ("不存在", TSINGHUA, "refuse", "LABEL.SYNTAX"),
    ],
)
async def test_the_decision_is_made_and_kept(runner: Runner, name: str, uscc: str, decision: str, rule: str) -> None:
    """The four cases that the product promises, with the rule that decides each, and the decision kept as it was told."""
    found = await judged(runner, name, uscc)

    assert found.decision == decision
    assert rule in {finding.rule for finding in found.deciding}
    assert all(finding.message.zh and finding.message.en for finding in found.findings)


@pytest.mark.parametrize("name", ["清华\0大学.公益", "\ud800.公益", "\0", "x" * 10_000, "清华大学.公益\0"])
@pytest.mark.parametrize("uscc", [TSINGHUA, "\0", "１２１０００００４００００００６２４Ｄ"])
async def test_whatever_is_typed_is_decided_and_kept(runner: Runner, name: str, uscc: str) -> None:
    """Zero bytes, half characters and ten thousand letters get a decision like any other text, and it is kept."""
    decision, number = await runner.run(ASKER, lambda act: judge_name(act, name, uscc, mapped=True))

    assert decision.decision == "refuse"
    assert await runner.db.fetchval("select decision from decision where id = $1", number) == "refuse"


async def test_people_may_type_it_their_way(runner: Runner) -> None:
    """Full width, and the Chinese full stop between the labels, mean the same name at a door of people."""
    assert (await judged(runner, "清华大学。公益", TSINGHUA, mapped=True)).decision == "pass"


async def test_all_facts_come_in_two_round_trips(runner: Runner) -> None:
    """One question for the body and its kin, one for everything filed under the keys; nothing else is asked."""
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)
    asked: list[str] = []
    async with runner.db.transaction() as conn:
        request = NameRequest("清华大学.公益", TSINGHUA)
        await consider(conn, request, runner.clock.now().date())  # a fresh connection learns the types of its columns
        with conn.query_logger(lambda record: asked.append(record.query)):
            judged = await consider(conn, request, runner.clock.now().date())

    assert judged.decision.decision == "pass"
    assert len(asked) == 2


async def test_a_question_asked_while_typing_does_not_wait_for_the_disk(runner: Runner) -> None:
    """``check_name`` keeps its decision like any other, but its commit waits for nothing; ``judge_name`` leaves that alone."""

    async def modes(act: Act) -> list[str]:
        await act.conn.execute("set local synchronous_commit = on")
        found = []
        for judge in (judge_name, check_name):
            _, number = await judge(act, "清华大学.公益", TSINGHUA)
            assert await act.conn.fetchval("select count(*) from decision where id = $1", number) == 1
            found.append(await act.conn.fetchval("select current_setting('synchronous_commit')"))
        return found

    assert await runner.run(ASKER, modes) == ["on", "off"]


async def test_the_plan_of_the_facts_is_made_once(runner: Runner) -> None:
    """After a few questions PostgreSQL keeps one plan for all: planning anew would cost four times the answer."""
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)
    day = runner.clock.now().date()
    async with runner.db.transaction() as conn:
        for number in range(8):
            await consider(conn, NameRequest(f"清华大学第{number}学院.公益", TSINGHUA), day)
        row = await conn.fetchrow(
            "select generic_plans, custom_plans from pg_prepared_statements where statement like '%ends_alike%'"
        )
    assert row
    assert row["generic_plans"] >= 1
    assert row["custom_plans"] <= 5  # PostgreSQL counts anew when an analysis of the tables falls between
