"""The first import of an empty register: no staging, no comparison, indexes at the end (``registry.store.body_load``)."""

from registry.establishment.readers import read_pieces
from registry.establishment.staging import ImportOrder, Progress, Tally, Watch, ahead, reject
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
    await body_load.expect(conn, order.now, run)
    with read_pieces(source, order.now) as pieces:
        async for piece in ahead(pieces):
            if piece.grid_bodies:
                await body_load.load_plain(conn, piece.grid_bodies, piece.grid_names)
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
