"""Applications that wait for a reviewer, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from registry.kernel.db import Connection, Record

State = Literal["submitted", "approved", "refused", "withdrawn"]
_ADD = """
insert into application (id, kind, state, name, tld, index_label, uscc, region, registrar_id, decision_id, request, created_at)
values ($1, $2, 'submitted', $3, $4, $5, $6, coalesce((select region from body where uscc = $6), '000000'), $7, $8, $9, $10)"""
_CLOSE = """
update application set state = $2, stage = $6, outcome = $3, decided_at = $4, decided_by = $5, returned_at = null
where id = $1 and state = 'submitted'"""
_RETURN = """
update application set stage = 'returned', returned_by = $2, returned_at = $3, asked = $4, proposed_by = '' where id = $1"""
_ANSWER = """
update application set stage = 'submitted', returned_at = null, paused_days = paused_days + $2,
    request = case when $3 = '' then request else jsonb_set(request, '{traditional}', to_jsonb($3::text)) end
where id = $1"""
_CLAIM = "update application set claimed_by = $2 where id = $1"
_OVERDUE = """
select id from application where stage = 'returned' and returned_at < $1 order by returned_at limit $2"""


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
    claimed_by: str = ""  # the reviewer who has it on his desk
    returned_by: str = ""  # who asked for the last correction
    returned_at: datetime | None = None  # since when the applicant is awaited
    asked: list[str] = field(default_factory=list)  # what of ``registry.model.application.CORRECTIONS``
    paused_days: int = 0  # working days that earlier corrections took
    appeal_of: str | None = None
    reminded_on: date | None = None  # the last day on which somebody was reminded of it


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


async def waiting_of_registrar(
    conn: "Connection[Record]", tld: str, index_label: str, registrar_id: str
) -> Application | None:
    """The oldest application of a registrar for any spelling of the name that waits, or None."""
    row = await conn.fetchrow(
        "select * from application where kind = 'domain' and state = 'submitted' and tld = $1 and index_label = $2 and registrar_id = $3 "
        "order by created_at, id limit 1",
        tld, index_label, registrar_id,
    )  # fmt: skip
    return Application(**row) if row else None


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
    conn: "Connection[Record]",
    application_id: str,
    state: State,
    outcome: Mapping[str, Any],
    by: str,
    at: datetime,
    stage: str = "",
) -> bool:
    """Write what became of it; False when it does not wait any more. ``stage`` is the state's own where it is not finer."""
    tag = await conn.execute(_CLOSE, application_id, state, dict(outcome), at, by, stage or state)
    return bool(tag == "UPDATE 1")


async def send_back(
    conn: "Connection[Record]", application_id: str, by: str, at: datetime, asked: Sequence[str]
) -> None:
    """It waits for the applicant from now on; opinions given so far are void."""
    await conn.execute(_RETURN, application_id, by, at, list(asked))


async def take_back(conn: "Connection[Record]", application_id: str, paused_days: int, traditional: str) -> None:
    """It waits for reviewers again, that many working days younger; ``traditional`` replaces what was applied for unless empty."""
    await conn.execute(_ANSWER, application_id, paused_days, traditional)


async def claim(conn: "Connection[Record]", application_id: str, by: str) -> None:
    """Put it on somebody's desk, or with an empty actor on nobody's."""
    await conn.execute(_CLAIM, application_id, by)


async def returned_before(conn: "Connection[Record]", before: datetime, limit: int) -> list[str]:
    """Ids of those that have waited for their applicants since before then, the longest first."""
    return [row["id"] for row in await conn.fetch(_OVERDUE, before, limit)]


async def appeal_against(conn: "Connection[Record]", application_id: str) -> str | None:
    """The id of the appeal against this decision, or None."""
    found: str | None = await conn.fetchval("select id from application where appeal_of = $1", application_id)
    return found


async def mark_appeal(conn: "Connection[Record]", application_id: str, against: str) -> None:
    """Note which decision is appealed against."""
    await conn.execute("update application set appeal_of = $2 where id = $1", application_id, against)


@dataclass(frozen=True, slots=True)
class Message:
    """What one side said to the other."""

    at: datetime
    actor: str
    role: str
    text: str


async def say(conn: "Connection[Record]", application_id: str, message: Message) -> None:
    """Add it to the thread."""
    await conn.execute(
        "insert into application_message (application_id, at, actor, role, text) values ($1, $2, $3, $4, $5)",
        application_id, message.at, message.actor, message.role, message.text,
    )  # fmt: skip


async def messages(conn: "Connection[Record]", application_id: str) -> list[Message]:
    """The whole thread, the oldest first."""
    rows = await conn.fetch(
        "select at, actor, role, text from application_message where application_id = $1 order by id", application_id
    )
    return [Message(*row) for row in rows]


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
