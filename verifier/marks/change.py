"""Suspend, resume or revoke a mark: state, change row and audit entry in one transaction.

Page, badge, API and status list all read the same row, so they agree as soon as it is committed (a fetched
status list lives on for its ``ttl``).
"""

from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import wake
from verifier.marks import store
from verifier.marks.record import record
from verifier.marks.states import CHANGE_KINDS, MarkAct, next_state
from verifier.marks.store import Mark

_LOCK = "select id from verifier.mark where id = $1 for update"


async def change_mark(db: Database, mark_id: str, act: MarkAct, reason: str, actor: str, clock: Clock) -> Mark:
    """Do it and return the mark as it is now.

    Refuses: ``NOT_FOUND``; ``STATUS_FORBIDS`` when the state has no such step; ``PARAMETER_MISSING`` without a reason.
    """
    if not reason.strip():
        raise Refusal(Reason.PARAMETER_MISSING, "请写明理由", "a reason must be given", where="reason")

    async def work(conn: "Connection[Record]") -> Mark:
        await conn.execute(_LOCK, mark_id)
        mark = await _existing(conn, mark_id)
        now = clock.now()
        state = next_state(mark.stored, act)
        await store.set_state(conn, mark_id, state, reason.strip(), now)
        detail = {"uscc": mark.uscc, "hosts": list(mark.hosts), "state": state, "reason": reason.strip()}
        await record(conn, now, actor, CHANGE_KINDS[act], mark_id, detail)
        return await _existing(conn, mark_id)

    changed = await db.run(work)
    wake(db)
    return changed


async def _existing(conn: "Connection[Record]", mark_id: str) -> Mark:
    mark = await store.find_mark(conn, mark_id)
    if mark is None:
        raise Refusal(Reason.NOT_FOUND, "没有这个标识", "there is no such mark", where="mark", value=mark_id[:64])
    return mark
