"""A person signs out."""

from registry.flows.act import Act
from registry.flows.session.proof import digest
from registry.kernel.journal import append
from registry.store import sessions


async def sign_out(act: Act, token: str) -> None:
    """End the session of this token; nothing happens when there is none."""
    username = await sessions.end(act.conn, digest(token))
    if username is not None:
        await append(act.conn, act.now, act.caller.actor, "session.ended", username, act.trid, {"why": "signed out"})
