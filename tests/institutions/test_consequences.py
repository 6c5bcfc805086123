"""What an act of an institution does elsewhere: names, decisions about names, imports, terms that pass, people who must not act."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from registry.establishment.importing import import_file
from registry.establishment.rollback import roll_back
from registry.flows.act import Caller
from registry.flows.institution.accept import AcceptAct, accept_act
from registry.flows.institution.card import read_act
from registry.flows.institution.decide import DecideAct, decide_act
from registry.flows.institution.decline import DeclineAct, decline_act
from registry.flows.institution.draft import DraftAct, ReviseAct, draft_act, revise_act
from registry.flows.institution.liquidation import NoteLiquidation, note_liquidation
from registry.flows.institution.send_back import ReturnAct, return_act
from registry.flows.institution.submit import SubmitAct, submit_act
from registry.flows.institution.withdraw import WithdrawAct, withdraw_act
from registry.flows.naming.judge import check_name
from registry.flows.runner import Runner
from registry.flows.verification.holder import judge_holder
from registry.jobs.institution_terms import watch_institutions
from registry.kernel.errors import Reason, Refusal
from registry.model.institution import ActKind, ActMove, ActStage
from registry.model.person import Person, Role
from registry.policy.codes import compose
from registry.store import body_import, body_past, body_tasks
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

ENDED = {"ground": "dissolved", "started_on": "2026-03-02", "ended_on": "2026-04-01", "note": "已清理完毕"}
RENAMED = {"changed_on": "2026-02-20", "name": "长沙县星沙图书馆", "basis": "机构更名"}


@pytest.fixture
async def hall(county: Runner) -> Runner:
    """The same county with the institution registered, holding a name."""
    await registered(county, await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION))
    await county.db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('registrar-a', '甲', '', now())"
    )
    await county.db.execute(
        """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by,
                               expires_at)
           values ('D1', 'xn--x.xn--55qw42g', '长沙县图书馆', 'xn--55qw42g', 's', 't', 'i', 'registrar-a', $1, now(), 'registrar-a', now())""",
        CODE,
    )
    return county


async def refused(runner: Runner, person: Person, flow: object) -> Reason:
    """The reason with which this act is refused."""
    with pytest.raises(Refusal) as caught:
        await runner.run(Caller("person", person.username), flow)  # type: ignore[arg-type]  # a flow
    return caught.value.reason


async def notices(runner: Runner, kind: str) -> list[tuple[str, str]]:
    """To whom notices of a kind went, with their severity."""
    rows = await runner.db.fetch("select recipient, severity from notice where kind = $1 order by id", kind)
    return [(row["recipient"], row["severity"]) for row in rows]


async def test_a_new_name_is_history_and_work_for_the_reviewer(hall: Runner, clock: FakeClock) -> None:
    """A registered rename keeps the old name with its days, opens the task about the names, and gives a new certificate for the old one."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    await registered(hall, await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED))
    async with hall.db.transaction() as conn:
        spans = {one.name: one for one in await body_past.name_spans(conn, CODE)}
        before = await body_past.as_of(conn, CODE, date(2026, 2, 1))
        (task,) = await body_tasks.of_body(conn, CODE)
    assert spans["长沙县图书馆"].role == "former"
    assert spans["长沙县图书馆"].valid_to == date(2026, 3, 2)
    assert before is not None
    assert before.body.name == "长沙县图书馆"
    assert (task.event, task.detail["name"], task.region) == ("renamed", ["长沙县图书馆", "长沙县星沙图书馆"], "430121")
    held = await hall.db.fetch("select state, ended_on, facts from institution_certificate order by number")
    assert [(one["state"], one["ended_on"]) for one in held] == [("replaced", date(2026, 3, 2)), ("valid", None)]
    assert held[1]["facts"]["name"] == "长沙县星沙图书馆"
    assert held[1]["facts"]["purpose"] == FOUNDATION["purpose"]
    facts = await hall.db.fetchval("select facts from public_notice where kind = 'changed'")
    assert ["名称", "name", "长沙县星沙图书馆"] in facts
    assert ["名称（原）", "name (before)", "长沙县图书馆"] in facts


