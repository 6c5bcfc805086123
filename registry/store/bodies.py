"""Bodies as the register knows them: reading. Bulk import is in ``body_import``.

A body's lists of names live in ``body_name``: role ``full``, ``short`` and ``alias`` are the names of today,
``former`` those of the past (from the file, or because a later file no longer had them). Lists come back sorted by
code point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.kernel.db import Connection, Record
from registry.model.body import Body, is_alive

MAX_CHAIN = 8  # steps of sponsors or predecessors that are followed; a longer chain is a cycle or a mistake
MAX_SEARCHED = 100  # a page of answers; more is not read by people
MAX_NAMED = 500  # bodies that share a name are few; the cap keeps a generic one from reading the country

_BODY = """
    b.uscc, b.name, b.kind, b.administrative, b.region, b.level, b.sponsor_uscc, b.authority, b.address,
    b.legal_representative, b.phone, b.status, b.established_on, b.valid_until, b.annual_report_year,
    b.successor_uscc, b.changed_at, names.aliases, names.short_names, names.former_names"""

_NAMES = """
    left join lateral (
        select array_agg(name order by name collate "C") filter (where role = 'alias') as aliases,
               array_agg(name order by name collate "C") filter (where role = 'short') as short_names,
               array_agg(name order by name collate "C") filter (where role = 'former') as former_names
        from body_name n where n.uscc = b.uscc) as names on true"""

_FIND = f"select {_BODY} from body b {_NAMES} where b.uscc = $1"
_FIND_ALL = f"select {_BODY} from body b {_NAMES} where b.uscc = any ($1::text[])"

# the body, those that it follows and those above it: one round trip
_HOLDER = f"""
with recursive predecessor (uscc, depth) as (
    select predecessor, 1 from body_succession where successor = $1
    union
    select s.predecessor, p.depth + 1 from predecessor p join body_succession s on s.successor = p.uscc
    where p.depth < {MAX_CHAIN}
), sponsor (uscc, depth) as (
    select sponsor_uscc, 1 from body where uscc = $1 and sponsor_uscc <> ''
    union
    select b.sponsor_uscc, s.depth + 1 from sponsor s join body b on b.uscc = s.uscc
    where b.sponsor_uscc <> '' and s.depth < {MAX_CHAIN}
), related (relation, depth, uscc) as (
    select 'own', 0, $1
    union all select 'predecessor', min(depth), uscc from predecessor where uscc <> $1 group by uscc
    union all select 'sponsor', min(depth), uscc from sponsor where uscc <> $1 group by uscc
)
select r.relation, {_BODY} from related r join body b on b.uscc = r.uscc {_NAMES} order by r.depth, b.uscc"""

_NAMES_UNDER = f"""
select n.index_label, n.name, n.role, b.uscc, b.name as body_name, b.status, b.successor_uscc
from body_name n join body b on b.uscc = n.uscc where n.index_label = any ($1::text[])
order by b.status <> 'normal', n.role = 'former', b.uscc, n.role, n.name limit {MAX_NAMED}"""


@dataclass(frozen=True, slots=True)
class NameOnFile:
    """One name of one body under an index label: ``role`` as above, ``living`` whether the body is alive today."""

    index_label: str
    name: str
    role: str
    uscc: str
    body_name: str
    living: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A body among its kin.

    ``predecessors`` are bodies whose successor it is (one of several after a split), directly or through others, nearest
    first; ``sponsors`` the chain upwards. ``own`` is None when no body has the code (predecessors may still point at it).
    """

    own: Body | None
    predecessors: tuple[Body, ...] = ()
    sponsors: tuple[Body, ...] = ()


async def find_body(conn: "Connection[Record]", uscc: str) -> Body | None:
    """The body with this code, or None."""
    row = await conn.fetchrow(_FIND, uscc)
    return _body(row) if row else None


async def find_bodies(conn: "Connection[Record]", codes: Sequence[str]) -> dict[str, Body]:
    """Those of the codes that are on file."""
    return {row["uscc"]: _body(row) for row in await conn.fetch(_FIND_ALL, list(codes))} if codes else {}


async def find_holder(conn: "Connection[Record]", uscc: str) -> Holder:
    """The body with its predecessors and sponsors; one round trip."""
    found: dict[str, list[Body]] = {"own": [], "predecessor": [], "sponsor": []}
    for row in await conn.fetch(_HOLDER, uscc):
        found[row["relation"]].append(_body(row))
    own = found["own"][0] if found["own"] else None
    return Holder(own, tuple(found["predecessor"]), tuple(found["sponsor"]))


async def names_under(conn: "Connection[Record]", index_labels: Sequence[str]) -> list[NameOnFile]:
    """Every name present or past under one of the index labels, those of living bodies first; one round trip.

    At most :data:`MAX_NAMED` names.
    """
    return [
        NameOnFile(
            index_label=row["index_label"],
            name=row["name"],
            role=row["role"],
            uscc=row["uscc"],
            body_name=row["body_name"],
            living=is_alive(row["status"], row["successor_uscc"]),
        )
        for row in await conn.fetch(_NAMES_UNDER, list(index_labels))
    ]


def _body(row: Record) -> Body:
    return Body(
        uscc=row["uscc"],
        name=row["name"],
        aliases=tuple(row["aliases"] or ()),
        short_names=tuple(row["short_names"] or ()),
        former_names=tuple(row["former_names"] or ()),
        kind=row["kind"],
        administrative=row["administrative"],
        region=row["region"],
        level=row["level"],
        sponsor_uscc=row["sponsor_uscc"],
        authority=row["authority"],
        address=row["address"],
        legal_representative=row["legal_representative"],
        phone=row["phone"],
        status=row["status"],
        established_on=row["established_on"],
        valid_until=row["valid_until"],
        annual_report_year=row["annual_report_year"],
        successor_uscc=row["successor_uscc"],
        changed_at=row["changed_at"],
    )
