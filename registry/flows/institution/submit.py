"""提交: a draft is filed, or what was sent back comes again, whole and with everything that proves it. The term to accept it begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.flows.act import Act
from registry.flows.institution.draft import check_editing, snapshot_of
from registry.flows.institution.reach import find_act_within
from registry.flows.institution.steps import move_act
from registry.flows.institution.terms import day_of, days_late, liquidation_due, term_of
from registry.flows.institution.told import tell_desk
from registry.flows.said import said_text
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.model.institution import ActKind, ActMove, ActStage
from registry.model.person import Person
from registry.policy.institution_fields import Items, read_fields
from registry.policy.institutions import ITEMS, PURPOSES, RENEWAL_DAYS, lacking_purposes
from registry.store import bodies, documents, institution_records, institutions
from registry.store.institutions import InstitutionAct, Moved


@dataclass(frozen=True, slots=True)
class SubmitAct:
    """``text`` says what was corrected; it is needed when the act was sent back."""

    act_id: str
    text: str = ""


async def submit_act(act: Act, by: Person, order: SubmitAct) -> None:
    """Put it before the reviewers.

    Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS (filed already; the body is no more), PARAMETER_MISSING (a field, a document,
    the answer), VALUE_INVALID (a field; nothing changes), ALREADY_EXISTS (another matter of the body is open; the year was reported).
    """
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_editing(by, found)
    move = ActMove.SUBMIT if found.stage_now is ActStage.DRAFT else ActMove.ANSWER
    text = order.text.strip()
    if move is ActMove.ANSWER:
        text = said_text(order.text, "请说明补正了什么", "please say what you corrected")
    read_fields(found.kind_now, found.fields, day_of(act.now), is_whole=True)
    await _check_body(act, found)
    await _check_documents(act, found)
    to = Moved(ActStage.FILED, due_on=term_of(ActStage.FILED, act.now), filed_at=act.now)
    try:
        async with act.conn.transaction():
            await move_act(act, by, found, move, to, text)
    except UniqueViolation as error:
        raise await _taken(act, found) from error
    await act.remember("institution.filed", found.id, {**snapshot_of(found), "stage": to.stage.value})
    late = _late(act, found)
    more = Text(f"已超过法定期限 {late} 个工作日。", f" It is {late} working days late.") if late else Text("", "")
    await tell_desk(
        act, found, "filed", Text(f"请在 {to.due_on} 前受理或告知补正。{more.zh}", f"Accept it or ask for a correction by {to.due_on}.{more.en}")
    )  # fmt: skip


async def _check_body(act: Act, found: InstitutionAct) -> None:
    body = await bodies.find_body(act.conn, found.uscc)
    if found.kind_now is ActKind.ESTABLISH:
        if body is not None:
            zh, en = "这个代码已有登记单位", "a body with this code is registered already"
            raise Refusal(Reason.ALREADY_EXISTS, zh, en, where="uscc", value=found.uscc)
        return
    if body is None or (not body.alive and body.status != "suspended"):
        raise Refusal(Reason.STATUS_FORBIDS, "这个单位已经终止", "the body is no more", where="uscc", value=found.uscc)
    await check_change(act, found)


async def check_change(act: Act, found: InstitutionAct) -> None:
    """Refuse (VALUE_INVALID) a change that changes nothing, unless it renews a certificate that ends soon (换证)."""
    if found.kind_now is not ActKind.CHANGE or (await items_of(act, found.uscc)).changed(found.fields):
        return
    held = await institution_records.certificates(act.conn, found.uscc)
    if not any(
        one.state == "valid" and one.valid_until <= day_of(act.now) + timedelta(days=RENEWAL_DAYS) for one in held
    ):
        zh, en = "所填内容与现有登记完全相同", "nothing would change"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="fields")


async def items_of(act: Act, uscc: str) -> Items:
    """The registered items of today: those of the certificate, and what the register of bodies says where it knows better."""
    body = await bodies.find_body(act.conn, uscc)
    held = await institution_records.certificates(act.conn, uscc)
    values = dict(held[0].facts) if held else {}
    if body is not None:
        on_file = {key: getattr(body, key, "") for key in ITEMS}
        values |= {key: value for key, value in on_file.items() if value}
    return Items(values)


async def _check_documents(act: Act, found: InstitutionAct) -> None:
    brought = {one.purpose for one in await documents.of_subject(act.conn, "institution", found.id)}
    lacking = lacking_purposes(found.kind_now, brought)
    if lacking:
        zh, en = (sep.join(part) for sep, part in (
            ("、", [PURPOSES[one].zh for one in lacking]), (", ", [PURPOSES[one].en for one in lacking])
        ))  # fmt: skip
        problems = tuple(
            Problem(Reason.PARAMETER_MISSING, Text(f"缺少：{PURPOSES[one].zh}", f"missing: {PURPOSES[one].en}"), one)
            for one in lacking
        )
        raise Refusal(
            Reason.PARAMETER_MISSING, f"还缺少材料：{zh}", f"documents are missing: {en}", where="documents", problems=problems
        )  # fmt: skip


async def _taken(act: Act, found: InstitutionAct) -> Refusal:
    if found.kind_now is ActKind.REPORT:
        zh, en = f"{found.year} 年度的报告已经提交", f"the report of {found.year} was filed before"
        return Refusal(Reason.ALREADY_EXISTS, zh, en, where="year", value=str(found.year))
    other = await institutions.open_matter(act.conn, found.uscc)
    zh, en = (
        "本单位另有一件登记事项正在办理，办结后再提交",
        "another matter of the body is open; file this one afterwards",
    )
    return Refusal(Reason.ALREADY_EXISTS, zh, en, where="act", value=other or "")


def _late(act: Act, found: InstitutionAct) -> int:
    """By how many working days it comes after its term, where the law gives one."""
    if found.kind_now is not ActKind.CANCEL:
        return 0
    return days_late(day_of(act.now), liquidation_due(day_in(found, "ended_on")))


def day_in(found: InstitutionAct, key: str) -> date:
    """A day among its fields."""
    return date.fromisoformat(found.fields[key])
