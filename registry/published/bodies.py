"""Public bodies: one by its code, or by the whole of its name."""

from functools import cache

from registry.kernel.db import Connection, Database, Record
from registry.kernel.errors import Problem, Refusal
from registry.policy.codes import check_uscc
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring
from registry.published import reading
from registry.published.names import storable
from registry.published.records import BodyDetail

__all__ = ["BodyDetail", "find", "find_by_name", "find_known"]

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


@cache
def _ring() -> Keyring:
    return Keyring(shipped_table())
