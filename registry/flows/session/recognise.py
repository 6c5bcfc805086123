"""Who is behind a request: the session that its cookie names, if it still runs and is used by the browser that began it."""

import hmac

from registry.flows.runner import Runner
from registry.flows.session.lifetimes import TOUCH_AFTER, idle_of
from registry.flows.session.proof import digest
from registry.kernel.ids import new_transaction_id
from registry.kernel.journal import append
from registry.model.person import Person, Role
from registry.store import sessions
from registry.store.sessions import SessionRow


async def recognise(runner: Runner, token: str, agent: str) -> Person | None:
    """The person, or None when nobody is signed in. A token that another browser presents ends its session."""
    now, token_hash = runner.clock.now(), digest(token)
    async with runner.db.connection() as conn:
        row = await sessions.find(conn, token_hash)
        if row is None:
            return None
        person = Person(row.username, Role(row.role), row.region, row.uscc, row.name, row.registrar)
        if now < min(row.ends_at, row.seen_at + idle_of(person.role)) and hmac.compare_digest(
            row.agent_hash, digest(agent)
        ):
            if now - row.seen_at > TOUCH_AFTER:
                await sessions.touch(conn, token_hash, now)
            return person
    await _end(runner, token_hash, row, agent)
    return None


async def _end(runner: Runner, token_hash: bytes, row: SessionRow, agent: str) -> None:
    why = "time" if hmac.compare_digest(row.agent_hash, digest(agent)) else "another browser"
    async with runner.db.transaction() as conn:
        if await sessions.end(conn, token_hash) is not None:
            now, trid = runner.clock.now(), new_transaction_id()
            await append(conn, now, f"person:{row.username}", "session.ended", row.username, trid, {"why": why})
