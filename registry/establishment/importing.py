"""An establishment file into the register: each bad row named, nothing abolished by silence, all of it or nothing.

Theory of operation. The rows stream through in batches, so memory does not grow with the file. What differs from what is on file is
staged, batch by batch (``staging``), and a killed import goes on where it was when the same file comes again. The merge is one
transaction (``registry.store.body_import``): bodies, names, what they were before, history, change rows and audit entry. A
large file for an empty register is loaded without staging (``loading``), in one transaction too.

A *delta* says what changed; a *snapshot* says what a province (or the centre) holds, so what it lacks is reported as
missing, and left as it is: only a row with a status ends a body. A row whose ``changed_at`` is older than what is on file
arrived late and is rejected. A *preview* stages and counts, and changes nothing; importing the same file afterwards applies what
was staged, unless another import came between.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from registry.establishment import loading
from registry.establishment.events import open_tasks
from registry.establishment.files import Source, open_source
from registry.establishment.ownership import CENTRAL_PREFIXES
from registry.establishment.rows import Rejected, problem
from registry.establishment.search_refresh import refresh_soon
from registry.establishment.staging import ImportOrder, Progress, Tally, Watch, reject, rejected_rows, stage
from registry.kernel.clock import BEIJING, Clock
from registry.kernel.db import GONE, Connection, Database, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.feed import announce, wake
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.store import body_import, import_preview, import_runs
from registry.store.import_preview import Plan

MAX_TOLD = 10_000  # rejected or missing rows that a report lists one by one; beyond that only the count is told


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``rejections`` and ``missing_bodies`` (code, name) list at most :data:`MAX_TOLD` each."""

    inserted: int
    updated: int
    unchanged: int
    rejected: int
    missing: int
    run: int = 0
    rejections: tuple[Rejected, ...] = ()
    missing_bodies: tuple[tuple[str, str], ...] = ()

    def counts(self) -> dict[str, int]:
        """The figures, for logs, audit and people."""
        return {name: getattr(self, name) for name in ("inserted", "updated", "unchanged", "rejected", "missing")}


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: ``report`` as it would be, and ``plan`` with the kinds of change and examples of them."""

    report: ImportReport
    plan: Plan


Also = Callable[["Connection[Record]", ImportReport], Awaitable[None]]


def _unwatched(_: Progress) -> None:
    """Nobody looks on."""


async def import_file(
    db: Database, path: Path, *, snapshot: bool, actor: str, clock: Clock, scope: str = "", watch: Watch = _unwatched
) -> ImportReport:
    """Import a file. Refuses (before anything is written) what ``open_source`` refuses; bad rows are in the report."""
    source = open_source(path)
    return await import_source(db, source, snapshot=snapshot, actor=actor, clock=clock, scope=scope, watch=watch)


async def import_source(
    db: Database,
    source: Source,
    *,
    snapshot: bool,
    actor: str,
    clock: Clock,
    scope: str = "",
    watch: Watch = _unwatched,
    also: Also | None = None,
) -> ImportReport:
    """Import an opened file: everything that changes is written in one transaction, together with what ``also`` writes.

    ``scope`` is the data centre that sends the file: rows that it does not own are rejected. ``watch`` is told of progress.
    """
    order = ImportOrder(source, snapshot, actor, clock.now(), scope)
    async with _turn(db) as conn:
        report = await _loaded(conn, order, clock, watch, also) if await loading.may_load(conn, order) else None
        if report is None:
            run, tally = await stage(conn, order, watch)
            async with conn.transaction():
                report = await _merge(conn, order, run, tally)
                await _conclude(conn, order, clock.now(), report, also)
    wake(db)
    await refresh_soon(db)
    return report


async def import_within(conn: "Connection[Record]", order: ImportOrder) -> ImportReport:
    """Import a source of some rows in the caller's own transaction: the same checks, past, history, events and tasks, and one commit with
    whatever else the caller writes. Refuses as :func:`take_turn`.
    """
    await take_turn(conn)
    run, tally = await stage(conn, order, _unwatched)
    report = await _merge(conn, order, run, tally)
    await _conclude(conn, order, order.now, report, None)
    return report


async def take_turn(conn: "Connection[Record]") -> None:
    """Nobody else imports until this transaction ends: what is read of a body from now on is what will be written over.

    Refuses with UNAVAILABLE while another import runs; whoever waited for it would hold the locks of his act for minutes.
    """
    if not await body_import.may_import_now(conn):
        zh, en = (
            "正在导入名录库数据，请几分钟后再试",
            "the establishment database is being imported; please try again in some minutes",
        )
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="establishment")


async def preview_source(
    db: Database,
    source: Source,
    *,
    snapshot: bool,
    actor: str,
    clock: Clock,
    scope: str = "",
    watch: Watch = _unwatched,
) -> Preview:
    """What importing the file would do. It stays staged, so that importing it afterwards is quick; the register is not touched."""
    order = ImportOrder(source, snapshot, actor, clock.now(), scope)
    async with _turn(db) as conn:
        run, tally = await stage(conn, order, watch)
        trial = conn.transaction()
        await trial.start()
        try:
            await _sift(conn, run, tally)
            plan = await import_preview.planned(conn, run)
            report = await _report(conn, order, run, tally, plan.counts["inserted"], plan.counts["updated"])
        finally:
            await trial.rollback()
    return Preview(report, plan)


@asynccontextmanager
async def _turn(db: Database) -> AsyncIterator["Connection[Record]"]:
    """The connection that may import; the others wait."""
    async with db.connection() as conn:
        await body_import.lock_imports(conn)
        try:
            yield conn
        finally:
            with suppress(*GONE):  # a lost connection holds no lock
                await body_import.unlock_imports(conn)


async def _loaded(
    conn: "Connection[Record]", order: ImportOrder, clock: Clock, watch: Watch, also: Also | None
) -> ImportReport | None:
    async with conn.transaction():
        done = await loading.load(conn, order, watch)
        if done is None:
            return None
        run, tally = done
        report = await _report(
            conn, replace(order, snapshot=False), run, tally, tally.accepted, 0
        )  # nothing can be missing
        await _conclude(conn, order, clock.now(), report, also)
        return report


async def _merge(conn: "Connection[Record]", order: ImportOrder, run: int, tally: Tally) -> ImportReport:
    await _sift(conn, run, tally)
    today = order.now.astimezone(BEIJING).date()
    inserted, updated = await body_import.merge_staged(conn, run, order.actor, f"import-{run}", order.now, today)
    await open_tasks(conn, run, order.actor, order.now)
    return await _report(conn, order, run, tally, inserted, updated)


async def _conclude(
    conn: "Connection[Record]", order: ImportOrder, finished: datetime, report: ImportReport, also: Also | None
) -> None:
    await import_runs.finish(conn, report.run, finished, report.counts())
    detail = {"source": order.source.name, "sha256": order.source.sha256.hex(), "scope": order.scope, **report.counts()}
    await append(conn, order.now, order.actor, "establishment.import", str(report.run), new_transaction_id(), detail)
    await announce(conn, order.now, "establishment.imported", str(report.run), report.counts())
    if also:
        await also(conn, report)


async def _sift(conn: "Connection[Record]", run: int, tally: Tally) -> None:
    """Reject what is good by itself, but not beside other rows or what is on file."""
    found: list[Rejected] = []
    for line, uscc, first in await body_import.take_duplicates(conn, run):
        zh, en = f"代码重复：第 {first} 行已有", f"the code stood already on line {first}"
        found.append(Rejected(line, uscc, (problem("uscc", uscc, zh, en, Reason.ALREADY_EXISTS),)))
    for line, uscc, theirs, ours in await body_import.take_late(conn, run):
        zh, en = f"早于库中已有的记录（{ours.isoformat()}）", f"older than what is on file ({ours.isoformat()})"
        wrong = problem("changed_at", theirs.isoformat(), zh, en, Reason.STATUS_FORBIDS)
        found.append(Rejected(line, uscc, (wrong,)))
    for line, uscc, steps in await body_import.take_circles(conn, run):
        zh = f"隶属关系成环：向上 {steps} 级又回到本机构"
        en = f"a circle of sponsors: {steps} steps upwards lead back to the body itself"
        found.append(Rejected(line, uscc, (problem("sponsor_uscc", uscc, zh, en, Reason.STATUS_FORBIDS),)))
    tally.accepted -= len(found)
    await reject(conn, run, found, tally)


async def _report(
    conn: "Connection[Record]", order: ImportOrder, run: int, tally: Tally, inserted: int, updated: int
) -> ImportReport:
    missing = await body_import.missing_bodies(conn, run, _provinces(tally.provinces)) if order.snapshot else []
    return ImportReport(
        inserted=inserted,
        updated=updated,
        unchanged=tally.accepted - inserted - updated,
        rejected=tally.rejected,
        missing=len(missing),
        run=run,
        rejections=await rejected_rows(conn, run, MAX_TOLD),
        missing_bodies=tuple(missing[:MAX_TOLD]),
    )


def _provinces(found: set[str]) -> list[str]:
    """The provinces that a snapshot speaks for: those of which it holds a body; the centre under both of its codes."""
    return sorted(found | set(CENTRAL_PREFIXES)) if found.intersection(CENTRAL_PREFIXES) else sorted(found)
