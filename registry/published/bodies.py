"""Public bodies: one by its code, some by a word of their name, and the directory of those that have names."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Problem, Refusal
from registry.policy.codes import check_uscc
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring
from registry.published import reading
from registry.published.names import storable
from registry.published.records import BodyDetail, BodyRecord, Listed

__all__ = ["BodyDetail", "Filter", "Listing", "find", "find_by_name", "listing"]

PAGE = 30  # lines of a page of the directory
MAX_WORD = 60  # characters of a name that are searched for; the longest name of a body has about fifty

_DOMAINS = """(select json_agg(json_build_object('name', d.name, 'unicode', d.unicode, 'created_at', d.created_at,
                                                 'is_live', d.deleted_at is null) order by d.created_at, d.name)
    from published.domain d where d.uscc = b.uscc)"""
_DETAIL = f"""
select to_json(b) as body, {_DOMAINS} as domains,
    (select json_agg(json_build_array(n.role, n.name) order by n.role, n.name)
     from published.body_name n where n.uscc = b.uscc and n.role <> 'full') as names,
    (select json_agg(to_json(m) order by m.issued_at desc, m.id) from published.mark m where m.uscc = b.uscc) as marks
from published.body b where b.uscc = $1"""
# The names of a body lie under their index labels, so an exact name is found in any script by one probe.
_EXACT = "select distinct uscc from published.body_name where index_label = $1 and role <> 'former' limit 2"
_LISTED = f"""
select to_json(b) as body, {_DOMAINS} as domains,
    exists (select from published.mark m where m.uscc = b.uscc and m.state = 'valid') as has_mark
from published.body b
where exists (select from published.domain d where d.uscc = b.uscc and d.deleted_at is null)
  and b.region like $1 and b.kind like $2
  and ($3 = '' or exists (select from published.body_name n where n.uscc = b.uscc and n.role <> 'former' and n.name like $3))
  and (b.region, b.uscc) > ($4, $5)
order by b.region, b.uscc limit $6"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a page of the directory shows. ``region`` is a code whose lower levels count too; empty means everything.

    ``after`` is the cursor that the page before gave.
    """

    region: str = ""
    kind: str = ""
    word: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page, and the cursor of the next one (empty on the last)."""

    lines: tuple[Listed, ...]
    after: str


async def find(db: "Database | Connection[Record]", text: str) -> BodyDetail | None:
    """The body with this code; ``VALUE_INVALID`` when the text is no valid code (the message says where it fails)."""
    code = check_uscc(text)
    if isinstance(code, Problem):
        raise Refusal(code.reason, code.text.zh, code.text.en, where=code.where, value=code.value)
    return await _detail(db, code)


async def find_known(db: "Database | Connection[Record]", code: str) -> BodyDetail | None:
    """The body with this code, which need not be a unified social credit code (bodies without one have an internal code)."""
    return await _detail(db, storable(code))


async def find_by_name(db: "Database | Connection[Record]", name: str) -> BodyDetail | None:
    """The one body that bears this name today, in any script; None when none does, or several do."""
    rows = await db.fetch(_EXACT, _ring().key(storable(name[:MAX_WORD])))
    return await _detail(db, rows[0]["uscc"]) if len(rows) == 1 else None


async def listing(db: "Database | Connection[Record]", wanted: Filter, *, size: int = PAGE) -> Listing:
    """A page of the bodies that have names, in the order of regions."""
    word = _escaped(storable(wanted.word.strip()[:MAX_WORD]))
    region, _, uscc = storable(wanted.after).partition("-")
    rows = await db.fetch(
        _LISTED,
        _below(wanted.region),
        _escaped(storable(wanted.kind)) or "%",
        f"%{word}%" if word else "",
        region,
        uscc,
        size + 1,
    )
    lines = tuple(_listed(row) for row in rows[:size])
    return Listing(lines, _cursor(lines[-1].body) if len(rows) > size else "")


async def _detail(db: "Database | Connection[Record]", code: str) -> BodyDetail | None:
    row = await db.fetchrow(_DETAIL, code)
    if row is None:
        return None
    return BodyDetail(
        body=reading.body(row["body"]),
        other_names=tuple((role, name) for role, name in row["names"] or ()),
        domains=tuple(reading.summary(one) for one in row["domains"] or ()),
        marks=tuple(reading.mark(one) for one in row["marks"] or ()),
    )


def _listed(row: Any) -> Listed:
    domains = tuple(reading.summary(one) for one in row["domains"] or ())
    return Listed(reading.body(row["body"]), domains, row["has_mark"])


def _cursor(body: BodyRecord) -> str:
    return f"{body.region}-{body.uscc}"


def _below(region: str) -> str:
    """The pattern of all codes below a region: 430000 → 43%, 430100 → 4301%."""
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        return "%"
    return region[:2] + "%" if region.endswith("0000") else region[:4] + "%" if region.endswith("00") else region


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@cache
def _ring() -> Keyring:
    return Keyring(shipped_table())
