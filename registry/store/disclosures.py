"""Disclosures of hidden registration data: written once, read for oversight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record

_ADD = """
insert into disclosure (at, name, roid, viewer, authority, ground, document, by_person, contacts)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id"""
_NEWEST = """
select id, at, name, viewer, authority, ground, document, by_person, contacts from disclosure
where id < $1 and viewer = 'authority' order by id desc limit $2"""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One row; ``contacts`` are the ROIDs of what was shown."""

    id: int
    at: datetime
    name: str
    viewer: str
    authority: str
    ground: str
    document: str
    by_person: str
    contacts: Sequence[str]


async def add(conn: "Connection[Record]", one: Disclosure, roid: str) -> int:
    """Write it; its number."""
    number: int = await conn.fetchval(
        _ADD, one.at, one.name, roid, one.viewer, one.authority, one.ground, one.document, one.by_person, list(one.contacts)
    )  # fmt: skip
    return number


async def newest(conn: "Connection[Record]", before: int, limit: int) -> list[Disclosure]:
    """Those to authorities with numbers below ``before``, the newest first."""
    return [Disclosure(*row) for row in await conn.fetch(_NEWEST, before, limit)]
