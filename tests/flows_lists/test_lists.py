"""Reserved and prohibited words that operators add: two people, versions, and decisions that follow at once."""

import asyncio
import json
from pathlib import Path

import pytest

from registry import establishment
from registry.cli.main import main
from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.lists.approve_entry import approve_entry
from registry.flows.lists.propose_entry import ProposeEntry, propose_entry
from registry.flows.lists.show import show_lists
from registry.flows.lists.withdraw_entry import withdraw_entry, withdraw_proposal
from registry.flows.naming.judge import judge_name
from registry.flows.runner import Flow, Runner
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.decision import Decision
from registry.model.person import Role
from registry.store.lists import Change

REAL = Path(establishment.__file__).parent / "real_bodies.csv"
TSINGHUA = "12100000400000624D"
ALICE, BOB = Caller("person", "alice"), Caller("person", "bob")
WHY = "经批准，见政策文件第 12 号"


@pytest.fixture
async def people(runner: Runner) -> Runner:
    """Two operators, a security officer and an auditor, and the real bodies."""
    for name, role in (
        ("alice", Role.OPERATOR),
        ("bob", Role.OPERATOR),
        ("carol", Role.SECURITY_OFFICER),
        ("dave", Role.AUDITOR),
    ):
        sql = "insert into person (username, role, name, password_hash, totp_secret, created_at) values ($1, $2, $1, '-', '-', now())"
        await runner.db.execute(sql, name, role.value)
    await import_file(runner.db, REAL, snapshot=False, actor="job:test", clock=runner.clock)
    return runner


async def propose(runner: Runner, list_class: str, word: str, *, by: Caller = ALICE, **fields: str) -> Change:
    order = ProposeEntry(list_class, word, fields.pop("reason", WHY), **fields)
    return await runner.run(by, lambda act: propose_entry(act, order))


async def approve(runner: Runner, number: int, *, by: Caller = BOB) -> Change:
    return await runner.run(by, lambda act: approve_entry(act, number))


async def enter(runner: Runner, list_class: str, word: str, **fields: str) -> Change:
    return await approve(runner, (await propose(runner, list_class, word, **fields)).id)


async def judged(runner: Runner, name: str, uscc: str = TSINGHUA) -> Decision:
    decision, _ = await runner.run(Caller("job", "test"), lambda act: judge_name(act, name, uscc, mapped=True))
    return decision


def outcomes(decision: Decision, rule: str) -> list[str]:
    return [finding.outcome for finding in decision.findings if finding.rule == rule]


