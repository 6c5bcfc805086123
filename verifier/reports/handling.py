"""What officers do with a case: take it, note something, find that it is a fake or is none, close it. Each act stands in the audit chain."""

from dataclasses import dataclass, replace
from datetime import datetime

from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import wake
from verifier.marks.record import record
from verifier.reports import store
from verifier.reports.cases import ANSWERING, CLOSED, Case, CaseAct, next_state

MAX_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Handling:
    """``words`` is the note, or the answer that the people who reported will read; ``actor`` such as ``person:officer``."""

    case_id: str
    act: CaseAct
    words: str
    actor: str


async def handle_case(db: Database, order: Handling, clock: Clock) -> Case:
    """Do it and return the file as it is now.

    Refuses: ``NOT_FOUND``; ``STATUS_FORBIDS`` when the state has no such step; ``PARAMETER_MISSING`` without the words that an answer or a note
    needs; ``VALUE_OUT_OF_RANGE`` when they are too long.
    """
    words = order.words.strip()
    if not words and order.act is not CaseAct.TAKE:
        raise Refusal(Reason.PARAMETER_MISSING, "请写明内容", "say what is to be written down", where="words")
    if len(words) > MAX_WORDS:
        zh, en = f"最多 {MAX_WORDS} 个字符", f"at most {MAX_WORDS} characters"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="words")

    async def work(conn: "Connection[Record]") -> Case:
        await conn.execute("select from verifier.case_file where id = $1 for update", order.case_id)
        case = await find(conn, order.case_id)
        now = clock.now()
        await store.change_case(conn, _changed(case, order, words, now))
        await store.add_step(conn, case.id, now, order.actor, order.act, words)
        await record(conn, now, order.actor, f"case.{order.act}", case.id, {"host": case.host, "words": words})
        return await find(conn, order.case_id)

    changed = await db.run(work)
    wake(db)
    return changed


def _changed(case: Case, order: Handling, words: str, now: datetime) -> Case:
    state = next_state(case.state, order.act)
    is_answer = order.act in ANSWERING
    return replace(
        case,
        state=state,
        handler=order.actor if order.act is CaseAct.TAKE else case.handler,
        answer=words if is_answer or order.act is CaseAct.CLOSE else case.answer,
        answered_at=now if is_answer else case.answered_at,
        closed_at=now if state in CLOSED else None,
    )


async def find(db: "Database | Connection[Record]", case_id: str) -> Case:
    """The whole file, or ``NOT_FOUND``."""
    case = await store.find_case(db, case_id)
    if case is None:
        raise Refusal(Reason.NOT_FOUND, "没有这个案件", "there is no such case", where="case", value=case_id[:64])
    return case