async def test_a_cancellation_opens_the_task_and_leaves_dns_alone(hall: Runner, clock: FakeClock) -> None:
    """The name stays where it is, the reviewer finds a task with a clock, the registrar a message; the body is over for every further act."""
    clock.set(datetime(2026, 4, 10, 2, tzinfo=UTC))
    await registered(hall, await filed(hall, OWN, ActKind.CANCEL, CODE, ENDED))
    async with hall.db.transaction() as conn:
        (task,) = await body_tasks.of_body(conn, CODE)
    assert (task.event, task.state) == ("cancelled", "open")
    assert [one["unicode"] for one in task.names] == ["长沙县图书馆.公益"]
    assert await hall.db.fetchval("select statuses from domain") == []
    assert await hall.db.fetchval("select count(*) from poll_message where registrar_id = 'registrar-a'") == 1
    assert await hall.db.fetchval("select state from institution_certificate") == "surrendered"
    for kind in (ActKind.CHANGE, ActKind.CANCEL, ActKind.REPORT):
        reason = await refused(hall, OWN, lambda act, one=kind: draft_act(act, OWN, DraftAct(one, CODE, {}, 2025)))
        assert reason is Reason.STATUS_FORBIDS


async def test_a_body_that_is_split_is_followed_by_all(hall: Runner, clock: FakeClock) -> None:
    """Every successor of a split stands in the succession, and the notice names them."""
    parts = [compose("12", "430121", f"0000050{n}") for n in (1, 2)]
    clock.set(datetime(2026, 4, 10, 2, tzinfo=UTC))
    fields = ENDED | {"ground": "split", "successor_uscc": "，".join(parts)}
    await registered(hall, await filed(hall, OWN, ActKind.CANCEL, CODE, fields))
    async with hall.db.transaction() as conn:
        assert {one.successor for one in await body_past.successors_of(conn, CODE)} == set(parts)
    assert await hall.db.fetchval("select status from body where uscc = $1", CODE) == "split"


async def test_the_first_report_that_never_came_is_seen_by_the_name_decision(hall: Runner, clock: FakeClock) -> None:
    """From 1 April on a name and a code for the institution need a reviewer; once the report is in, nobody is asked."""

    async def stale() -> tuple[bool, bool]:
        name, _ = await hall.run(
            Caller("job", "t"), lambda act: check_name(act, "长沙县图书馆.公益", CODE, mapped=True)
        )
        body, _ = await hall.run(Caller("job", "t"), lambda act: judge_holder(act, CODE, "长沙县图书馆"))
        return tuple("HOLDER.STALE" in {one.rule for one in judged.findings} for judged in (name, body))  # type: ignore[return-value]  # two

    clock.set(datetime(2027, 3, 31, 2, tzinfo=UTC))
    assert await stale() == (False, False)
    clock.set(datetime(2027, 4, 1, 2, tzinfo=UTC))
    assert await stale() == (True, True)
    act_id = await filed(hall, OWN, ActKind.REPORT, CODE, REPORT, 2026)
    await registered(hall, act_id)
    assert await stale() == (False, False)
    assert await hall.db.fetchval("select outcome->'late' from institution_act where id = $1", act_id) == 1
    assert await refused(hall, OWN, submit_again) is Reason.ALREADY_EXISTS


