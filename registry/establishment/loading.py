"""The first import of an empty register: no staging, no comparison, indexes at the end (``registry.store.body_load``)."""

from datetime import datetime

from registry.establishment.copying import Prepared, body_lines, name_lines
from registry.establishment.staging import ImportOrder, Progress, Tally, Watch, groups, reject
from registry.kernel.db import Connection, Record
from registry.store import body_load, import_runs

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
    bodies_end, names_end = f"\t{order.now.isoformat()}\t{run}", f"\t{run}"
    async for group in groups(source.batches(order.now)):
        await body_load.load(conn, body_lines(group.rows, bodies_end), name_lines(group.rows, names_end))
        await _follow(conn, run, group.rows)
        await reject(conn, run, group.rejected, tally)
        tally.accepted += len(group.rows)
        tally.provinces |= {row.region[:2] for row in group.rows}
        watch(Progress(tally.accepted + tally.rejected, group.position / source.size))
    if not await body_load.dress_tables(conn, statements) or _circular(await body_load.inner_sponsors(conn)):
        raise _NotThisWay
    return run, tally


async def _follow(conn: "Connection[Record]", run: int, rows: list[Prepared]) -> None:
    found = []
    for row in rows:
        if row.successors:
            cells = row.body.split("\t")
            changed = None if cells[16] == r"\N" else datetime.fromisoformat(cells[16])
            found += [(row.uscc, successor, cells[11], changed) for successor in row.successors]
    if found:
        await body_load.add_successions(conn, run, found)


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
