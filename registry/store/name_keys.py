"""Keys under which registered names that sound or look alike are found: made by the program, a moment after birth."""

from collections.abc import Iterable

from registry.kernel.db import Connection, Record

# A name that was deleted meanwhile only leaves the queue.
_TAKE = """
with taken as (
    delete from name_unkeyed where domain_roid in (
        select domain_roid from name_unkeyed limit $1 for update skip locked)
    returning domain_roid
)
select t.domain_roid, d.u_label from taken t left join domain d on d.roid = t.domain_roid"""
_ADD = """
insert into name_key (key, domain_roid)
select k.key, k.roid from unnest($1::text[], $2::text[]) as k (key, roid)
where exists (select from domain d where d.roid = k.roid for key share)
on conflict do nothing"""


async def take_waiting(conn: "Connection[Record]", most: int) -> list[tuple[str, str | None]]:
    """Take names out of the queue: (ROID, U-label; None when the name is gone). Others may take beside us."""
    return [(row["domain_roid"], row["u_label"]) for row in await conn.fetch(_TAKE, most)]


async def add(conn: "Connection[Record]", keys: Iterable[tuple[str, str]]) -> None:
    """Write (key, ROID) pairs; those of names that are gone are left out."""
    listed = list(keys)
    await conn.execute(_ADD, [key for key, _ in listed], [roid for _, roid in listed])