async def submit_again(act: object) -> None:
    """The same year once more."""
    order = DraftAct(ActKind.REPORT, CODE, REPORT, 2026)
    act_id = await draft_act(act, OWN, order)  # type: ignore[arg-type]  # an act
    await act.conn.execute(  # type: ignore[attr-defined]  # an act
        """insert into document (id, subject_kind, subject, purpose, name, kind, octets, sha256, scan, key_id, taken_at, taken_by)
           values ('X', 'institution', $1, 'report', 'x.pdf', 'pdf', 1, $2, 'clean', 'k', now(), 'x')""",
        act_id,
        bytes(32),
    )
    await submit_act(act, OWN, SubmitAct(act_id))  # type: ignore[arg-type]  # an act


async def test_while_an_import_runs_nothing_is_decided(hall: Runner, clock: FakeClock) -> None:
    """The decision that would change the body is refused for the moment, leaves no trace, and passes afterwards."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    act_id = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    await do(hall, FIRST, lambda act: accept_act(act, FIRST, AcceptAct(act_id)))
    approve = DecideAct(act_id, ActMove.APPROVE)
    await do(hall, FIRST, lambda act: decide_act(act, FIRST, approve))
    async with hall.db.connection() as conn:
        await body_import.lock_imports(conn)
        assert await refused(hall, SECOND, lambda act: decide_act(act, SECOND, approve)) is Reason.UNAVAILABLE
        await body_import.unlock_imports(conn)
    assert await stage_of(hall, act_id) == ActStage.ENDORSED
    assert await hall.db.fetchval("select count(*) from public_notice") == 1
    assert await hall.db.fetchval("select name from body where uscc = $1", CODE) == "长沙县图书馆"
    await do(hall, SECOND, lambda act: decide_act(act, SECOND, approve))
    assert await stage_of(hall, act_id) == ActStage.REGISTERED


async def test_an_import_goes_on_after_an_act_and_cannot_take_it_back(
    hall: Runner, clock: FakeClock, tmp_path: Path
) -> None:
    """A province's file changes the body like any other; the run of a registered act is not rolled back, nor the notice ever changed."""
    run = await hall.db.fetchval("select (outcome->>'run')::bigint from institution_act")
    with pytest.raises(Refusal) as caught:
        await roll_back(hall.db, run, actor="operator:test", clock=clock)
    assert caught.value.reason is Reason.LINKED
    await clock.move(days=1)
    path = tmp_path / "delta.csv"
    path.write_text(f"uscc,name,level,phone\n{CODE},长沙县图书馆,county,0731-1\n", encoding="utf-8")
    report = await import_file(hall.db, path, snapshot=False, actor="operator:test", clock=clock)
    assert (report.updated, report.rejected) == (1, 0)
    for sql in ("update public_notice set title_zh = 'x'", "delete from public_notice", "delete from institution_step"):
        with pytest.raises(Exception, match="append-only"):
            await hall.db.execute(sql)


