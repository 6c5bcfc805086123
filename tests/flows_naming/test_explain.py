"""A kept decision told in full, years later."""

import asyncio
import json
from pathlib import Path

import pytest

from registry import establishment
from registry.cli.main import main
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.naming.explain import Explanation, explain_decision
from registry.flows.naming.judge import judge_name
from registry.flows.runner import Runner
from registry.flows.verification.holder import judge_holder
from registry.kernel.errors import Reason, Refusal

REAL = Path(establishment.__file__).parent / "real_bodies.csv"
TSINGHUA = "12100000400000624D"
ASKER = Caller("job", "test")


async def kept(runner: Runner, name: str, **fields: bool) -> int:
    _, number = await runner.run(ASKER, lambda act: judge_name(act, name, TSINGHUA, **fields))
    return number


async def explained(runner: Runner, number: int) -> Explanation:
    return await runner.run(ASKER, lambda act: explain_decision(act, number))


async def load(runner: Runner) -> None:
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)


async def test_the_same_facts_give_the_same_answer(runner: Runner) -> None:
    """Nothing changed, so nothing differs: inputs, findings with evidence, policy, data and lists are as they were."""
    await load(runner)
    found = await explained(runner, await kept(runner, "清华大学。公益", mapped=True))

    assert found.request == {"name": "清华大学。公益", "uscc": TSINGHUA, "holder_name": None, "mapped": True}
    assert found.kept == found.today
    assert found.differences == ()
    assert {marked.mark for marked in found.findings} == {"="}
    assert found.basis == found.basis_today
    assert found.basis.data_source.endswith("real_bodies.csv")
    assert found.basis.list_version == 0


async def test_a_later_import_shows_as_a_difference(runner: Runner) -> None:
    """Before the body was on file the name was refused; today it passes, and each finding says when it held."""
    number = await kept(runner, "清华大学.公益")
    await load(runner)
    found = await explained(runner, number)

    marks = {marked.finding["rule"]: marked.mark for marked in found.findings}
    assert marks["HOLDER.UNKNOWN"] == "-"
    assert marks["NAME.FULL"] == "+"
    changed = {one.what: (one.then, one.today) for one in found.differences}
    assert changed["decision"] == ("refuse", "pass")
    assert changed["data_run"] == (None, found.basis_today.data_run)


async def test_explaining_keeps_nothing(runner: Runner) -> None:
    """The repetition leaves no decision behind, so the table holds only what somebody asked for."""
    await load(runner)
    number = await kept(runner, "清华大学.公益")
    await explained(runner, number)

    assert await runner.db.fetchval("select count(*) from decision") == 1


async def test_a_decision_about_a_body_alone_is_explained_too(runner: Runner) -> None:
    """What the verification service decided of code and legal name is repeated by the very same flow."""
    await load(runner)
    _, number = await runner.run(ASKER, lambda act: judge_holder(act, TSINGHUA, "北京大学"))
    found = await explained(runner, number)

    assert found.kept["decision"] == "refuse"
    assert found.kept == found.today
    assert found.differences == ()


async def test_an_unknown_number_is_refused(runner: Runner) -> None:
    """There is no decision 7."""
    with pytest.raises(Refusal) as caught:
        await explained(runner, 7)
    assert caught.value.reason is Reason.NOT_FOUND


async def test_the_command_tells_it_in_two_languages(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """``name explain`` prints inputs, both outcomes, marked findings and differences; ``--json`` the same for programs."""
    number = await kept(runner, "清华大学.公益")
    await load(runner)
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", runner.db.dsn)
    words = ["name", "explain", str(number), "--data", str(tmp_path)]

    assert await asyncio.to_thread(main, words) == 0
    said = capsys.readouterr().out
    assert f"第 {number} 号决定 / decision {number}" in said
    assert "  - HOLDER.UNKNOWN 不予通过 / refuse" in said
    assert "  + NAME.FULL 通过 / pass" in said
    assert "没有导入记录 / no import on record" in said
    assert "数据版本 / data version: null → " in said

    assert await asyncio.to_thread(main, [*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["number"] == number
    assert {one["what"] for one in told["differences"]} >= {"decision", "data_run"}
