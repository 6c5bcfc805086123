"""Acts in the life of institutions: what is asked, the steps that were taken, and lists of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.model.institution import OPEN, ActKind, ActStage

_COLUMNS = """id, kind, stage, uscc, body_name, region, level, year, fields, version, created_at, created_by, filed_at, accepted_at, due_on,
    returned_at, asked, proposed_by, decided_at, decided_by, reason, outcome"""
_ADD = """
insert into institution_act (id, kind, stage, uscc, body_name, region, level, year, fields, created_at, created_by)
values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10)"""
_REVISE = """
update institution_act set fields = $2, body_name = $3, uscc = $4, region = $5, level = $6, version = version + 1
where id = $1 and version = $7"""
_MOVE = """
update institution_act set stage = $2, filed_at = coalesce($3, filed_at), accepted_at = coalesce($4, accepted_at), due_on = $5,
    returned_at = $6, asked = coalesce($7, asked), proposed_by = coalesce($8, proposed_by)
where id = $1"""
_SETTLE = """
update institution_act set stage = $2, decided_at = $3, decided_by = $4, reason = $5, outcome = $6, due_on = null, returned_at = null
where id = $1"""
_STEP = """
insert into institution_step (act_id, at, actor, role, move, from_stage, to_stage, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)"""
_OPEN = sorted(stage.value for stage in OPEN)
_QUEUE = f"""
select {_COLUMNS} from institution_act
where stage = any ($1) and ($2::text is null or region between $2 and $3) and ($4::text[] is null or level = any ($4))
  and (coalesce(due_on, 'infinity'::date), id) > ($5, $6)
order by coalesce(due_on, 'infinity'::date), id limit $7"""
_COUNTS = """
select stage, count(*) as count from institution_act
where stage = any ($1) and ($2::text is null or region between $2 and $3) and ($4::text[] is null or level = any ($4))
group by stage"""


@dataclass(frozen=True, slots=True)
class InstitutionAct:
    """``fields`` are the blanks of the form, by key; ``due_on`` the last day of the term that runs now; ``outcome`` what a decision made:
    ``run`` (import), ``certificate``, ``notice``, ``late`` (working days).
    """

    id: str
    kind: str
    stage: str
    uscc: str
    body_name: str
    region: str
    level: str
    year: int | None
    fields: Mapping[str, str]
    version: int
    created_at: datetime
    created_by: str
    filed_at: datetime | None = None
    accepted_at: datetime | None = None
    due_on: date | None = None
    returned_at: datetime | None = None
    asked: str = ""
    proposed_by: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind_now(self) -> ActKind:
        """The kind as such."""
        return ActKind(self.kind)

    @property
    def stage_now(self) -> ActStage:
        """The stage as such."""
        return ActStage(self.stage)


@dataclass(frozen=True, slots=True)
class ActStep:
    """A step that somebody took."""

    at: datetime
    actor: str
    role: str
    move: str
    from_stage: str
    to_stage: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move that settles nothing changes; None leaves a column as it is, but for the term and the return, which are always set."""

    stage: ActStage
    due_on: date | None = None
    filed_at: datetime | None = None
    accepted_at: datetime | None = None
    returned_at: datetime | None = None
    asked: str | None = None
    proposed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose acts a list holds: regions from ``low`` to ``high`` and these levels; all None for the whole country."""

    low: str | None = None
    high: str | None = None
    levels: Sequence[str] | None = None


async def add(conn: "Connection[Record]", one: InstitutionAct) -> None:
    """Write a draft."""
    await conn.execute(
        _ADD, one.id, one.kind, one.uscc, one.body_name, one.region, one.level, one.year, dict(one.fields), one.created_at, one.created_by
    )  # fmt: skip


async def find(conn: "Connection[Record]", act_id: str) -> InstitutionAct | None:
    """One, or None."""
    row = await conn.fetchrow(f"select {_COLUMNS} from institution_act where id = $1", act_id)
    return InstitutionAct(*row) if row else None


async def lock(conn: "Connection[Record]", act_id: str) -> InstitutionAct | None:
    """The same, and nobody else moves it until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from institution_act where id = $1 for update", act_id)
    return InstitutionAct(*row) if row else None