async def test_terms_that_pass_are_told_once_even_after_missed_runs(hall: Runner, clock: FakeClock) -> None:
    """Three working days to accept, thirty to decide, fifteen after a liquidation: each is told to the desk and the institution, once."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    act_id = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    card = await hall.read(Caller("person", "first"), lambda act: read_act(act, FIRST, act_id))
    assert (card.act.due_on, card.days_left) == (date(2026, 3, 5), 3)
    clock.set(datetime(2026, 3, 5, 2, tzinfo=UTC))
    assert await watch_institutions(hall) == 0
    clock.set(datetime(2026, 3, 9, 2, tzinfo=UTC))  # nobody looked for three days
    assert [await watch_institutions(hall) for _ in range(3)] == [1, 0, 0]
    assert await notices(hall, "institution.overdue") == [("county:430121", "urgent"), (CODE, "news")]
    card = await hall.read(Caller("person", "first"), lambda act: read_act(act, FIRST, act_id))
    assert card.days_left == -2
    await do(hall, FIRST, lambda act: accept_act(act, FIRST, AcceptAct(act_id)))
    due = await hall.db.fetchval("select due_on from institution_act where id = $1", act_id)
    assert due > date(2026, 3, 9) + timedelta(days=40)  # thirty working days, with the holiday of Qingming
    clock.set(datetime.combine(due - timedelta(days=3), datetime.min.time(), UTC))
    assert await watch_institutions(hall) == 1
    assert await notices(hall, "institution.due_soon") == [("county:430121", "urgent")]
    clock.set(datetime.combine(due + timedelta(days=1), datetime.min.time(), UTC))
    assert await watch_institutions(hall) == 1
    assert len(await notices(hall, "institution.overdue")) == 4


async def test_a_liquidation_that_nobody_follows_up_is_told(hall: Runner, clock: FakeClock) -> None:
    """Fifteen working days after it ended the institution and its reviewers hear of it; a cancellation that is filed late says by how much."""
    clock.set(datetime(2026, 4, 2, 2, tzinfo=UTC))
    await do(hall, OWN, lambda act: note_liquidation(act, OWN, NoteLiquidation(CODE, "2026-03-02", "2026-04-01")))
    due = await hall.db.fetchval("select due_on from institution_liquidation")
    assert due == date(2026, 4, 23)  # 4 to 6 April is Qingming
    clock.set(datetime(2026, 4, 23, 2, tzinfo=UTC))
    assert await watch_institutions(hall) == 0
    clock.set(datetime(2026, 4, 27, 2, tzinfo=UTC))
    assert [await watch_institutions(hall) for _ in range(2)] == [1, 0]
    assert await notices(hall, "institution.liquidation_overdue") == [(CODE, "urgent"), ("county:430121", "action")]
    act_id = await filed(hall, OWN, ActKind.CANCEL, CODE, ENDED)
    card = await hall.read(Caller("person", "first"), lambda act: read_act(act, FIRST, act_id))
    assert card.late == 2
    for days in (("2026-03-02", "2026-03-01"), ("", "2026-04-01"), ("2027-01-01", ""), ("31 March", "")):
        reason = await refused(hall, OWN, lambda act, d=days: note_liquidation(act, OWN, NoteLiquidation(CODE, *d)))
        assert reason in {Reason.VALUE_INVALID, Reason.PARAMETER_MISSING}


async def test_a_certificate_that_ends_is_renewed(hall: Runner, clock: FakeClock) -> None:
    """A change that changes nothing is refused, but for a certificate that ends within thirty days, of which the institution is told."""
    same = {"changed_on": "2026-01-12", "name": FOUNDATION["name"], "basis": "换证"}
    act_id = str(await do(hall, OWN, lambda act: draft_act(act, OWN, DraftAct(ActKind.CHANGE, CODE, same))))
    await bring(hall, act_id, OWN, ActKind.CHANGE)
    reason = await refused(hall, OWN, lambda act: submit_act(act, OWN, SubmitAct(act_id)))
    assert reason is Reason.VALUE_INVALID
    clock.set(datetime(2030, 12, 20, 2, tzinfo=UTC))
    await watch_institutions(hall)
    assert await notices(hall, "institution.certificate_ending") == [(CODE, "action")]
    await do(hall, OWN, lambda act: submit_act(act, OWN, SubmitAct(act_id)))
    await registered(hall, act_id)
    valid = await hall.db.fetchrow("select valid_until from institution_certificate where state = 'valid'")
    assert valid is not None
    assert valid["valid_until"] == date(2035, 12, 19)
    assert await hall.db.fetchval("select valid_until from body where uscc = $1", CODE) == date(2035, 12, 19)


async def test_one_matter_at_a_time_and_reports_beside_it(hall: Runner, clock: FakeClock) -> None:
    """While a change is open no cancellation is filed, a report is; a withdrawn one makes room."""
    clock.set(datetime(2027, 2, 1, 2, tzinfo=UTC))
    change = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    cancel = str(await do(hall, OWN, lambda act: draft_act(act, OWN, DraftAct(ActKind.CANCEL, CODE, ENDED))))
    await bring(hall, cancel, OWN, ActKind.CANCEL)
    submit = SubmitAct(cancel)
    assert await refused(hall, OWN, lambda act: submit_act(act, OWN, submit)) is Reason.ALREADY_EXISTS
    await filed(hall, OWN, ActKind.REPORT, CODE, REPORT, 2026)
    await do(hall, OWN, lambda act: withdraw_act(act, OWN, WithdrawAct(change)))
    await do(hall, OWN, lambda act: submit_act(act, OWN, submit))
    assert await stage_of(hall, cancel) == ActStage.FILED


async def test_who_drew_it_up_or_belongs_to_it_does_not_decide(hall: Runner, clock: FakeClock) -> None:
    """A reviewer who files at the counter, one of the institution itself, one of its sponsor, one of another county, an agency: none decides."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    act_id = await filed(hall, FIRST, ActKind.CHANGE, CODE, RENAMED)
    own = Person("r-own", Role.REVIEWER_COUNTY, "430121", CODE)
    assert await refused(hall, own, lambda act: accept_act(act, own, AcceptAct(act_id))) is Reason.NOT_PERMITTED
    await do(hall, SECOND, lambda act: accept_act(act, SECOND, AcceptAct(act_id)))
    approve = DecideAct(act_id, ActMove.APPROVE)
    for person, expected in ((FIRST, Reason.NOT_PERMITTED), (own, Reason.NOT_PERMITTED), (ABROAD, Reason.NOT_FOUND),
                             (OWN, Reason.NOT_PERMITTED), (AGENCY, Reason.NOT_FOUND)):  # fmt: skip
        assert await refused(hall, person, lambda act, by=person: decide_act(act, by, approve)) is expected
    await do(hall, SECOND, lambda act: decide_act(act, SECOND, approve))
    stale = DecideAct(act_id, ActMove.APPROVE, seen="accepted")
    city = Person("city", Role.REVIEWER_CITY, "430100")
    assert await refused(hall, city, lambda act: decide_act(act, city, stale)) is Reason.STATUS_FORBIDS
    await do(hall, city, lambda act: decide_act(act, city, approve))
    assert await stage_of(hall, act_id) == ActStage.REGISTERED


