"""History: every object as it was after every act, for ever. Rows are written by ``registry.store.memory``."""

from registry.kernel.db import Connection, Record


async def list_of(conn: "Connection[Record]", subject: str) -> list[Record]:
    """All rows of one object, oldest first: act, actor, trid, at, snapshot."""
    return await conn.fetch(
        "select act, actor, trid, client_trid, at, snapshot from history where subject = $1 order by id", subject
    )