async def reason_of(runner: Runner, caller: Caller, flow: Flow[object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        await runner.run(caller, flow)
    return caught.value.reason


@pytest.mark.parametrize(
    ("list_class", "word", "detail", "name", "rule"),
    [
        ("content", "跑分", "vice", "清华大学跑分.公益", "CONTENT.PROHIBITED"),
        ("organisation", "新开发银行", "anywhere", "清华大学新开发银行.公益", "RESERVED.ORGANISATION"),
        ("organisation", "新开行", "alone", "新开行.公益", "RESERVED.ORGANISATION"),
        ("country", "花旗国", "US", "花旗国.公益", "RESERVED.COUNTRY"),
        ("registry", "正名", "", "正名.公益", "RESERVED.REGISTRY"),
        ("place", "雄安市", "139900", "雄安市.公益", "RESERVED.PLACE"),
    ],
)
async def test_an_approved_word_is_judged_by_at_once(
    people: Runner, list_class: str, word: str, detail: str, name: str, rule: str
) -> None:
    """Of every class: not before the approval, and from the next decision on; the policy version says so."""
    before = await judged(people, name)
    change = await propose(people, list_class, word, detail=detail)
    waiting = await judged(people, name)
    approved = await approve(people, change.id)
    after = await judged(people, name)

    assert outcomes(before, rule) == outcomes(waiting, rule) == []
    assert outcomes(after, rule) == ["refuse"]
    assert approved.version == 1
    assert approved.decided_by == "bob"
    assert after.policy_version == f"{before.policy_version}+{approved.seal[:12]}"
    assert await people.db.fetchval("select list_version from decision order by id desc limit 1") == 1


async def test_one_entry_guards_every_spelling(people: Runner) -> None:
    """A word that was entered in simplified script is found in its traditional and full-width spellings."""
    await enter(people, "content", "跑分团abc", detail="vice")

    assert outcomes(await judged(people, "跑分團ＡＢＣ.公益"), "CONTENT.PROHIBITED") == ["refuse"]


async def test_two_people_are_needed(people: Runner) -> None:
    """Nobody approves what he proposed, and the database itself would not take it."""
    change = await propose(people, "registry", "正名")

    assert await reason_of(people, ALICE, lambda act: approve_entry(act, change.id)) is Reason.NOT_PERMITTED
    assert (await approve(people, change.id, by=Caller("person", "carol"))).state == "approved"
    assert await reason_of(people, BOB, lambda act: approve_entry(act, change.id)) is Reason.STATUS_FORBIDS
    with pytest.raises(Exception, match="list_change_two_people"):
        await people.db.execute("update list_change set decided_by = proposed_by")


@pytest.mark.parametrize(
    "caller", [Caller("person", "dave"), Caller("person", "nobody"), Caller("registrar", "alice"), Caller("job", "x")]
)
async def test_only_editors_edit(people: Runner, caller: Caller) -> None:
    """Auditors, strangers, registrars and jobs cannot propose, approve or withdraw."""
    change = await propose(people, "registry", "正名")
    order = ProposeEntry("registry", "改名", WHY)

    for flow in (
        lambda act: propose_entry(act, order),
        lambda act: approve_entry(act, change.id),
        lambda act: withdraw_proposal(act, change.id),
        lambda act: withdraw_entry(act, 1, WHY),
    ):
        assert await reason_of(people, caller, flow) is Reason.NOT_PERMITTED


async def test_a_disabled_account_edits_nothing(people: Runner) -> None:
    """An operator who left keeps no hand on the lists."""
    await people.db.execute("update person set disabled_at = now() where username = 'alice'")
    order = ProposeEntry("registry", "改名", WHY)

    assert await reason_of(people, ALICE, lambda act: propose_entry(act, order)) is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("order", "reason", "where"),
    [
        (ProposeEntry("nonsense", "词", WHY), Reason.VALUE_INVALID, "class"),
        (ProposeEntry("registry", "", WHY), Reason.VALUE_INVALID, "word"),
        (ProposeEntry("registry", "（ ）", WHY), Reason.VALUE_INVALID, "word"),
        (ProposeEntry("registry", "a,b\n", WHY), Reason.VALUE_INVALID, "word"),
        (ProposeEntry("registry", "长" * 31, WHY), Reason.VALUE_INVALID, "word"),
        (ProposeEntry("registry", "\0", WHY), Reason.VALUE_INVALID, "word"),
        (ProposeEntry("registry", "正名", " "), Reason.VALUE_INVALID, "reason"),
        (ProposeEntry("registry", "正名", WHY, "x"), Reason.VALUE_INVALID, "detail"),
        (ProposeEntry("registry", "正名", WHY, "", "reviewer"), Reason.VALUE_INVALID, "unlocked_by"),
        (ProposeEntry("content", "跑分", WHY, "nonsense"), Reason.VALUE_INVALID, "detail"),
        (ProposeEntry("country", "花旗国", WHY, "us"), Reason.VALUE_INVALID, "detail"),
        (ProposeEntry("place", "雄安市", WHY, "110000"), Reason.VALUE_INVALID, "detail"),
        (ProposeEntry("place", "雄安市", WHY, "999901"), Reason.VALUE_INVALID, "detail"),
        (ProposeEntry("content", "赌博", WHY, "vice"), Reason.ALREADY_EXISTS, "word"),
        (ProposeEntry("country", "日本國", WHY, "JP"), Reason.ALREADY_EXISTS, "word"),
        (ProposeEntry("registry", "nic", WHY), Reason.ALREADY_EXISTS, "word"),
    ],
)
async def test_what_cannot_be_entered_is_refused(
    people: Runner, order: ProposeEntry, reason: Reason, where: str
) -> None:
    """A proposal is checked in full, and a word that ships with the product is not entered again."""
    with pytest.raises(Refusal) as caught:
        await people.run(ALICE, lambda act: propose_entry(act, order))

    assert (caught.value.reason, caught.value.where) == (reason, where)


async def test_a_word_is_entered_once(people: Runner) -> None:
    """Not while it waits, not while it is in force, in no spelling; after its end it may come back."""
    change = await propose(people, "content", "跑分团", detail="vice")
    again = ProposeEntry("content", "跑分團", WHY, "vice")
    assert await reason_of(people, BOB, lambda act: propose_entry(act, again)) is Reason.ALREADY_EXISTS
    entry = (await approve(people, change.id)).entry_id
    assert entry
    assert await reason_of(people, BOB, lambda act: propose_entry(act, again)) is Reason.ALREADY_EXISTS

    end = await people.run(BOB, lambda act: withdraw_entry(act, entry, "已不再使用"))
    assert await reason_of(people, BOB, lambda act: withdraw_entry(act, entry, WHY)) is Reason.ALREADY_EXISTS
    await approve(people, end.id, by=ALICE)
    assert (await propose(people, "content", "跑分团", detail="vice")).state == "proposed"


async def test_taking_a_word_out_needs_two_people_as_well(people: Runner) -> None:
    """Until the second person approves, the word still guards; afterwards it does not, and old versions can be shown."""
    entered = await enter(people, "content", "跑分", detail="vice")
    assert entered.entry_id
    end = await people.run(ALICE, lambda act: withdraw_entry(act, entered.entry_id or 0, "已不再使用"))
    assert outcomes(await judged(people, "跑分.公益"), "CONTENT.PROHIBITED") == ["refuse"]
    assert await reason_of(people, ALICE, lambda act: approve_entry(act, end.id)) is Reason.NOT_PERMITTED

    assert (await approve(people, end.id)).version == 2
    assert outcomes(await judged(people, "跑分.公益"), "CONTENT.PROHIBITED") == []

    async def old(act: Act) -> tuple[int, int]:
        return len((await show_lists(act, 1)).entries), len((await show_lists(act)).entries)

    assert await people.run(BOB, old) == (1, 0)


async def test_a_proposal_can_be_taken_back(people: Runner) -> None:
    """It waits no longer, cannot be approved, and the word may be proposed again."""
    change = await propose(people, "registry", "正名")
    await people.run(ALICE, lambda act: withdraw_proposal(act, change.id))

    assert await reason_of(people, BOB, lambda act: approve_entry(act, change.id)) is Reason.STATUS_FORBIDS
    assert (await propose(people, "registry", "正名")).state == "proposed"
    assert await reason_of(people, BOB, lambda act: approve_entry(act, 99)) is Reason.NOT_FOUND
    assert await reason_of(people, BOB, lambda act: withdraw_entry(act, 99, WHY)) is Reason.NOT_FOUND


async def test_a_word_may_be_left_to_reviewers(people: Runner) -> None:
    """Where the entry says so, its refusal is a review; what else is wrong with the name still refuses."""
    name = "清华大学新开发银行.公益"
    await enter(people, "organisation", "新开发银行", detail="anywhere", unlocked_by="reviewer")
    found = await judged(people, name)

    assert outcomes(found, "RESERVED.ORGANISATION") == ["review"]
    told = next(finding.message for finding in found.findings if finding.rule == "RESERVED.ORGANISATION")
    assert "审核人员" in told.zh
    assert "reviewer" in told.en
    assert found.decision == ("refuse" if any(f.outcome == "refuse" for f in found.findings) else "review")


async def test_the_exact_name_wins_over_an_entry(people: Runner) -> None:
    """A word that stands in the body's own full name does not take it away."""
    await enter(people, "content", "清华", detail="law")

    assert (await judged(people, "清华大学.公益")).decision == "pass"


async def test_simultaneous_approvals_are_two_versions(people: Runner) -> None:
    """Two people who approve different words at the same moment make version 1 and version 2, each with its own seal."""
    first, second = await propose(people, "registry", "正名"), await propose(people, "registry", "改名")
    done = await asyncio.gather(approve(people, first.id), approve(people, second.id, by=Caller("person", "carol")))

    assert sorted(change.version for change in done) == [1, 2]
    assert len({change.seal for change in done}) == 2


async def test_every_edit_is_remembered(people: Runner) -> None:
    """History, audit chain and change feed hold the proposal and the approval with both people."""
    change = await enter(people, "registry", "正名")
    rows = await people.db.fetch("select act, actor, snapshot from history where object = 'list' order by id")

    assert [(row["act"], row["actor"]) for row in rows] == [
        ("list.proposed", "person:alice"),
        ("list.approved", "person:bob"),
    ]
    assert rows[1]["snapshot"]["proposed_by"] == "alice"
    assert (
        await people.db.fetchval("select count(*) from audit_entry where subject = $1", f"list-change-{change.id}") == 2
    )
    assert await people.db.fetchval("select count(*) from change where kind = 'list.approved'") == 1


async def test_the_commands_show_and_edit(
    people: Runner, db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """``list propose``, ``approve``, ``withdraw`` and ``show`` do on the command line what the flows do."""
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", db.dsn)

    async def run(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(main, ["list", *words, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out + said.err

    code, said = await run("propose", "content", "跑分", "--detail", "vice", "--reason", WHY, "--by", "alice")
    number = str(json.loads(said)["id"])
    assert code == 0
    assert "待批准" in (await run("show"))[1]
    code, said = await run("approve", number, "--by", "alice")
    assert code == 1
    assert "另一人" in said
    code, said = await run("approve", number, "--by", "bob")
    assert json.loads(said)["version"] == 1
    code, said = await run("show")
    assert "第 1 版" in said
    assert "跑分" in said
    entry = str(json.loads((await run("show", "--json"))[1])["entries"][0]["id"])
    assert (await run("withdraw", "--entry", entry, "--reason", WHY, "--by", "bob"))[0] == 0
    assert (await run("withdraw", "--proposal", "2", "--by", "alice"))[0] == 0