async def test_what_is_refused_or_declined_says_why_and_changes_nothing(hall: Runner, clock: FakeClock) -> None:
    """A refusal needs its reason and two people; neither it nor a refusal to accept touches the register or is made public."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    declined = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    assert (
        await refused(hall, FIRST, lambda act: decline_act(act, FIRST, DeclineAct(declined, " ")))
        is Reason.PARAMETER_MISSING
    )
    await do(hall, FIRST, lambda act: decline_act(act, FIRST, DeclineAct(declined, "不属本机关管辖")))
    act_id = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    await do(hall, FIRST, lambda act: accept_act(act, FIRST, AcceptAct(act_id)))
    no = DecideAct(act_id, ActMove.REFUSE, "名称与批复不符")
    assert (
        await refused(hall, FIRST, lambda act: decide_act(act, FIRST, DecideAct(act_id, ActMove.REFUSE)))
        is Reason.PARAMETER_MISSING
    )
    for person in (FIRST, SECOND):
        await do(hall, person, lambda act, by=person: decide_act(act, by, no))  # type: ignore[misc]  # a default binds the loop's value
    assert await stage_of(hall, act_id) == ActStage.REFUSED
    assert await hall.db.fetchval("select name from body where uscc = $1", CODE) == "长沙县图书馆"
    assert await hall.db.fetchval("select count(*) from public_notice") == 1
    texts = await hall.db.fetch("select text_zh from notice where recipient = $1 order by id desc limit 1", CODE)
    assert "名称与批复不符" in texts[0]["text_zh"]


async def test_what_was_sent_back_is_mended_by_its_author_alone(hall: Runner, clock: FakeClock) -> None:
    """After a return the fields open again, an answer is needed, a colleague's older page writes nothing over, and nobody else may."""
    clock.set(datetime(2026, 3, 2, 2, tzinfo=UTC))
    act_id = await filed(hall, OWN, ActKind.CHANGE, CODE, RENAMED)
    change = ReviseAct(act_id, RENAMED | {"basis": "县编办批复"}, 1)
    assert await refused(hall, OWN, lambda act: revise_act(act, OWN, change)) is Reason.STATUS_FORBIDS
    await do(hall, FIRST, lambda act: return_act(act, FIRST, ReturnAct(act_id, "请写明批复文号")))
    assert await refused(hall, FIRST, lambda act: revise_act(act, FIRST, change)) is Reason.NOT_PERMITTED
    await do(hall, OWN, lambda act: revise_act(act, OWN, change))
    assert await refused(hall, OWN, lambda act: revise_act(act, OWN, change)) is Reason.STATUS_FORBIDS
    assert await refused(hall, OWN, lambda act: submit_act(act, OWN, SubmitAct(act_id))) is Reason.PARAMETER_MISSING
    await do(hall, OWN, lambda act: submit_act(act, OWN, SubmitAct(act_id, "已写明")))
    assert await stage_of(hall, act_id) == ActStage.FILED


