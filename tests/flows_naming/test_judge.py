"""Judging a name against the register, through the flow that every door uses."""

from pathlib import Path

import pytest

from registry import establishment
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.naming.judge import judge_name
from registry.flows.runner import Runner
from registry.model.decision import Decision

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
