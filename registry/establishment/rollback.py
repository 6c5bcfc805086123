"""An import taken back as one: every body as it was before, or nothing happens and the reason is told."""

from registry.establishment.search_refresh import refresh_soon
from registry.kernel.clock import Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import announce, wake
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.store import body_import, body_rollback, import_runs


async def roll_back(db: Database, run: int, *, actor: str, clock: Clock) -> dict[str, int]:
    """Put back what the import changed and remove what it brought; the counts ``restored`` and ``removed``.

    Refuses an unknown run (``NOT_FOUND``), one that is not applied (``STATUS_FORBIDS``), one of whose bodies a later import changed
    (``STATUS_FORBIDS``: take that one back first), one that carried out a registered act (``LINKED``: its certificate and its public
    notice stand; another act changes it), and one of whose new bodies hold names or sites by now (``LINKED``).
    """
    async with db.transaction() as conn:
        await conn.execute("set local statement_timeout = 0")
        await conn.execute("select pg_advisory_xact_lock($1)", body_import.IMPORT_LOCK)
        now = clock.now()  # not before its turn: what was sent to others in the meantime must be sent again
        await _must_be_free(conn, run)
        trid = new_transaction_id()
        restored, removed = await body_rollback.take_back(conn, run, actor, trid, now)
        counts = {"restored": restored, "removed": removed}
        await import_runs.settle(conn, run, "rolled_back", actor, now)
        await append(conn, now, actor, "establishment.rollback", str(run), trid, counts)
        await announce(conn, now, "establishment.rolled_back", str(run), counts)
    wake(db)
    await refresh_soon(db)
    return counts


async def _must_be_free(conn: "Connection[Record]", run: int) -> None:
    found = await import_runs.find(conn, run)
    if found is None:
        raise Refusal(Reason.NOT_FOUND, "没有这次导入", "there is no such import", where="run", value=str(run))
    if found.state != "applied":
        zh, en = (
            f"这次导入的状态为 {found.state}，没有可回退的内容",
            f"the import is {found.state}; there is nothing to take back",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="run", value=str(run))
    act = await body_rollback.act_behind(conn, run)
    if act:
        zh, en = (
            "这是已公告的登记事项，不能回退，请办理新的登记",
            "a registered act that was made public; another act changes it",
        )
        raise Refusal(Reason.LINKED, zh, en, where="run", value=str(run), evidence={"act": act})
    later = await body_rollback.changed_since(conn, run)
    if later:
        zh, en = (
            "其后的导入又更改了其中的机构，请先回退后来的导入",
            "a later import changed some of its bodies; take that one back first",
        )
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="run", value=str(run), evidence={"bodies": later})
    relied = await body_rollback.relied_upon(conn, run)
    if relied:
        zh, en = (
            "其中新增的机构已持有域名、网站或申请，不能回退",
            "bodies that it brought hold names, sites or applications by now",
        )
        raise Refusal(Reason.LINKED, zh, en, where="run", value=str(run), evidence={"bodies": relied})
