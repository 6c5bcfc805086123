"""What a staged import would change, counted and with examples, before anything is written."""

from dataclasses import dataclass
from typing import Any

from registry.kernel.db import Connection, Record

MAX_EXAMPLES = 50  # changes that are shown one by one; people read no more

_COUNTS = """
select count(*) filter (where not known) as inserted,
       count(*) filter (where known) as updated,
       count(*) filter (where known and i.name <> b.name) as renamed,
       count(*) filter (where known and i.status <> b.status) as status,
       count(*) filter (where known and i.status <> b.status and i.status not in ('normal', 'renamed')) as ended,
       count(*) filter (where known and i.region <> b.region) as moved,
       count(*) filter (where known and i.sponsor_uscc <> b.sponsor_uscc) as sponsor,
       count(*) filter (where known and i.successor_uscc <> b.successor_uscc) as successor
from import_row i left join body b using (uscc) where i.run = $1"""
# what stands in DNS or carries a mark under a body that is renamed or ends
_TOUCHED = """
with event as (
    select uscc from import_row i join body b using (uscc)
    where i.run = $1 and (i.name <> b.name or i.status <> b.status or i.successor_uscc <> b.successor_uscc)
)
select (select count(*) from domain join event using (uscc)) as names,
       (select count(*) from published.mark join event using (uscc) where state <> 'revoked') as marks"""
_EXAMPLES = """
select i.line, i.uscc, b.name, jsonb_strip_nulls(jsonb_build_object(
    'name', case when b.name <> i.name then jsonb_build_array(b.name, i.name) end,
    'status', case when b.status <> i.status then jsonb_build_array(b.status, i.status) end,
    'region', case when b.region <> i.region then jsonb_build_array(b.region, i.region) end,
    'sponsor', case when b.sponsor_uscc <> i.sponsor_uscc then jsonb_build_array(b.sponsor_uscc, i.sponsor_uscc) end,
    'successor', case when b.successor_uscc <> i.successor_uscc
                      then jsonb_build_array(b.successor_uscc, i.successor_uscc) end)) as changes
from import_row i join body b using (uscc)
where i.run = $1 and (i.name, i.status, i.region, i.sponsor_uscc, i.successor_uscc)
                     is distinct from (b.name, b.status, b.region, b.sponsor_uscc, b.successor_uscc)
order by i.line limit $2"""


@dataclass(frozen=True, slots=True)
class Example:
    """One change: ``changes`` maps a field to ``[before, after]``."""

    line: int
    uscc: str
    name: str
    changes: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """``counts``: inserted, updated, and of the updated renamed, status, ended, moved, sponsor, successor; names and marks touched."""

    counts: dict[str, int]
    examples: tuple[Example, ...]


async def planned(conn: "Connection[Record]", run: int) -> Plan:
    """What merging the staged rows would do."""
    counts: dict[str, Any] = {}
    for sql in (_COUNTS, _TOUCHED):
        row = await conn.fetchrow(sql, run)
        counts |= dict(row) if row else {}
    examples = [
        Example(row["line"], row["uscc"], row["name"], row["changes"])
        for row in await conn.fetch(_EXAMPLES, run, MAX_EXAMPLES)
    ]
    return Plan(counts, tuple(examples))