async def revise(conn: "Connection[Record]", one: InstitutionAct) -> bool:
    """Write its fields over the version that it names; False when that is not the last one any more."""
    tag = await conn.execute(
        _REVISE, one.id, dict(one.fields), one.body_name, one.uscc, one.region, one.level, one.version
    )
    return bool(tag == "UPDATE 1")


async def move(conn: "Connection[Record]", act_id: str, to: Moved) -> None:
    """To another stage that is not final; raises UniqueViolation while another matter of the body is open."""
    await conn.execute(
        _MOVE, act_id, to.stage.value, to.filed_at, to.accepted_at, to.due_on, to.returned_at, to.asked, to.proposed_by
    )


async def settle(
    conn: "Connection[Record]", act_id: str, stage: ActStage, at: datetime, by: str, reason: str, outcome: Mapping[str, Any]
) -> None:  # fmt: skip
    """To a final stage."""
    await conn.execute(_SETTLE, act_id, stage.value, at, by, reason, dict(outcome))


async def add_step(conn: "Connection[Record]", act_id: str, step: ActStep) -> None:
    """Note what somebody did."""
    await conn.execute(
        _STEP, act_id, step.at, step.actor, step.role, step.move, step.from_stage, step.to_stage, step.reason
    )


async def steps(conn: "Connection[Record]", act_id: str) -> list[ActStep]:
    """All steps in their order."""
    sql = (
        "select at, actor, role, move, from_stage, to_stage, reason from institution_step where act_id = $1 order by id"
    )
    return [ActStep(*row) for row in await conn.fetch(sql, act_id)]


async def of_body(conn: "Connection[Record]", uscc: str, own: str, limit: int) -> list[InstitutionAct]:
    """Acts about a body, and those that this actor drew up (for a body to be); the newest first."""
    sql = f"""select {_COLUMNS} from institution_act where uscc = $1 or created_by = $2
        order by created_at desc, id limit $3"""
    return [InstitutionAct(*row) for row in await conn.fetch(sql, uscc, own, limit)]


async def queue(
    conn: "Connection[Record]", reach: Reach, stages: Sequence[str], after: tuple[date, str], limit: int
) -> list[InstitutionAct]:
    """Acts in these stages, the next term first; ``after`` the term and id of the last one of the page before."""
    rows = await conn.fetch(
        _QUEUE, list(stages), reach.low, reach.high, _levels(reach), after[0], after[1], limit
    )  # fmt: skip
    return [InstitutionAct(*row) for row in rows]


async def drafts_by(conn: "Connection[Record]", actor: str, limit: int) -> list[InstitutionAct]:
    """Drafts that this person drew up, the newest first."""
    sql = f"select {_COLUMNS} from institution_act where created_by = $1 and stage = 'draft' order by created_at desc limit $2"
    return [InstitutionAct(*row) for row in await conn.fetch(sql, actor, limit)]


async def count_open(conn: "Connection[Record]", reach: Reach) -> Mapping[str, int]:
    """How many are open, by stage."""
    rows = await conn.fetch(_COUNTS, _OPEN, reach.low, reach.high, _levels(reach))
    return {row["stage"]: row["count"] for row in rows}


async def open_matter(conn: "Connection[Record]", uscc: str) -> str | None:
    """The id of the act about the body that is open, reports aside, or None."""
    sql = "select id from institution_act where uscc = $1 and kind <> 'report' and stage = any ($2) limit 1"
    found: str | None = await conn.fetchval(sql, uscc, _OPEN)
    return found


async def reports_received(conn: "Connection[Record]", uscc: str) -> Mapping[int, str]:
    """Years whose reports were filed and are not settled, with the ids of the acts."""
    sql = "select year, id from institution_act where uscc = $1 and kind = 'report' and stage = any ($2)"
    return {row["year"]: row["id"] for row in await conn.fetch(sql, uscc, _OPEN)}


def _levels(reach: Reach) -> list[str] | None:
    return list(reach.levels) if reach.levels is not None else None