async def test_only_institutions_and_only_ones_own(county: Runner) -> None:
    """Organs are registered elsewhere; another body's agency and another county's reviewer cannot draw up; wrong codes are told as such."""
    organ = DraftAct(ActKind.CHANGE, SPONSOR.uscc, {})
    assert await refused(county, AGENCY, lambda act: draft_act(act, AGENCY, organ)) is Reason.POLICY_FORBIDS
    wrong = DraftAct(ActKind.ESTABLISH, "12430121000004020X", {})
    assert await refused(county, AGENCY, lambda act: draft_act(act, AGENCY, wrong)) is Reason.VALUE_INVALID
    founded = DraftAct(ActKind.ESTABLISH, CODE, FOUNDATION)
    assert await refused(county, ABROAD, lambda act: draft_act(act, ABROAD, founded)) is Reason.NOT_PERMITTED
    await registered(county, await filed(county, AGENCY, ActKind.ESTABLISH, CODE, FOUNDATION))
    change = DraftAct(ActKind.CHANGE, CODE, {})
    for person in (AGENCY, ABROAD):
        assert await refused(county, person, lambda act, by=person: draft_act(act, by, change)) is Reason.NOT_FOUND
    assert await refused(county, AGENCY, lambda act: draft_act(act, AGENCY, founded)) is Reason.ALREADY_EXISTS
    operator = Person("operator", Role.OPERATOR)
    assert await refused(county, operator, lambda act: draft_act(act, operator, change)) is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("field", "value"),
    [("capital", "-1"), ("capital", "1e400"), ("capital", "0"), ("capital", "12.345"), ("funding", "bribes"), ("sponsor_uscc", "1" * 18),
     ("sponsor_uscc", CODE), ("name", ""), ("name", "长" * 201), ("purpose", "\u202e\u200b"), ("approval", " ")],
)  # fmt: skip
async def test_a_field_that_is_wrong_is_named(county: Runner, field: str, value: str) -> None:
    """A draft may be half filled in; what is filed is whole, and each fault is told at its field."""
    sent = FOUNDATION | {field: value}
    try:
        act_id = await do(county, AGENCY, lambda act: draft_act(act, AGENCY, DraftAct(ActKind.ESTABLISH, CODE, sent)))
        await bring(county, str(act_id), AGENCY, ActKind.ESTABLISH)
        await do(county, AGENCY, lambda act: submit_act(act, AGENCY, SubmitAct(str(act_id))))
    except Refusal as refusal:
        assert field in {one.where for one in refusal.problems}  # noqa: PT017  # drafting or filing refuses, by the fault
    else:
        pytest.fail("it was filed")
