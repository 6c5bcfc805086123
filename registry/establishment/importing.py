"""An establishment file into the database: all of it in one transaction, each bad row named, nothing abolished by
silence.

Theory of operation. The rows stream through in batches, so memory does not grow with the file. A batch is parsed, its
codes are looked up once, and only bodies whose digest is new are copied to the server, with their names under index
labels. At the end set statements merge (``registry.store.body_import``). A *delta* says what changed; a *snapshot*
says what a province (or the centre) holds, so what it lacks is reported as missing, and left as it is: only a row
with a status ends a body. A row whose ``changed_at`` is older than what is on file arrived late and is rejected.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from registry.establishment.columns import read_body, write_cells
from registry.establishment.files import Source, open_source
from registry.establishment.rows import Rejected, Row, problem
from registry.kernel.clock import BEIJING, Clock
from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Problem, Reason, Refusal
from registry.kernel.feed import announce, wake
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.model.body import Body
from registry.policy.codes import check_uscc
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring
from registry.store import body_import

BATCH = 5_000  # bodies a round trip: large enough for COPY, small enough that a batch is a few MB
MAX_TOLD = 10_000  # rejected or missing rows that a report lists one by one; beyond that only the count is kept
CENTRAL_PROVINCE = ("00", "10")  # both spellings of the centre (CONTRACT: 000000 or 100000)


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


@dataclass(slots=True)
class _Tally:
    """What the stream of rows has shown so far."""

    accepted: int = 0
    rejected: int = 0
    rejections: list[Rejected] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)  # codes of rejected rows: not missing, only wrong
    provinces: set[str] = field(default_factory=set)

    def reject(self, row: Rejected) -> None:
        self.rejected += 1
        if len(self.rejections) < MAX_TOLD:
            self.rejections.append(row)
        if not isinstance(check_uscc(row.uscc), Problem):
            self.excused.add(row.uscc)

    def reject_again(self, row: Rejected) -> None:
        """A row that was good by itself, but not beside others or what is on file."""
        self.accepted -= 1
        self.reject(row)


async def import_file(db: Database, path: Path, *, snapshot: bool, actor: str, clock: Clock) -> ImportReport:
    """Import a file. Refuses (before anything is written) what ``open_source`` refuses; bad rows are in the report."""
    return await import_source(db, open_source(path), snapshot=snapshot, actor=actor, clock=clock)


async def import_source(db: Database, source: Source, *, snapshot: bool, actor: str, clock: Clock) -> ImportReport:
    """Import an opened file in one transaction: bodies, names, history, change rows and audit entry, or nothing."""
    now = clock.now()
    async with db.transaction() as conn:
        await body_import.prepare_import(conn)
        run = await body_import.open_run(
            conn, now, actor, source=source.name, sha256=source.sha256, mode="snapshot" if snapshot else "delta"
        )
        tally = await _copy_rows(conn, source, now)
        report = await _merge(conn, tally, run, snapshot=snapshot, actor=actor, now=now)
        await body_import.close_run(conn, run, clock.now(), report.counts())
        detail = {"source": source.name, "sha256": source.sha256.hex(), **report.counts()}
        await append(conn, now, actor, "establishment.import", str(run), new_transaction_id(), detail)
        await announce(conn, now, "establishment.imported", str(run), report.counts())
    wake(db)
    return report


async def _copy_rows(conn: "Connection[Record]", source: Source, now: datetime) -> _Tally:
    tally = _Tally()
    bodies = _bodies(_whole(source.rows()), now, tally)
    while batch := list(islice(bodies, BATCH)):
        await _copy_batch(conn, batch)
    return tally


def _whole(rows: Iterator[Row | Rejected]) -> Iterator[Row | Rejected]:
    """The rows; a disk that fails on the way is a refusal, not to be taken for a database that is away."""
    try:
        yield from rows
    except OSError as error:
        zh, en = "文件未能读到末尾，没有导入任何内容", "the file could not be read to its end; nothing was imported"
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="file") from error


def _bodies(rows: Iterator[Row | Rejected], now: datetime, tally: _Tally) -> Iterator[tuple[int, Body]]:
    """Line and body of every good row; the bad ones are tallied."""
    for row in rows:
        body = row if isinstance(row, Rejected) else read_body(row, now)
        if isinstance(body, Rejected):
            tally.reject(body)
        else:
            tally.accepted += 1
            tally.provinces.add(body.region[:2])
            yield row.line, body


async def _copy_batch(conn: "Connection[Record]", batch: list[tuple[int, Body]]) -> None:
    known = await body_import.known_digests(conn, [body.uscc for _, body in batch])
    bodies: list[tuple[Any, ...]] = []
    names: list[tuple[int, str, str, str]] = []
    for line, body in batch:
        digest = _digest(body)
        if known.get(body.uscc) != digest:
            bodies.append((line, body.uscc in known, *_columns(body), digest))
            names += _names(line, body)
    await body_import.copy_incoming(conn, bodies, names)
    await body_import.copy_seen(conn, [(line, body.uscc) for line, body in batch])


@cache
def _keyring() -> Keyring:
    return Keyring(shipped_table())


def _digest(body: Body) -> bytes:
    return hashlib.blake2b("\x1f".join(write_cells(body)).encode(), digest_size=16).digest()


def _columns(body: Body) -> tuple[Any, ...]:
    return tuple(getattr(body, column) for column in body_import.BODY_COLUMNS[:-1])


def _names(line: int, body: Body) -> list[tuple[int, str, str, str]]:
    """Every name of the body once per role, under its index label."""
    named = [("full", body.name)]
    named += [("short", name) for name in body.short_names]
    named += [("alias", name) for name in body.aliases]
    named += [("former", name) for name in body.former_names]
    return [(line, role, name, _keyring().key(name)) for role, name in named]


async def _merge(
    conn: "Connection[Record]", tally: _Tally, run: int, *, snapshot: bool, actor: str, now: datetime
) -> ImportReport:
    for line, uscc, first in await body_import.take_duplicates(conn):
        zh, en = f"代码重复：第 {first} 行已有", f"the code stood already on line {first}"
        tally.reject_again(Rejected(line, uscc, (problem("uscc", uscc, zh, en, Reason.ALREADY_EXISTS),)))
    for line, uscc, theirs, ours in await body_import.take_late(conn):
        zh, en = f"早于库中已有的记录（{ours.isoformat()}）", f"older than what is on file ({ours.isoformat()})"
        tally.reject_again(
            Rejected(line, uscc, (problem("changed_at", theirs.isoformat(), zh, en, Reason.STATUS_FORBIDS),))
        )
    today = now.astimezone(BEIJING).date()
    inserted, updated = await body_import.merge_incoming(conn, actor, f"import-{run}", now, today)
    missing = await body_import.missing_bodies(conn, _scope(tally.provinces), sorted(tally.excused)) if snapshot else []
    told = tuple(sorted(tally.rejections, key=lambda row: row.line))
    return ImportReport(
        inserted=inserted,
        updated=updated,
        unchanged=tally.accepted - inserted - updated,
        rejected=tally.rejected,
        missing=len(missing),
        run=run,
        rejections=told,
        missing_bodies=tuple(missing[:MAX_TOLD]),
    )


def _scope(provinces: set[str]) -> list[str]:
    """The provinces that a snapshot speaks for: those of which it holds a body; the centre under both of its codes."""
    central = provinces.intersection(CENTRAL_PROVINCE)
    return sorted(provinces | set(CENTRAL_PROVINCE)) if central else sorted(provinces)
