"""The first bodies of an empty register: millions of rows straight into the tables, their indexes built once at the end.

Keeping seven indexes up to date row by row costs several times what the rows themselves cost. While no body is on file nobody can
miss an index, so the loading transaction takes the tables for itself, drops what slows it down, loads, and puts everything
back as it was (the definitions are PostgreSQL's own). A crash, or a row that breaks a rule, leaves the empty tables as they were.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from registry.kernel.db import Connection, Record, UniqueViolation
from registry.store.body_import import BODY_COLUMNS

BUILD_MEMORY = "256MB"  # for sorting; an index of three million names takes some 150 MB
_TABLES = ("body", "body_name")
_NAME_COLUMNS = ("uscc", "role", "name", "index_label")
_TEXTS = (
    "sponsor_uscc",
    "authority",
    "address",
    "legal_representative",
    "phone",
    "successor_uscc",
)  # may be empty, never null

_CONSTRAINTS = """
select conrelid::regclass::text as of_table, conname, pg_get_constraintdef(oid) as definition from pg_constraint
where conrelid = any (array['body', 'body_name']::regclass[]) and contype in ('p', 'u', 'f') order by contype <> 'f', conname"""
_INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any ($1::text[])
  and indexname not in (select conname from pg_constraint where contype in ('p', 'u')) order by indexname"""
_INNER = """
with sponsor as materialized (select distinct sponsor_uscc as uscc from body where sponsor_uscc <> '')
select uscc, sponsor_uscc from body join sponsor using (uscc) where sponsor_uscc <> ''"""
_DONE = "update body_key_state set whole = true"
_SUCCESSIONS = """
insert into body_succession (predecessor, successor, kind, since, run)
select predecessor, successor, kind, (at at time zone 'Asia/Shanghai')::date, $1
from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as s (predecessor, successor, kind, at)
on conflict do nothing"""


async def no_bodies(conn: "Connection[Record]") -> bool:
    """Whether no body is on file."""
    return bool(await conn.fetchval("select not exists (select from body)"))


async def strip_tables(conn: "Connection[Record]") -> list[str]:
    """Take the empty tables for this transaction and drop their keys and indexes; the statements that put them back."""
    await conn.execute("lock table body, body_name in access exclusive mode")
    if await conn.fetchval("select has_parameter_privilege('wal_compression', 'set')"):
        await conn.execute(
            "set local wal_compression = off"
        )  # whole pages of new indexes: packing them takes half of the time
    constraints = await conn.fetch(_CONSTRAINTS)
    indexes = await conn.fetch(_INDEXES, list(_TABLES))
    for row in constraints:
        await conn.execute(f'alter table {row["of_table"]} drop constraint "{row["conname"]}"')
    for row in indexes:
        await conn.execute(f'drop index "{row["indexname"]}"')
    await conn.execute(
        "truncate body, body_name"
    )  # empty as they are: what this transaction emptied itself it may write frozen
    keys = [
        f'alter table {row["of_table"]} add constraint "{row["conname"]}" {row["definition"]}' for row in constraints
    ]
    foreign = [key for key in keys if " FOREIGN KEY " in key]
    return [*(key for key in keys if key not in foreign), *(row["indexdef"] for row in indexes), *foreign]


async def expect(conn: "Connection[Record]", now: datetime, run: int) -> None:
    """What is the same for all rows stands as the columns' default while they are loaded, so that no row need say it."""
    at = await conn.fetchval("select quote_literal($1::timestamptz)", now)
    await conn.execute(f"alter table body alter imported_at set default {at}, alter run set default {int(run)}")
    await conn.execute(f"alter table body_name alter run set default {int(run)}")


async def load(conn: "Connection[Record]", bodies: bytes, names: bytes) -> None:
    """COPY text of ``body`` (:data:`BODY_COLUMNS`) and of ``body_name`` (code, role, name, index label)."""
    await conn.copy_to_table("body", source=BytesIO(bodies), columns=BODY_COLUMNS, freeze=True)
    await conn.copy_to_table("body_name", source=BytesIO(names), columns=_NAME_COLUMNS, freeze=True)


async def load_plain(conn: "Connection[Record]", bodies: bytes, names: bytes) -> None:
    """The same with the bodies as CSV."""
    await conn.copy_to_table(
        "body", source=BytesIO(bodies), columns=BODY_COLUMNS, format="csv", force_not_null=_TEXTS, freeze=True
    )
    await conn.copy_to_table("body_name", source=BytesIO(names), columns=_NAME_COLUMNS, freeze=True)


async def dress_tables(conn: "Connection[Record]", statements: Sequence[str]) -> bool:
    """Build keys and indexes again; False when a code stands there twice."""
    await conn.execute("alter table body alter imported_at drop default, alter run drop default")
    await conn.execute("alter table body_name alter run drop default")
    await conn.execute(f"set local maintenance_work_mem = '{BUILD_MEMORY}'")
    try:
        for statement in statements:
            await conn.execute(statement)
    except UniqueViolation:
        return False
    await conn.execute("analyze body, body_name")
    await conn.execute(_DONE)
    return True


async def inner_sponsors(conn: "Connection[Record]") -> dict[str, str]:
    """Every body that is both above some body and below another, with its sponsor: a circle can only run through these."""
    return {row["uscc"]: row["sponsor_uscc"] for row in await conn.fetch(_INNER)}


async def add_successions(
    conn: "Connection[Record]", run: int, rows: Sequence[tuple[str, str, str, datetime | None]]
) -> None:
    """Predecessor, successor, kind, instant."""
    await conn.execute(_SUCCESSIONS, run, *map(list, zip(*rows, strict=True)))
