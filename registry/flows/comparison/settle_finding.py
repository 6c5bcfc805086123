"""A reviewer says which register is right; where theirs is, the data centre that owns the body gets the work.

Our row is never changed here, whoever decides: a correction is applied by the owning centre (``corrections``), as an import that can be taken
back. What was decided is kept with the values that were looked at, so the next comparison asks only about what has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from registry.establishment.ownership import owner_of
from registry.flows.act import Act
from registry.flows.comparison.load_comparison import centre_reviewers
from registry.flows.comparison.show import there_of
from registry.flows.comparison.sight import find_comparison, find_finding, require_reviewer
from registry.kernel.db import Record, UniqueViolation
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.comparison import DEPARTMENT_WORDS, FIELDS, Department, Kind, Party, Verdict
from registry.model.notice import Notice
from registry.model.person import Person
from registry.policy.comparison.departments import our_state
from registry.policy.comparison.digests import EXISTENCE, candidates_digest, values_digest
from registry.policy.comparison.fields import differences
from registry.store import comparison_settling as settling
from registry.store import comparisons, correction_tasks
from registry.store.comparison_settling import Subject
from registry.store.comparisons import Comparison, Finding
from registry.store.correction_tasks import CorrectionTask, NewTask

MAX_REMARK = 500  # characters: a sentence or two and the number of a document
TIME_TO_CORRECT = timedelta(days=30)  # as for a change of a holder's record
WHOLE = ""  # the verdict on the finding as a whole
_PLAIN = frozenset({Verdict.OURS, Verdict.THEIRS, Verdict.BOTH})
_TASKS: Mapping[str, str] = {Kind.DIFFERENT: "correct", Kind.HERE: "end", Kind.THERE: "add"}


@dataclass(frozen=True, slots=True)
class SettleFinding:
    """``verdicts`` by field, or one for all under ``""``; ``uscc`` is the body that an ambiguous row means (``LINKED``).

    ``seen`` is the state that the reviewer had before his eyes; empty when he does not say.
    """

    comparison: str
    finding: str
    verdicts: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    uscc: str = ""
    seen: str = ""


async def settle_finding(act: Act, person: Person, order: SettleFinding) -> tuple[Finding, CorrectionTask | None]:
    """Keep the decision and return the finding as it is now, with the correction task that it opened.

    Refuses with NOT_PERMITTED (no reviewer), NOT_FOUND (not his), STATUS_FORBIDS (nothing to settle; another was faster), VALUE_INVALID
    (verdict), PARAMETER_MISSING (a remark, where theirs or both are right; a verdict on every field), TOO_LARGE (remark).
    """
    require_reviewer(person)
    found = await find_finding(act, person, order.comparison, order.finding, lock=True)
    about = await find_comparison(act, order.comparison)
    _check_state(found, order.seen)
    remark = order.remark.strip()
    verdicts = _verdicts(found, order.verdicts)
    _check_remark(remark, verdicts)
    if set(verdicts.values()) == {Verdict.POSTPONED}:
        await settling.set_state(act.conn, found.id, "postponed", found.kept)
        task = None
    elif found.kind == Kind.AMBIGUOUS:
        await _choose(act, about, found, verdicts[WHOLE], order.uscc, remark)
        task = None
    else:
        task = await _decide(act, about, found, verdicts, remark)
    said = {"verdicts": dict(verdicts), "remark": remark, "uscc": order.uscc or found.uscc, "line": found.line}
    about_it = {
        "department": about.department,
        "comparison": about.id,
        "kind": found.kind,
        "differences": dict(found.differences),
    }
    await act.remember(
        "comparison.settled", f"{about.id}/{found.id}", {**about_it, **said, "task": task.id if task else None}
    )
    return await find_finding(act, person, order.comparison, order.finding), task


def _check_state(found: Finding, seen: str) -> None:
    if found.state == "none":
        zh, en = "这一项没有需要核定的内容", "there is nothing to settle here"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="finding", value=str(found.id))
    if seen and seen != found.state:
        zh, en = "这一项刚刚由他人处理，请重新查看", "somebody else has just settled this; please look again"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="finding", value=str(found.id))


def _verdicts(found: Finding, given: Mapping[str, str]) -> dict[str, Verdict]:
    """The verdict on each field in question, or on the whole."""
    known = set(Verdict)
    wrong = [value for value in given.values() if value and value not in known]
    fields = list(found.differences) if found.kind == Kind.DIFFERENT else [WHOLE]
    verdicts = {
        one: Verdict(given.get(one) or given.get(WHOLE, ""))
        for one in fields
        if not wrong and (given.get(one) or given.get(WHOLE))
    }
    if wrong or set(given) - set(FIELDS) - {WHOLE}:
        raise _invalid(str((wrong or sorted(given))[0]))
    if len(verdicts) < len(fields):
        zh, en = "请对每一项差异作出核定", "please decide every difference"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="verdict")
    allowed = {Verdict.LINKED, Verdict.SEPARATE} if found.kind == Kind.AMBIGUOUS else _PLAIN
    said = set(verdicts.values())
    if said != {Verdict.POSTPONED} and not said <= allowed:
        raise _invalid(str(min(said - allowed)))
    return verdicts


def _invalid(value: str) -> Refusal:
    zh, en = "不认识或不适用的核定意见", "an unknown verdict, or one that does not fit here"
    return Refusal(Reason.VALUE_INVALID, zh, en, where="verdict", value=value[:40])


def _check_remark(remark: str, verdicts: Mapping[str, Verdict]) -> None:
    if len(remark) > MAX_REMARK:
        zh, en = f"说明过长（上限 {MAX_REMARK} 个字符）", f"the remark is too long (at most {MAX_REMARK} characters)"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="remark")
    if not remark and set(verdicts.values()) & {Verdict.THEIRS, Verdict.BOTH}:
        zh, en = "认定对方正确或双方均可时，请写明依据", "please say why, when theirs is right or both are"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="remark")


async def _decide(
    act: Act, about: Comparison, found: Finding, verdicts: Mapping[str, Verdict], remark: str
) -> CorrectionTask | None:
    row = await comparisons.row_of(act.conn, about.id, found.line)
    subject = Subject(about.department, found.uscc, there_of(row) if row else "")
    digests = {one: values_digest(found.differences[one]) if one else EXISTENCE for one in verdicts}
    decided = [(one, digests[one], verdict.value) for one, verdict in verdicts.items()]
    await settling.keep(act.conn, subject, decided, remark, act.now, act.caller.actor, found.id)
    await settling.set_state(act.conn, found.id, "settled", [one for one in verdicts if one])
    await _withdraw_tasks(act, found)
    asked = {
        one: (found.differences[one][0], found.differences[one][1])
        for one, v in verdicts.items()
        if one and v == Verdict.THEIRS
    }
    if Verdict.THEIRS not in verdicts.values():
        return None
    return await _open_task(act, about, found, row, asked, remark)


async def _withdraw_tasks(act: Act, found: Finding) -> None:
    """A new decision takes the place of the one before, and so do its tasks."""
    for task in await correction_tasks.of_finding(act.conn, found.id):
        if task.state == "open":
            await correction_tasks.settle_task(
                act.conn, task.id, "declined", act.caller.actor, act.now, "重新核定 / settled anew", None
            )


async def _open_task(
    act: Act, about: Comparison, found: Finding, row: Record | None, asked: dict[str, tuple[str, str]], remark: str
) -> CorrectionTask:
    kind = _TASKS[found.kind]
    if kind == "add" and row:
        asked = {one: ("", row[one]) for one in FIELDS if row[one]}
    centre = owner_of(found.region, found.level)
    name = found.our_name or found.their_name
    task = await correction_tasks.open_task(
        act.conn,
        NewTask(
            about.department,
            about.id,
            found.id,
            kind,
            centre,
            found.region,
            found.level,
            found.uscc or found.their_code,
            name,
            asked,
            remark,
        ),
        act.caller.actor,
        act.now,
        act.now + TIME_TO_CORRECT,
    )
    await act.remember(
        "correction.opened",
        str(task.id),
        {"centre": centre, "uscc": task.uscc, "kind": kind, "asked": asked, "remark": remark},
    )
    await act.notify(_notice(task))
    return task


def _notice(task: CorrectionTask) -> Notice:
    words = DEPARTMENT_WORDS[Department(task.department)]
    day = task.due_at.date().isoformat()
    return Notice(
        centre_reviewers(task.centre),
        "correction.opened",
        Text(f"请更正机构信息：{task.name}", f"please correct: {task.name}"),
        Text(
            f"与{words.zh}数据比对后认定对方登记正确，请所属数据中心于 {day} 前核实更正（{task.uscc or '无代码'}）：{task.remark}",
            f"After comparison with the register of {words.en} theirs is held to be right; the owning centre checks and corrects by {day} "
            f"({task.uscc or 'no code'}): {task.remark}",
        ),
        link="/portal/corrections",
        severity="action",
        payload={
            "task": task.id,
            "uscc": task.uscc,
            "kind": task.kind,
            "asked": {one: list(v) for one, v in task.asked.items()},
        },
    )


async def _choose(act: Act, about: Comparison, found: Finding, verdict: Verdict, uscc: str, remark: str) -> None:
    """Which body an ambiguous row means, or that it means none of them."""
    row = await comparisons.row_of(act.conn, about.id, found.line)
    there = there_of(row) if row else ""
    if verdict is Verdict.SEPARATE:
        digest = candidates_digest(one["uscc"] for one in found.candidates)
        decided = [(WHOLE, digest, verdict.value)]
        await settling.keep(
            act.conn, Subject(about.department, "", there), decided, remark, act.now, act.caller.actor, found.id
        )
        await settling.set_state(act.conn, found.id, "settled", [])
        return
    bodies = await comparisons.bodies_of(act.conn, [uscc]) if uscc in {one["uscc"] for one in found.candidates} else []
    if not bodies or row is None:
        raise Refusal(
            Reason.VALUE_INVALID,
            "请选择所列机构之一",
            "please choose one of the bodies shown",
            where="uscc",
            value=uscc[:40],
        )
    if await comparisons.is_matched(act.conn, about.id, uscc):
        raise _has_partner(uscc)
    body = bodies[0]
    decided = [(WHOLE, EXISTENCE, verdict.value)]
    await settling.keep(
        act.conn, Subject(about.department, uscc, there), decided, remark, act.now, act.caller.actor, found.id
    )
    found_now = differences(_ours(body), _theirs(row))
    try:
        await settling.link(act.conn, about.id, found.id, uscc, body["region"], body["level"], found_now)
    except UniqueViolation:  # somebody else linked it at the same moment
        raise _has_partner(uscc) from None


def _has_partner(uscc: str) -> Refusal:
    zh, en = "该机构已与另一条记录对应", "this body has another partner already"
    return Refusal(Reason.STATUS_FORBIDS, zh, en, where="uscc", value=uscc)


def _ours(body: Record) -> Party:
    names = tuple(other.partition(":")[2] for other in body["others"] if not other.startswith("former:"))
    values = {one: body[one] for one in FIELDS if one not in {"name", "status"}}
    return Party(
        body["uscc"], (body["name"], *names), status=our_state(body["status"], body["successor_uscc"]), **values
    )


def _theirs(row: Record) -> Party:
    return Party(
        str(row["line"]),
        (row["name"],),
        organisation=row["organisation"],
        **{one: row[one] for one in FIELDS if one != "name"},
    )
