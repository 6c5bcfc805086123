"""The rows of a file on their way into the staging tables, batch by batch, each batch committed with how far the file is read."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from registry.establishment.copying import Prepared, prepare, staged_lines, staged_name_lines
from registry.establishment.files import Source
from registry.establishment.ownership import owner_of
from registry.establishment.rows import Batch, Rejected, line_of, problem
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.policy.codes import check_uscc
from registry.store import body_import, import_runs

GROUP_ROWS = (
    10_000  # rows a transaction: large enough for COPY, small enough that a killed import repeats a second's work
)
MAX_RECORDED = 100_000  # rejected rows that are kept one by one; beyond that the file as a whole is the problem


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """``scope``: the data centre whose rows alone are taken (empty: all, for the operator of this register)."""

    source: Source
    snapshot: bool
    actor: str
    now: datetime
    scope: str = ""

    @property
    def mode(self) -> str:
        """As it stands in the register of imports."""
        return "snapshot" if self.snapshot else "delta"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is read: rows so far, and the share of its bytes (None where the format does not tell)."""

    rows: int
    share: float | None


T = TypeVar("T")
Watch = Callable[[Progress], None]


@dataclass(slots=True)
class Tally:
    """What the rows have shown so far."""

    accepted: int = 0
    rejected: int = 0
    provinces: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """For the row of the run."""
        return {"accepted": self.accepted, "rejected": self.rejected, "provinces": sorted(self.provinces)}

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Tally":
        """From the row of the run."""
        return cls(found.get("accepted", 0), found.get("rejected", 0), set(found.get("provinces", ())))


@dataclass(frozen=True, slots=True)
class Group:
    """Some thousand rows, read and prepared."""

    rows: list[Prepared]
    rejected: list[Rejected]
    last_line: int
    position: int


async def ahead(items: Iterator[T]) -> AsyncIterator[T]:
    """The items, the next one being made in a thread while the caller works on this one. A disk that fails is a refusal."""
    task = asyncio.create_task(asyncio.to_thread(_next, items))
    try:
        while (item := await task) is not None:
            task = asyncio.create_task(asyncio.to_thread(_next, items))
            yield item
    finally:
        await asyncio.gather(task, return_exceptions=True)


def _next(items: Iterator[T]) -> T | None:
    try:
        with _uncollected():
            return next(items, None)
    except OSError as error:
        zh, en = "文件未能读到末尾，没有导入任何内容", "the file could not be read to its end; nothing was imported"
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="file") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circles of garbage meanwhile: rows are tuples of text, and looking through them takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _groups(batches: Iterator[Batch], after: int) -> Iterator[Group]:
    """The rows of a file behind line ``after``, some thousands at a time."""
    rows: list[Prepared] = []
    rejected: list[Rejected] = []
    for batch in batches:
        entries = [entry for entry in batch.entries if line_of(entry) > after]
        rows += [prepare(entry) for entry in entries if not isinstance(entry, Rejected)]
        rejected += [entry for entry in entries if isinstance(entry, Rejected)]
        if len(rows) + len(rejected) >= GROUP_ROWS:
            yield _group(rows, rejected, batch.position)
            rows, rejected = [], []
    if rows or rejected:
        yield _group(rows, rejected, batch.position)


def _group(rows: list[Prepared], rejected: list[Rejected], position: int) -> Group:
    last = max([row.line for row in rows[-1:]] + [row.line for row in rejected[-1:]])
    return Group(rows, rejected, last, position)


async def stage(conn: "Connection[Record]", order: ImportOrder, watch: Watch) -> tuple[int, Tally]:
    """Stage the file, going on where an earlier run of the same file stopped. Returns the run and what was counted."""
    source = order.source
    found = await import_runs.reusable(conn, source.sha256, order.mode, order.scope)
    async with conn.transaction():
        run = found.id if found else await import_runs.open_run(
            conn, order.now, order.actor, source=source.name, sha256=source.sha256, mode=order.mode, scope=order.scope
        )  # fmt: skip
        await import_runs.discard_others(conn, run, order.now)
    tally = Tally.of(dict(found.tally)) if found else Tally()
    if found and found.state == "staged":
        return run, tally
    lines = found.read_lines if found else 0
    async for group in ahead(_groups(source.batches(order.now), lines)):
        async with conn.transaction():
            await _stage_group(conn, run, group, tally, order.scope)
            await import_runs.note_progress(conn, run, group.last_line, tally.as_json(), "reading")
        lines = group.last_line
        watch(Progress(tally.accepted + tally.rejected, group.position / source.size if group.position else None))
    await import_runs.note_progress(conn, run, lines, tally.as_json(), "staged")
    return run, tally


async def _stage_group(conn: "Connection[Record]", run: int, group: Group, tally: Tally, scope: str) -> None:
    known = await body_import.known_bodies(conn, [row.uscc for row in group.rows])
    foreign = [_foreign(row) for row in group.rows if scope and not _owns(scope, row, known)]
    rows = [row for row in group.rows if not scope or _owns(scope, row, known)] if foreign else group.rows
    changed = [row for row in rows if row.uscc not in known or known[row.uscc][0] != row.digest]
    await body_import.copy_staged(conn, staged_lines(changed, run, known), staged_name_lines(changed, run))
    await body_import.copy_successors(conn, run, [(row.line, code) for row in changed for code in row.successors])
    await body_import.copy_seen(conn, run, [(row.line, row.uscc) for row in rows])
    tally.accepted += len(rows)
    tally.provinces |= {row.region[:2] for row in rows}
    await reject(conn, run, [*group.rejected, *foreign], tally)


def _owns(scope: str, row: Prepared, known: dict[str, tuple[str, str, str]]) -> bool:
    """Whether the centre owns the row as it is, and as it would be."""
    on_file = known.get(row.uscc)
    return owner_of(row.region, row.level) == scope and (on_file is None or owner_of(on_file[1], on_file[2]) == scope)


def _foreign(row: Prepared) -> Rejected:
    zh, en = "不属于报送单位的地区，应由所属数据中心报送", "of another region; its own data centre must send it"
    return Rejected(row.line, row.uscc, (problem("region", row.region, zh, en, Reason.NOT_PERMITTED),))


async def reject(conn: "Connection[Record]", run: int, rows: list[Rejected], tally: Tally) -> None:
    """Count and record rows that are not taken; a body of which a row is wrong is not missing."""
    kept = rows[: max(0, MAX_RECORDED - tally.rejected)]
    tally.rejected += len(rows)
    if rows:
        await body_import.add_rejections(conn, run, [(row.line, row.uscc, _as_json(row)) for row in kept])
        await body_import.copy_seen(conn, run, [(0, row.uscc) for row in rows if isinstance(check_uscc(row.uscc), str)])


def _as_json(row: Rejected) -> list[dict[str, Any]]:
    return [
        {"where": one.where, "value": one.value, "zh": one.text.zh, "en": one.text.en, "reason": one.reason.value}
        for one in row.problems
    ]


async def rejected_rows(conn: "Connection[Record]", run: int, limit: int) -> tuple[Rejected, ...]:
    """The first rejected rows of a run, by line."""
    return tuple(
        Rejected(line, uscc, tuple(
            Problem(Reason(one["reason"]), Text(one["zh"], one["en"]), one["where"], one["value"]) for one in problems
        ))
        for line, uscc, problems in await body_import.rejections(conn, run, limit)
    )  # fmt: skip
