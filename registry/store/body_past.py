"""What bodies were: their versions with the days on which they were true, and what became of them.

A version is the whole row with its names. The newest stands in ``body`` and ``body_name``, older ones in ``body_past``. A day belongs
to the version with ``valid_from <= day < valid_to``; an open beginning means that nothing older is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.kernel.db import Connection, Record
from registry.model.body import Body, is_alive

MAX_STEPS = 16  # of a succession; a longer one is a circle

_VERSIONS = """
select valid_from, valid_to, made_by, ended_by, state, names from body_past where uscc = $1
union all
select coalesce(since, (changed_at at time zone 'Asia/Shanghai')::date), null, run, null, to_jsonb(b),
       coalesce((select jsonb_agg(to_jsonb(n)) from body_name n where n.uscc = b.uscc), '[]')
from body b where uscc = $1
order by valid_to nulls last, ended_by nulls last"""

_NAMES_AS_OF = """
select role, name, valid_from, valid_to from body_name where uscc = $1
order by valid_to nulls first, array_position(array['full', 'short', 'alias', 'former'], role), name collate "C" """

_AFTER = f"""
with recursive chain (depth, predecessor, successor, kind, since) as (
    select 1, predecessor, successor, kind, since from body_succession where predecessor = $1
    union all
    select c.depth + 1, s.predecessor, s.successor, s.kind, s.since
    from chain c join body_succession s on s.predecessor = c.successor where c.depth < {MAX_STEPS}
) cycle successor set looped using path
select distinct on (predecessor, successor) depth, predecessor, successor, chain.kind, chain.since, b.name, b.status, b.successor_uscc
from chain left join body b on b.uscc = chain.successor where not looped order by predecessor, successor, depth"""
_BEFORE = (
    _AFTER.replace("where predecessor = $1", "where successor = $1")
    .replace("s.predecessor = c.successor", "s.successor = c.predecessor")
    .replace("cycle successor", "cycle predecessor")
    .replace("b.uscc = chain.successor", "b.uscc = chain.predecessor")
)


@dataclass(frozen=True, slots=True)
class Version:
    """A body as it was from ``valid_from`` (None: as far back as is known) until the day before ``valid_to`` (None: still).

    ``made_by`` is the import that brought it.
    """

    body: Body
    valid_from: date | None
    valid_to: date | None
    made_by: int | None


@dataclass(frozen=True, slots=True)
class NameSpan:
    """One name and when it was borne; ``role`` is ``full``, ``short``, ``alias`` or ``former``."""

    role: str
    name: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a succession: ``kind`` is renamed, merged, split, abolished …; ``name`` and ``alive`` are of the far end.

    ``name`` is empty when the far end is not on file.
    """

    depth: int
    predecessor: str
    successor: str
    kind: str
    since: date | None
    name: str
    alive: bool


async def versions(conn: "Connection[Record]", uscc: str) -> list[Version]:
    """Every version of a body, the oldest first; empty for an unknown code."""
    return [
        Version(body_of(row["state"], row["names"]), row["valid_from"], row["valid_to"], row["made_by"])
        for row in await conn.fetch(_VERSIONS, uscc)
    ]


async def as_of(conn: "Connection[Record]", uscc: str, day: date) -> Version | None:
    """The body as it was on that day; None when it is unknown, or nothing is known of that day.

    Of several changes on one day the last counts. A body is not there before it was established.
    """
    for version in reversed(await versions(conn, uscc)):
        began = version.valid_from is None or version.valid_from <= day
        if began and (version.valid_to is None or day < version.valid_to):
            born = version.body.established_on
            return version if born is None or born <= day else None
    return None


async def name_spans(conn: "Connection[Record]", uscc: str) -> list[NameSpan]:
    """Every name that a body bears or bore, those of today first."""
    return [NameSpan(**row) for row in await conn.fetch(_NAMES_AS_OF, uscc)]


async def successors_of(conn: "Connection[Record]", uscc: str) -> list[Step]:
    """What became of a body, through any number of changes, nearest first; circles end where they began."""
    return _steps(await conn.fetch(_AFTER, uscc))


async def predecessors_of(conn: "Connection[Record]", uscc: str) -> list[Step]:
    """What a body came from, nearest first."""
    return _steps(await conn.fetch(_BEFORE, uscc))


def _steps(rows: Sequence[Record]) -> list[Step]:
    steps = [
        Step(
            row["depth"], row["predecessor"], row["successor"], row["kind"], row["since"], row["name"] or "",
            row["status"] is not None and is_alive(row["status"], row["successor_uscc"]),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(steps, key=lambda step: (step.depth, step.predecessor, step.successor))


def body_of(state: Mapping[str, Any], names: Sequence[Mapping[str, Any]]) -> Body:
    """A body from the JSON of its row and of the rows of its names."""

    def of(role: str) -> tuple[str, ...]:
        return tuple(sorted(name["name"] for name in names if name["role"] == role))

    fields = {field: state[field] for field in Body.__dataclass_fields__ if field in state}
    for field in ("established_on", "valid_until"):
        fields[field] = date.fromisoformat(state[field]) if state[field] else None
    changed = state["changed_at"]
    fields["changed_at"] = datetime.fromisoformat(changed) if changed else None
    return Body(aliases=of("alias"), short_names=of("short"), former_names=of("former"), **fields)
