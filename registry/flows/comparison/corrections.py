"""The owning data centre answers a correction: applies it to its row, says that it was done otherwise, or declines.

Applying is an import of one row in the name of the centre (``registry.establishment.importing``): checked like any other, written with its past and
its events, and taken back like any other. The task is settled in the same transaction.
"""

import hashlib
from dataclasses import dataclass
from functools import partial

from registry.establishment.columns import COLUMNS, SEPARATOR, write_cells
from registry.establishment.files import Source
from registry.establishment.importing import ImportReport, import_source
from registry.establishment.ownership import CENTRAL_CENTRE
from registry.establishment.rows import Row
from registry.flows.act import Act, Caller
from registry.flows.comparison.settle_finding import MAX_REMARK
from registry.flows.comparison.show import PAGE, read_cursor
from registry.flows.comparison.sight import number_of, require_reviewer, sight_of
from registry.flows.runner import Runner
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append, canonical
from registry.model.body import Body
from registry.model.comparison import ENDED, SUSPENDED
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import Person, Role
from registry.store import bodies, correction_tasks
from registry.store.correction_tasks import CorrectionTask

TASK_STATES = ("open", "applied", "declined")
_STATUS = {ENDED: "cancelled", SUSPENDED: "suspended"}
_BY_IMPORT = frozenset({"uscc"})  # a body with another code is another body; that needs a file


@dataclass(frozen=True, slots=True)
class Corrections:
    """A page of tasks."""

    tasks: tuple[CorrectionTask, ...]
    after: str


def centre_of(person: Person) -> str:
    """The data centre for which a reviewer acts; empty for everybody else."""
    if person.role is Role.REVIEWER_CENTRAL:
        return CENTRAL_CENTRE
    return person.region[:2] if jurisdiction_of(person) else ""


async def list_corrections(act: Act, person: Person, state: str = "open", after: str = "") -> Corrections:
    """Tasks within what the person sees. Refuses with NOT_PERMITTED and VALUE_INVALID (state)."""
    if state not in TASK_STATES:
        raise Refusal(Reason.VALUE_INVALID, "没有这种状态", "there is no such state", where="state", value=state[:40])
    found = await correction_tasks.page(act.conn, state, sight_of(person), read_cursor(after), PAGE + 1)
    return Corrections(tuple(found[:PAGE]), found[PAGE - 1].cursor if len(found) > PAGE else "")


async def close_correction(act: Act, person: Person, task: str, outcome: str, reason: str) -> CorrectionTask:
    """Settle a task without changing a row: ``applied`` (done otherwise, by an import) or ``declined``.

    Refuses with NOT_PERMITTED (not the owning centre's), NOT_FOUND, STATUS_FORBIDS (settled), VALUE_INVALID, PARAMETER_MISSING (reason),
    TOO_LARGE.
    """
    found = await _own_task(act.conn, person, task)
    if outcome not in {"applied", "declined"}:
        raise Refusal(
            Reason.VALUE_INVALID, "没有这种处理", "there is no such outcome", where="outcome", value=outcome[:40]
        )
    reason = _checked_reason(reason)
    await correction_tasks.settle_task(act.conn, found.id, outcome, act.caller.actor, act.now, reason, None)
    await act.remember(
        f"correction.{outcome}", str(found.id), {"uscc": found.uscc, "reason": reason, "centre": found.centre}
    )
    return found


async def apply_correction(runner: Runner, person: Person, task: str) -> ImportReport:
    """Write what the task asks into the row of the own body.

    Refuses as :func:`close_correction`, and with POLICY_FORBIDS what only a file can do: a new body, another code, a value that the register
    does not take.
    """
    async with runner.db.transaction(readonly=True) as conn:
        found = await _own_task(conn, person, task, lock=False)
        body = await bodies.find_body(conn, found.uscc)
    if body is None or found.kind == "add" or _BY_IMPORT & set(found.asked):
        zh = "新增机构、变更代码须由所属数据中心导入完整的记录"
        raise Refusal(
            Reason.POLICY_FORBIDS,
            zh,
            "a new body or another code needs an import of the whole row",
            where="task",
            value=task,
        )
    row = corrected(body, found, runner.clock.now().isoformat())
    content = canonical(row).encode()
    actor = Caller("centre", found.centre, behind=person.actor).actor
    source = Source(f"correction-{found.id}", _digest(content), "correction", lambda: iter([Row(1, row)]), len(content))
    return await import_source(
        runner.db, source, snapshot=False, actor=actor, clock=runner.clock, scope=found.centre,
        also=partial(_record, runner, person, task, actor),
    )  # fmt: skip


async def _record(
    runner: Runner, person: Person, task: str, actor: str, conn: "Connection[Record]", report: ImportReport
) -> None:
    """Settle the task in the transaction of its import; a row that the register refuses leaves both as they were."""
    found = await _own_task(conn, person, task)
    if report.rejected:
        wrong = report.rejections[0].problems
        zh, en = "登记规则不接受更正后的内容", "the register does not take the corrected row"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="task", value=task, problems=wrong)
    now = runner.clock.now()
    await correction_tasks.settle_task(conn, found.id, "applied", actor, now, "", report.run)
    detail = {
        "uscc": found.uscc,
        "run": report.run,
        "asked": {one: list(values) for one, values in found.asked.items()},
    }
    await append(conn, now, actor, "correction.applied", str(found.id), new_transaction_id(), detail)


def corrected(body: Body, task: CorrectionTask, now: str) -> dict[str, str]:
    """The row of the body with what is asked; a name that is given up becomes a former one."""
    row = dict(zip(COLUMNS, write_cells(body), strict=True))
    for field, (_, theirs) in task.asked.items():
        if field == "name":
            former = {*filter(None, row["former_names"].split(SEPARATOR)), body.name} - {theirs}
            row["former_names"] = SEPARATOR.join(sorted(former))
        row[field] = _STATUS.get(theirs, "normal") if field == "status" else theirs
    if task.kind == "end":
        row["status"] = "cancelled"
    row["changed_at"] = now
    return row


async def _own_task(conn: "Connection[Record]", person: Person, task: str, *, lock: bool = True) -> CorrectionTask:
    require_reviewer(person)
    number = number_of(task)
    found = await correction_tasks.find_task(conn, number, lock=lock) if number else None
    own = jurisdiction_of(person)
    if found is None or own is None or not own.covers(found.region, found.level):
        raise Refusal(Reason.NOT_FOUND, "没有这项更正任务", "there is no such correction", where="task")
    if found.centre != centre_of(person):
        zh, en = "只有该机构所属的数据中心可以办理", "only the data centre that owns the body may do this"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="task", value=task)
    if found.state != "open":
        raise Refusal(Reason.STATUS_FORBIDS, "这项任务已经办结", "this task is settled", where="task", value=task)
    return found


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refusal(Reason.PARAMETER_MISSING, "请写明理由", "please give a reason", where="reason")
    if len(reason) > MAX_REMARK:
        zh, en = f"理由过长（上限 {MAX_REMARK} 个字符）", f"the reason is too long (at most {MAX_REMARK} characters)"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="reason")
    return reason


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
