"""The life of an institution on paper and in the register: founded, changed, reported, missed, ended; with terms, proofs and notices."""

from datetime import UTC, datetime

import pytest

from registry.flows.act import Caller
from registry.flows.institution.accept import AcceptAct, accept_act
from registry.flows.institution.decide import DecideAct, decide_act
from registry.flows.institution.desk import read_institution_desk
from registry.flows.institution.draft import DraftAct, draft_act
from registry.flows.institution.liquidation import NoteLiquidation, note_liquidation
from registry.flows.institution.send_back import ReturnAct, return_act
from registry.flows.institution.submit import SubmitAct, submit_act
from registry.flows.runner import Runner
from registry.jobs.institution_terms import watch_institutions
from registry.kernel.errors import Reason, Refusal
from registry.model.institution import ActKind, ActMove, ActStage, ReportState
from registry.published import public_notices
from tests.institutions.place import (
    ABROAD,
    AGENCY,
    CODE,
    FIRST,
    FOUNDATION,
    OWN,
    REPORT,
    SECOND,
    SPONSOR,
    bring,
    do,
    filed,
    registered,
    stage_of,
)
from tests.kit.clock import FakeClock


async def test_founded_changed_reported_and_ended(county: Runner, clock: FakeClock) -> None:
    """Each act takes its way with terms, documents and two people, changes the register with its history, and is made known in public."""
    founded = await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION)
    await registered(county, founded)
    body = await county.db.fetchrow(
        "select name, status, sponsor_uscc, legal_representative from body where uscc = $1", CODE
    )
    assert body is not None
    assert tuple(body) == ("长沙县图书馆", "normal", SPONSOR.uscc, "李四")
    assert (
        await county.db.fetchval(
            "select count(*) from institution_certificate where uscc = $1 and state = 'valid'", CODE
        )
        == 1
    )

    clock.set(datetime(2026, 6, 1, 2, tzinfo=UTC))
    change = {"changed_on": "2026-05-20", "legal_representative": "王五", "basis": "任期届满"}
    await registered(county, await filed(county, OWN, ActKind.CHANGE, CODE, change))
    assert await county.db.fetchval("select legal_representative from body where uscc = $1", CODE) == "王五"
    assert (
        await county.db.fetchval("select state->>'legal_representative' from body_past where uscc = $1", CODE) == "李四"
    )

    clock.set(datetime(2027, 3, 1, 2, tzinfo=UTC))
    await registered(county, await filed(county, OWN, ActKind.REPORT, CODE, REPORT, 2026))
    assert await county.db.fetchval("select annual_report_year from body where uscc = $1", CODE) == 2026

    clock.set(datetime(2027, 9, 6, 2, tzinfo=UTC))
    noted = NoteLiquidation(CODE, "2027-06-01", "2027-09-01")
    await do(county, OWN, lambda act: note_liquidation(act, OWN, noted))
    ended = {"ground": "dissolved", "started_on": "2027-06-01", "ended_on": "2027-09-01", "note": "债权债务已清理完毕"}
    await registered(county, await filed(county, OWN, ActKind.CANCEL, CODE, ended))
    assert await county.db.fetchval("select status from body where uscc = $1", CODE) == "cancelled"
    assert (
        await county.db.fetchval(
            "select count(*) from institution_certificate where uscc = $1 and state = 'valid'", CODE
        )
        == 0
    )
    told = await public_notices.newest(county.db, CODE, "", 2**62, 10)
    assert [one.kind for one in told] == ["cancelled", "reported", "changed", "established"]
    assert all("长沙县图书馆" in one.title_zh for one in told)


