"""What reviewers decide: kept for the next comparison, turned into work for the owner, never into a change of somebody's row."""

import pytest

from registry.flows.act import Caller
from registry.flows.comparison.corrections import apply_correction, close_correction, list_corrections
from registry.flows.comparison.settle_finding import SettleFinding, settle_finding
from registry.flows.comparison.show import read_card
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person
from registry.store.comparisons import Finding
from tests.comparison.world import (
    ABROAD,
    CENTRAL,
    COUNTY,
    GONE,
    LIBRARY,
    OPERATOR,
    PROVINCE,
    ROWS,
    SCHOOL,
    SILENT,
    TWIN,
    fill,
    found,
    laid,
    settled,
)  # fmt: skip


@pytest.fixture
async def county(runner: Runner) -> Runner:
    """The bodies of the county."""
    await fill(runner)
    return runner


async def finding(runner: Runner, number: int, kind: str, uscc: str = "") -> Finding:
    """The one finding of this kind about this body."""
    return next(one for one in await found(runner, number, kind) if uscc in ("", one.uscc))


async def reason_of(work: object) -> Reason:
    """Why it was refused."""
    with pytest.raises(Refusal) as refused:
        await work  # type: ignore[misc]  # any coroutine
    return refused.value.reason


async def test_ours_is_right_and_is_not_asked_again(county: Runner) -> None:
    """A settled difference that is unchanged is settled in the next comparison of the department; a changed value is asked again."""
    first = (await laid(county)).laid.comparison
    after, task = await settled(county, await finding(county, first, "different", LIBRARY), "ours")
    assert (after.state, task) == ("settled", None)
    second = (await laid(county)).laid.comparison
    kept = await finding(county, second, "different", LIBRARY)
    assert (kept.state, kept.kept) == ("settled", ["legal_representative"])
    third = (await laid(county, ROWS.replace("李四", "王五"))).laid.comparison
    assert (await finding(county, third, "different", LIBRARY)).state == "open"


async def test_theirs_is_right_opens_a_task_and_changes_nothing(county: Runner) -> None:
    """The row stays as it is; the owning province is told and has thirty days."""
    number = (await laid(county)).laid.comparison
    after, task = await settled(county, await finding(county, number, "different", LIBRARY), "theirs", CENTRAL)
    assert after.state == "settled"
    row = await county.db.fetchrow("select centre, uscc, kind, state, asked from correction_task")
    assert tuple(row) == ("43", LIBRARY, "correct", "open", {"legal_representative": ["张三", "李四"]})
    assert await county.db.fetchval("select legal_representative from body where uscc = $1", LIBRARY) == "张三"
    assert (
        await county.db.fetchval("select recipient from notice where kind = 'correction.opened'") == "province:430000"
    )
    acts = [row["act"] for row in await county.db.fetch("select act from audit_entry order by id desc limit 2")]
    assert set(acts) == {"comparison.settled", "correction.opened"}
    assert getattr(task, "due_at", None) is not None


async def test_the_owner_applies_and_can_take_back(county: Runner) -> None:
    """The owning centre's reviewer applies the task as an import: the row, its past, the task and the audit entry together."""
    number = (await laid(county)).laid.comparison
    _, task = await settled(county, await finding(county, number, "different", SCHOOL), "theirs")
    number_of_task = str(getattr(task, "id", ""))
    assert await reason_of(apply_correction(county, CENTRAL, number_of_task)) is Reason.NOT_PERMITTED
    assert await reason_of(apply_correction(county, ABROAD, number_of_task)) is Reason.NOT_FOUND
    report = await apply_correction(county, PROVINCE, number_of_task)
    assert report.updated == 1
    assert await county.db.fetchval("select name from body where uscc = $1", SCHOOL) == "长沙县一中"
    assert await county.db.fetchval("select count(*) from body_name where uscc = $1 and role = 'former'", SCHOOL) == 1
    row = await county.db.fetchrow("select state, run from correction_task")
    assert tuple(row) == ("applied", report.run)
    assert await county.db.fetchval("select count(*) from audit_entry where act = 'correction.applied'") == 1
    assert await reason_of(apply_correction(county, PROVINCE, number_of_task)) is Reason.STATUS_FORBIDS


