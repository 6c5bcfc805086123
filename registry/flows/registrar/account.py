"""A registrar's account as it is shown: to the registrar itself, and to operators. No secrets in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.flows.act import Act
from registry.flows.registrar.permission import no_registrar, require_own
from registry.flows.registrar.sessions import DEAD_AFTER, OpenSession
from registry.model.registrar import Limits, Standing
from registry.store import registrar_sessions, registrar_users, registrar_webhooks, registrars
from registry.store.registrar_users import ListedNetwork, User
from registry.store.registrars import Certificate

__all__ = ["Account", "Certificate", "ListedNetwork", "User", "list_accounts", "list_proposals", "read_account"]
SHOWN_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class Account:
    """``level`` is how many commands the bucket holds now (0 without a rate); ``webhook`` the address and its state, empty when none."""

    standing: Standing
    status_reason: str
    status_at: datetime | None
    users: Sequence[User]
    certificates: Sequence[Certificate]
    networks: Sequence[ListedNetwork]
    sessions: Sequence[OpenSession]
    max_sessions: int
    level: float
    webhook_url: str = ""
    webhook_state: str = ""
    messages: int = 0
    asked_at: datetime | None = field(default=None)

    @property
    def limits(self) -> Limits:
        """Of the registrar as a whole."""
        return self.standing.limits


async def read_account(act: Act, registrar_id: str) -> Account:
    """Everything about it. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``."""
    require_own(act, registrar_id)
    conn = act.conn
    standing = await registrars.find_standing(conn, registrar_id, None)
    if standing is None or standing.user_id:
        raise no_registrar(registrar_id)
    facts = await registrars.facts(conn, registrar_id)
    open_now = await registrar_sessions.open_sessions(conn, registrar_id, act.now - DEAD_AFTER)
    webhook = await registrar_webhooks.find(conn, registrar_id)
    return Account(
        standing=standing,
        status_reason=facts["status_reason"],
        status_at=facts["status_at"],
        users=await registrar_users.listed(conn, registrar_id),
        certificates=await registrars.certificates(conn, registrar_id),
        networks=await registrar_users.networks(conn, registrar_id),
        sessions=[OpenSession(*row) for row in open_now],
        max_sessions=standing.limits.sessions or act.config.epp.max_connections_per_registrar,
        level=_level(await registrar_sessions.level(conn, f"{registrar_id}*"), standing.limits, act.now),
        webhook_url=webhook.url if webhook else "",
        webhook_state=webhook.state if webhook else "",
        messages=facts["messages"],
        asked_at=act.now,
    )


async def list_accounts(act: Act) -> list[dict[str, Any]]:
    """All registrars with what an operator looks for first: ``id, name, iana_id, status, users, keys, next_end, sessions``."""
    return [dict(row) for row in await registrars.overview(act.conn, act.now, act.now - DEAD_AFTER)]


async def list_proposals(act: Act) -> list[ListedNetwork]:
    """Networks that an operator has to decide about."""
    return await registrar_users.proposals(act.conn)


def _level(row: Any, limits: Limits, now: datetime) -> float:
    if limits.rate is None:
        return 0.0
    if row is None:
        return float(limits.room)
    return float(min(limits.room, row["level"] + max(0.0, (now - row["at"]).total_seconds()) * limits.rate))
