"""A batch that a data centre sends into the register, once for each key, as one import that can be taken back.

Theory of operation. A batch goes the way of a file (``registry.establishment.importing``): the same checks, the same staging, one
transaction in which bodies, past, history, tasks and audit entry are written, and with them here the row of the batch. So an answer that was
lost is found again under the key, and a key under which nothing is found has changed nothing: a server that is killed leaves
either. Two requests under one key at the same time wait for one another, since imports queue; the second one finds the row of
the first inside its own transaction, leaves everything as it is and gives the answer of the first.

A batch that waits for its turn holds a connection, so one at a time waits in each process (``Desk.turn``), and none longer than
:data:`PATIENCE_SECONDS`: the sender is told to come back, which its key makes safe.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from registry.establishment.importing import ImportReport, import_source, preview_source
from registry.establishment.staging import Progress, Watch
from registry.flows.act import Caller
from registry.flows.establishment.authenticate_client import confirm_centre_client
from registry.flows.establishment.batch import Batch
from registry.flows.establishment.pushed import Pushed, RefusedRow, counted, pushed_of, refused_rows
from registry.flows.runner import Runner
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id, new_transaction_id
from registry.kernel.journal import append
from registry.store import push_batches
from registry.store.import_preview import Plan
from registry.store.push_batches import PushedBatch

PATIENCE_SECONDS = 30.0  # for the turn to import; proxies give up after a minute as a rule
COME_BACK_SECONDS = 15  # a file of some hundred thousand rows is imported in about this time


@dataclass(frozen=True, slots=True)
class Desk:
    """Where batches arrive: one of them at a time in each process."""

    runner: Runner
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class PushBatch:
    """Who sends what under which key; a preview needs none."""

    client_id: str
    centre: str
    batch: Batch
    key: str = ""

    @property
    def actor(self) -> str:
        """As it stands in history, audit log and register of imports: ``centre:43 by client:…``."""
        return Caller("centre", self.centre, behind=f"client:{self.client_id}").actor


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a batch would do: its figures, how many of what kind of change, examples of them, and the rows that would be refused."""

    centre: str
    rows: int
    counts: dict[str, int]
    plan: Plan
    refused: tuple[RefusedRow, ...]


class _Answered(Exception):
    """Another request under the same key was faster; its batch is on record, and this transaction is to change nothing."""

    def __init__(self, batch: PushedBatch) -> None:
        super().__init__(batch.id)
        self.batch = batch


async def push_batch(desk: Desk, order: PushBatch) -> Pushed:
    """Import the batch as a delta of its centre, or tell what became of it when it was sent before.

    Refuses with ``CREDENTIALS_WRONG`` a client that was revoked, with ``VALUE_INVALID`` a key of another batch, with ``UNAVAILABLE`` when
    other imports take too long. Rows that are wrong, or not the centre's own, are in the answer.
    """
    known = await _known(desk, order)
    if known is not None:
        return known
    try:
        return await _import(desk, order)
    except _Answered as answered:
        async with desk.runner.db.transaction(readonly=True) as conn:
            return await _again(conn, order, answered.batch)


async def rehearse_batch(desk: Desk, order: PushBatch) -> Rehearsed:
    """What importing the batch would do; nothing is written. Refuses as :func:`push_batch`."""
    async with desk.runner.db.connection() as conn:
        await confirm_centre_client(conn, order.client_id, order.centre)
    runner, batch = desk.runner, order.batch
    async with _turn(desk) as watch:
        found = await preview_source(
            runner.db,
            batch.source,
            snapshot=False,
            actor=order.actor,
            clock=runner.clock,
            scope=order.centre,
            watch=watch,
        )
    report = found.report
    return Rehearsed(order.centre, batch.rows, counted(report.counts()), found.plan, refused_rows(report.rejections))


async def _known(desk: Desk, order: PushBatch) -> Pushed | None:
    async with desk.runner.db.transaction(readonly=True) as conn:
        await confirm_centre_client(conn, order.client_id, order.centre)
        batch = await push_batches.find_by_key(conn, order.client_id, order.key)
        return await _again(conn, order, batch) if batch else None


async def _again(conn: "Connection[Record]", order: PushBatch, batch: PushedBatch) -> Pushed:
    if batch.request == order.batch.request:
        return await pushed_of(conn, batch)
    zh, en = (
        "这个幂等键已用于另一个批次，请换一个键",
        "this idempotency key was used with another batch; take another key",
    )
    raise Refusal(Reason.VALUE_INVALID, zh, en, where="Idempotency-Key", value=order.key)


async def _import(desk: Desk, order: PushBatch) -> Pushed:
    runner = desk.runner
    made: list[Pushed] = []

    async def record(conn: "Connection[Record]", report: ImportReport) -> None:
        made[:] = [await _record(conn, runner, order, report)]

    async with _turn(desk) as watch:
        await import_source(
            runner.db, order.batch.source, snapshot=False, actor=order.actor, clock=runner.clock, scope=order.centre,
            watch=watch, also=record,
        )  # fmt: skip
    return made[0]


async def _record(conn: "Connection[Record]", runner: Runner, order: PushBatch, report: ImportReport) -> Pushed:
    """The row of the batch and its audit entry, in the transaction of the import."""
    await confirm_centre_client(conn, order.client_id, order.centre)  # it may have waited long
    known = await push_batches.find_by_key(conn, order.client_id, order.key)
    if known is not None:
        raise _Answered(known)
    made = Pushed(
        new_public_id().lower(), "applied", order.centre, order.client_id, order.key, report.run, runner.clock.now(),
        order.batch.rows, counted(report.counts()), refused_rows(report.rejections),
    )  # fmt: skip
    await push_batches.add(
        conn, made.id, made.client_id, made.centre, made.key, order.batch.request, made.at, made.rows, made.run
    )
    detail = {
        "centre": made.centre, "client": made.client_id, "key": made.key, "run": made.run, "rows": made.rows,
        "sha256": order.batch.request.hex(), **made.counts,
    }  # fmt: skip
    await append(conn, made.at, order.actor, "establishment.push", made.id, new_transaction_id(), detail)
    return made


@asynccontextmanager
async def _turn(desk: Desk) -> AsyncIterator[Watch]:
    """The turn of this batch. What it gives stops the watch: once rows are staged it is our turn, and nobody is hurried any more.

    What a killed server had staged is not read again, and so is merged within the same time: it takes seconds.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS) as patience, desk.turn:

            def at_work(_: Progress) -> None:
                patience.reschedule(None)

            yield at_work
    except TimeoutError as error:
        zh, en = (
            "正在导入其他数据，请稍后用同一个幂等键重发",
            "other data is being imported; please send it again later under the same key",
        )
        raise Refusal(Reason.UNAVAILABLE, zh, en, evidence={"retry_after": COME_BACK_SECONDS}) from error