async def test_the_owner_declines(county: Runner) -> None:
    """A task is declined with a reason by the owner alone; the list of open tasks is empty afterwards."""
    number = (await laid(county)).laid.comparison
    await settled(county, await finding(county, number, "here", SILENT), "theirs")

    async def close(person: Person, outcome: str, reason: str) -> object:
        (task,) = (await county.read(Caller("person", "x"), lambda act: list_corrections(act, PROVINCE))).tasks
        assert task.kind == "end"
        return await county.run(
            Caller("person", "x"), lambda act: close_correction(act, person, str(task.id), outcome, reason)
        )

    assert await reason_of(close(PROVINCE, "declined", "")) is Reason.PARAMETER_MISSING
    assert await reason_of(close(PROVINCE, "forgotten", "x")) is Reason.VALUE_INVALID
    assert await reason_of(close(CENTRAL, "declined", "x")) is Reason.NOT_PERMITTED
    await close(PROVINCE, "declined", "机构仍在运转")
    assert (await county.read(Caller("person", "x"), lambda act: list_corrections(act, PROVINCE))).tasks == ()


async def test_there_opens_a_task_to_add(county: Runner) -> None:
    """A body that only they know becomes work to register it, with what they say of it; it is not applied without a whole row."""
    number = (await laid(county)).laid.comparison
    one = next(one for one in await found(county, number, "there") if one.state == "open")
    _, task = await settled(county, one, "theirs")
    row = await county.db.fetchrow("select kind, uscc, name, asked->'name'->>1 as told from correction_task")
    assert tuple(row) == ("add", "", "长沙县星沙志愿服务队", "长沙县星沙志愿服务队")
    assert await reason_of(apply_correction(county, PROVINCE, str(getattr(task, "id", "")))) is Reason.POLICY_FORBIDS
    await laid(county)
    assert {one.state for one in await found(county, number + 1, "there")} == {"settled", "none"}


async def test_an_ambiguous_row_is_linked_and_remembered(county: Runner) -> None:
    """The reviewer's choice makes a pair, ends the question whether the body is missing, and matches by itself next time."""
    number = (await laid(county)).laid.comparison
    one = await finding(county, number, "ambiguous")
    assert await reason_of(settled(county, one, "linked", uscc=LIBRARY)) is Reason.VALUE_INVALID
    assert await reason_of(settled(county, one, "ours")) is Reason.VALUE_INVALID
    after, _ = await settled(county, one, "linked", uscc=TWIN)
    assert (after.kind, after.uscc, after.how) == ("different", TWIN, "linked")
    counted = await county.db.fetch(
        "select kind, state, sum(many)::bigint as n from comparison_count where field = '' group by 1, 2 having sum(many) > 0"
    )
    real = await county.db.fetch("select kind, state, count(*) from comparison_finding group by 1, 2")
    assert {tuple(row) for row in counted} == {tuple(row) for row in real}
    second = (await laid(county)).laid.comparison
    assert (await finding(county, second, "different", TWIN)).how == "linked"
    assert await found(county, second, "ambiguous") == []


async def test_none_of_them_is_remembered_while_they_are_the_same(county: Runner) -> None:
    """“None of these” is not asked again as long as the candidates are the same."""
    number = (await laid(county)).laid.comparison
    after, _ = await settled(county, await finding(county, number, "ambiguous"), "separate")
    assert after.state == "settled"
    second = (await laid(county)).laid.comparison
    assert (await finding(county, second, "ambiguous")).state == "settled"


