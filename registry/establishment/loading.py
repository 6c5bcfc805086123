"""The first import of an empty register: no staging, no comparison, indexes at the end (``registry.store.body_load``)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from registry.establishment.columns import COLUMNS
from registry.establishment.copying import (
    Prepared,
    body_lines,
    name_lines,
    plain_body_lines,
    plain_name_lines,
    plain_successions,
    prepare,
)
from registry.establishment.rows import Batch, Plain, Rejected
from registry.establishment.staging import ImportOrder, Progress, Tally, Watch, ahead, reject
from registry.kernel.db import Connection, Record
from registry.store import body_load, import_runs

_REGION = COLUMNS.index("region")
MIN_BYTES = 4 * 1024 * 1024  # smaller files do not pay for building indexes anew


class _NotThisWay(Exception):
    """The file needs what only the staged import does: duplicates or circles of sponsors are to be named by line."""


async def may_load(conn: "Connection[Record]", order: ImportOrder) -> bool:
    """Whether this is a large file for an empty register, of nobody's scope."""
    large = order.source.size >= MIN_BYTES and not order.scope
    return large and await body_load.no_bodies(conn)


async def load(conn: "Connection[Record]", order: ImportOrder, watch: Watch) -> tuple[int, Tally] | None:
    """Load everything in the caller's transaction; None, and nothing done, when the file needs the other way."""
    try:
        async with conn.transaction():
            return await _load(conn, order, watch)
    except _NotThisWay:
        return None


async def _load(conn: "Connection[Record]", order: ImportOrder, watch: Watch) -> tuple[int, Tally]:
    source, tally = order.source, Tally()
    run = await import_runs.open_run(
        conn, order.now, order.actor, source=source.name, sha256=source.sha256, mode=order.mode
    )
    await import_runs.discard_others(conn, run, order.now)
    statements = await body_load.strip_tables(conn)
    ends = _Ends(order.now.isoformat(), run)
    async for piece in ahead(_pieces(source.batches(order.now), ends)):
        if piece.plain_bodies:
            await body_load.load_plain(conn, piece.plain_bodies, piece.plain_names)
        if piece.bodies:
            await body_load.load(conn, piece.bodies, piece.names)
        if piece.successions:
            await body_load.add_successions(conn, run, piece.successions)
        await reject(conn, run, piece.rejected, tally)
        tally.accepted += piece.accepted
        tally.provinces |= piece.provinces
        watch(Progress(tally.accepted + tally.rejected, piece.position / source.size))
    if not await body_load.dress_tables(conn, statements) or _circular(await body_load.inner_sponsors(conn)):
        raise _NotThisWay
    return run, tally


@dataclass(frozen=True, slots=True)
class _Ends:
    """The columns that are the same for all rows."""

    at: str
    run: int


@dataclass(slots=True)
class _Piece:
    """Some thousand rows as COPY text, made in the reading thread."""

    plain_bodies: bytes = b""
    plain_names: bytes = b""
    bodies: bytes = b""
    names: bytes = b""
    rejected: list[Rejected] = field(default_factory=list)
    successions: list[tuple[str, str, str, datetime | None]] = field(default_factory=list)
    accepted: int = 0
    provinces: set[str] = field(default_factory=set)
    position: int = 0


def _pieces(batches: Iterator[Batch], ends: _Ends) -> Iterator[_Piece]:
    for batch in batches:
        piece = _Piece(position=batch.position)
        if batch.plain:
            _add_plain(piece, batch.plain, ends)
        rows = [prepare(entry) for entry in batch.others if not isinstance(entry, Rejected)]
        piece.rejected = [entry for entry in batch.others if isinstance(entry, Rejected)]
        if rows:
            _add_rows(piece, rows, ends)
        yield piece


def _add_plain(piece: _Piece, plain: Plain, ends: _Ends) -> None:
    piece.plain_bodies = plain_body_lines(plain, f",{ends.at},{ends.run}")
    piece.plain_names = plain_name_lines(plain, f"\t{ends.run}")
    piece.successions = [
        (uscc, successor, status, datetime.fromisoformat(changed) if changed else None)
        for uscc, successor, status, changed in plain_successions(plain)
    ]
    piece.accepted = len(plain.lines)
    piece.provinces = {region[:2] for region in set(plain.columns[_REGION])}


def _add_rows(piece: _Piece, rows: list[Prepared], ends: _Ends) -> None:
    piece.bodies = body_lines(rows, f"\t{ends.at}\t{ends.run}")
    piece.names = name_lines(rows, f"\t{ends.run}")
    for row in rows:
        if row.successors:
            cells = row.body.split("\t")
            changed = None if cells[16] == r"\N" else datetime.fromisoformat(cells[16])
            piece.successions += [(row.uscc, successor, cells[11], changed) for successor in row.successors]
    piece.accepted += len(rows)
    piece.provinces |= {row.region[:2] for row in rows}


def _circular(above: dict[str, str]) -> bool:
    """Whether some body is its own superior: walks each chain once."""
    done: set[str] = set()
    for start in above:
        walk: set[str] = set()
        node: str | None = start
        while node is not None and node not in done and node not in walk:
            walk.add(node)
            node = above.get(node)
        if node is not None and node in walk:
            return True
        done |= walk
    return False