async def test_a_missed_report_is_told_and_can_be_read(county: Runner, clock: FakeClock) -> None:
    """After 31 March the institution stands as overdue, it and its reviewers are told once, and a late report makes it good."""
    await registered(county, await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION))
    clock.set(datetime(2027, 3, 31, 2, tzinfo=UTC))
    await watch_institutions(county)
    desk = await county.read(Caller("person", "hall"), lambda act: read_institution_desk(act, OWN))
    assert dict(desk.reports)[2026] is ReportState.DUE
    assert desk.missing is None
    clock.set(datetime(2027, 4, 2, 2, tzinfo=UTC))
    assert await watch_institutions(county) >= 1
    assert await watch_institutions(county) == 0
    desk = await county.read(Caller("person", "hall"), lambda act: read_institution_desk(act, OWN))
    assert desk.missing == 2026
    told = {
        row["recipient"]
        for row in await county.db.fetch("select recipient from notice where kind like 'institution.%'")
    }
    assert CODE in told
    assert "county:430121" in told
    await registered(county, await filed(county, OWN, ActKind.REPORT, CODE, REPORT, 2026))
    desk = await county.read(Caller("person", "hall"), lambda act: read_institution_desk(act, OWN))
    assert desk.missing is None
    assert dict(desk.reports)[2026] is ReportState.PUBLISHED


async def test_nothing_is_filed_without_its_proofs(county: Runner) -> None:
    """A draft without its documents, or with a field that is wrong, stays a draft; the refusal names every one."""
    act_id = str(
        await do(county, AGENCY, lambda act: draft_act(act, AGENCY, DraftAct(ActKind.ESTABLISH, CODE, FOUNDATION)))
    )
    with pytest.raises(Refusal) as refused:
        await do(county, AGENCY, lambda act: submit_act(act, AGENCY, SubmitAct(act_id)))
    assert refused.value.reason is Reason.PARAMETER_MISSING
    await bring(county, act_id, AGENCY, ActKind.ESTABLISH)
    await do(county, AGENCY, lambda act: submit_act(act, AGENCY, SubmitAct(act_id)))
    assert await stage_of(county, act_id) == ActStage.FILED


async def test_only_the_own_desk_decides_and_never_one_alone(county: Runner) -> None:
    """A reviewer abroad does not find the act; the first reviewer cannot follow himself; a correction goes back and comes again."""
    act_id = await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION)
    with pytest.raises(Refusal) as refused:
        await do(county, ABROAD, lambda act: accept_act(act, ABROAD, AcceptAct(act_id)))
    assert refused.value.reason is Reason.NOT_FOUND
    await do(county, FIRST, lambda act: return_act(act, FIRST, ReturnAct(act_id, "请补充住所证明")))
    assert await stage_of(county, act_id) == ActStage.RETURNED
    await do(county, AGENCY, lambda act: submit_act(act, AGENCY, SubmitAct(act_id, "已补充")))
    await do(county, FIRST, lambda act: accept_act(act, FIRST, AcceptAct(act_id)))
    approve = DecideAct(act_id, ActMove.APPROVE, "同意")
    await do(county, FIRST, lambda act: decide_act(act, FIRST, approve))
    assert await county.db.fetchval("select count(*) from body where uscc = $1", CODE) == 0
    with pytest.raises(Refusal) as refused:
        await do(county, FIRST, lambda act: decide_act(act, FIRST, approve))
    assert refused.value.reason is Reason.NOT_PERMITTED
    await do(county, SECOND, lambda act: decide_act(act, SECOND, approve))
    assert await stage_of(county, act_id) == ActStage.REGISTERED


async def test_who_does_not_correct_in_time_begins_anew(county: Runner, clock: FakeClock) -> None:
    """An act that was sent back and not corrected within its term is closed by time, once."""
    act_id = await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION)
    await do(county, FIRST, lambda act: return_act(act, FIRST, ReturnAct(act_id, "请补充住所证明")))
    due = await county.db.fetchval("select due_on from institution_act where id = $1", act_id)
    clock.set(datetime(due.year, due.month, due.day, 2, tzinfo=UTC))
    await watch_institutions(county)
    assert await stage_of(county, act_id) == ActStage.RETURNED
    await clock.move(days=1)
    await watch_institutions(county)
    assert await stage_of(county, act_id) == ActStage.LAPSED