async def test_each_field_has_its_own_verdict(county: Runner) -> None:
    """Of two differences one may be ours and one theirs; only theirs goes to the owner; a field without a verdict is asked for."""
    number = (
        await laid(county, ROWS.replace("长沙县图书馆,430121,李四,84011234", "长沙县图书馆,430121,李四,82220000"))
    ).laid.comparison
    one = await finding(county, number, "different", LIBRARY)
    assert await reason_of(settled(county, one, {"phone": "ours"})) is Reason.PARAMETER_MISSING
    assert await reason_of(settled(county, one, {"phone": "ours", "": "nonsense"})) is Reason.VALUE_INVALID
    await settled(county, one, {"phone": "ours", "legal_representative": "theirs"})
    assert await county.db.fetchval("select asked from correction_task") == {"legal_representative": ["张三", "李四"]}
    verdicts = await county.db.fetch("select field, verdict from comparison_settlement")
    assert {tuple(row) for row in verdicts} == {("phone", "ours"), ("legal_representative", "theirs")}


async def test_a_new_decision_takes_the_place_of_the_old(county: Runner) -> None:
    """Settling again replaces the verdict and withdraws the task that it had opened."""
    number = (await laid(county)).laid.comparison
    one = await finding(county, number, "different", LIBRARY)
    await settled(county, one, "theirs")
    await settled(county, one, "ours")
    assert await county.db.fetchval("select state from correction_task") == "declined"
    assert await county.db.fetchval("select verdict from comparison_settlement") == "ours"


async def test_postponed_stays_on_the_list(county: Runner) -> None:
    """A postponed finding is neither settled nor open, and the next comparison asks again."""
    number = (await laid(county)).laid.comparison
    after, _ = await settled(county, await finding(county, number, "different", GONE), "postponed")
    assert after.state == "postponed"
    second = (await laid(county)).laid.comparison
    assert (await finding(county, second, "different", GONE)).state == "open"


async def test_who_may_settle(county: Runner) -> None:
    """Reviewers of the place only; others do not even learn that there is such a finding; what agrees has nothing to settle."""
    number = (await laid(county)).laid.comparison
    one = await finding(county, number, "different", LIBRARY)
    assert await reason_of(settled(county, one, "ours", OPERATOR)) is Reason.NOT_PERMITTED
    assert await reason_of(settled(county, one, "ours", ABROAD)) is Reason.NOT_FOUND
    assert await reason_of(settled(county, await finding(county, number, "same"), "ours")) is Reason.STATUS_FORBIDS
    order = SettleFinding(str(number), str(one.id), {"": "theirs"}, "")
    assert (
        await reason_of(county.run(Caller("person", "x"), lambda act: settle_finding(act, COUNTY, order)))
        is Reason.PARAMETER_MISSING
    )
    late = SettleFinding(str(number), str(one.id), {"": "ours"}, seen="settled")
    assert (
        await reason_of(county.run(Caller("person", "x"), lambda act: settle_finding(act, COUNTY, late)))
        is Reason.STATUS_FORBIDS
    )
    for number_, finding_ in (("x", "1"), ("1", "9" * 30), (str(number), "0"), (str(number + 1), str(one.id))):
        lost = SettleFinding(number_, finding_, {"": "ours"})
        assert (
            await reason_of(county.run(Caller("person", "x"), lambda act, lost=lost: settle_finding(act, COUNTY, lost)))
            is Reason.NOT_FOUND
        )


async def test_the_card_shows_both_sides(county: Runner) -> None:
    """One finding side by side, its candidates with their scores, and what was decided before."""
    number = (await laid(county)).laid.comparison
    one = await finding(county, number, "different", LIBRARY)
    await settled(county, one, "theirs")
    card = await county.read(Caller("person", "x"), lambda act: read_card(act, COUNTY, str(number), str(one.id)))
    assert card.ours[0].values["legal_representative"] == "张三"
    assert card.theirs is not None
    assert card.theirs.values["legal_representative"] == "李四"
    assert card.settled["legal_representative"].verdict == "theirs"
    assert [task.kind for task in card.tasks] == ["correct"]
    doubtful = await finding(county, number, "ambiguous")
    card = await county.read(Caller("person", "x"), lambda act: read_card(act, COUNTY, str(number), str(doubtful.id)))
    assert len(card.ours) == 2
    assert all(side.score > 0.7 for side in card.ours)
