"""Applications that wait for a reviewer, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record

State = Literal["submitted", "approved", "refused", "withdrawn"]
_ADD = """
insert into application (id, kind, state, name, tld, index_label, uscc, region, registrar_id, decision_id, request, created_at)
values ($1, $2, 'submitted', $3, $4, $5, $6, coalesce((select region from body where uscc = $6), '000000'), $7, $8, $9, $10)"""
_CLOSE = """
update application set state = $2, stage = $2, outcome = $3, decided_at = $4, decided_by = $5
where id = $1 and state = 'submitted'"""


@dataclass(frozen=True, slots=True)
class Application:
    """``request`` is the order as JSON, enough to carry it out when a reviewer says yes."""

    id: str
    kind: Literal["verification", "domain"]
    name: str
    tld: str
    index_label: str
    uscc: str
    registrar_id: str | None
    decision_id: int | None
    request: Mapping[str, Any]
    created_at: datetime
    region: str = ""  # the body's, filled in when it is written
    state: State = "submitted"
    outcome: Mapping[str, Any] = field(default_factory=dict)
    decided_at: datetime | None = None
    decided_by: str = ""
    stage: str = "submitted"  # finer than ``state``: ``registry.model.application.Stage``
    proposed_by: str = ""  # the actor whose opinion waits for a second person
    applied_by: str = ""  # the actor, when a person applied in the portal
    note: str = ""


async def add(conn: "Connection[Record]", application: Application) -> None:
    """Put one before the reviewers of its body's region."""
    a = application
    await conn.execute(
        _ADD,
        a.id,
        a.kind,
        a.name,
        a.tld,
        a.index_label,
        a.uscc,
        a.registrar_id,
        a.decision_id,
        dict(a.request),
        a.created_at,
    )


async def find(conn: "Connection[Record]", application_id: str) -> Application | None:
    """One, or None."""
    row = await conn.fetchrow("select * from application where id = $1", application_id)
    return Application(**row) if row else None


async def waiting_of(conn: "Connection[Record]", tld: str, index_label: str, uscc: str) -> str | None:
    """The id of the body's own application for any spelling of the name that waits, or None."""
    found: str | None = await conn.fetchval(
        "select id from application where kind = 'domain' and state = 'submitted' and tld = $1 and index_label = $2 and uscc = $3 "
        "order by created_at, id limit 1",
        tld, index_label, uscc,
    )  # fmt: skip
    return found


async def lock(conn: "Connection[Record]", application_id: str) -> Application | None:
    """The same, and nobody else can decide it until the transaction ends."""
    row = await conn.fetchrow("select * from application where id = $1 for update", application_id)
    return Application(**row) if row else None


async def waiting(conn: "Connection[Record]", regions: str = "", limit: int = 100) -> list[Application]:
    """Those that wait, the oldest first, of bodies whose region code begins with ``regions``."""
    rows = await conn.fetch(
        "select * from application where state = 'submitted' and region like $1 || '%' order by created_at, id limit $2",
        regions, limit,
    )  # fmt: skip
    return [Application(**row) for row in rows]


async def close(
    conn: "Connection[Record]", application_id: str, state: State, outcome: Mapping[str, Any], by: str, at: datetime
) -> bool:
    """Write what became of it; False when it does not wait any more."""
    tag = await conn.execute(_CLOSE, application_id, state, dict(outcome), at, by)
    return bool(tag == "UPDATE 1")


async def propose(conn: "Connection[Record]", application_id: str, stage: str, by: str) -> None:
    """Note a first reviewer's opinion (``endorsed``, ``objected``); the application goes on waiting."""
    await conn.execute("update application set stage = $2, proposed_by = $3 where id = $1", application_id, stage, by)


async def mark_applied(conn: "Connection[Record]", application_id: str, by: str, note: str) -> None:
    """Note the person who applied, and what he wants the reviewers to know."""
    await conn.execute("update application set applied_by = $2, note = $3 where id = $1", application_id, by, note)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one person, never changed afterwards."""

    at: datetime
    actor: str
    role: str
    move: str
    from_stage: str
    to_stage: str
    reason: str


async def add_step(conn: "Connection[Record]", application_id: str, step: Step) -> None:
    """Write one."""
    s = step
    await conn.execute(
        "insert into application_step (application_id, at, actor, role, move, from_stage, to_stage, reason) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        application_id, s.at, s.actor, s.role, s.move, s.from_stage, s.to_stage, s.reason,
    )  # fmt: skip


async def steps(conn: "Connection[Record]", application_id: str) -> list[Step]:
    """All of one application, oldest first."""
    rows = await conn.fetch(
        "select at, actor, role, move, from_stage, to_stage, reason from application_step "
        "where application_id = $1 order by id",
        application_id,
    )
    return [Step(*row) for row in rows]
