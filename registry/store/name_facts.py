"""Everything on file that the decision about a name rests on, in one round trip.

Under the index labels that policy asks for: names of bodies, registered bundles, waiting applications, names that were
official once; registered names that begin and end, sound or look like the label; and which data and lists these are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.kernel.db import Connection, Record
from registry.model.body import is_alive

MAX_NAMED = 12  # names under one key: a finding tells of five bodies at most, and the own names may be among them
MAX_FILED = (
    200  # under one key there is one bundle, one retired name and a handful of applications; keys are some dozens
)
MAX_SIMILAR = 16  # registered names that are compared; the score is advice for a reviewer, not a search engine
NO_LISTS = (0, "")

_ALIVE = "(b.status = 'normal' or b.status = 'renamed' and b.successor_uscc = '')"
_SPELLING = "(select split_part(n.unicode, '.', 1) from bundle_name n where n.domain_roid = d.roid and n.role = '{}')"

# The questions stand in a table of one row that the planner may not look into: so it makes one plan for all questions
# and keeps it. Looking at each question's values it would plan each time, which takes four times as long as the answer.
_KEYS = "(select keys from asked)::text[]"
_SET = "(select tld_set from zone)"
_LABEL = "(select label from asked)"
_OWN = "(select own from asked)"
_GATHER = f"""
with asked as materialized (select $1::text as tld, $2::text[] as keys, $3::text as label, $4::text[] as near, $5::text as own),
     zone as materialized (select tld_set, table_id from tld where name = (select tld from asked))
select
    (select id from import_run where state = 'applied' and finished_at is not null order by id desc limit 1) as data_run,
    (select min(c.issued_on) from institution_certificate c where c.uscc = {_OWN}) as certified_since,
    (select row(version, seal) from list_change where version is not null order by version desc limit 1) as lists,
    array(select row(c.index_label, c.name, c.role, c.uscc, c.body_name, c.status, c.successor_uscc)
          from unnest({_KEYS}) as k (key) cross join lateral (
              select n.index_label, n.name, n.role, b.uscc, b.name as body_name, b.status, b.successor_uscc
              from body_name n join body b on b.uscc = n.uscc where n.index_label = k.key
              order by {_ALIVE} and n.role <> 'former' desc, b.uscc, n.role, n.name limit {MAX_NAMED}) c) as named,
    array(select row(d.index_label, d.uscc, coalesce(b.name, ''), d.u_label,
                     coalesce({_SPELLING.format("simplified")}, ''), coalesce({_SPELLING.format("traditional")}, ''))
          from domain d left join body b on b.uscc = d.uscc
          where d.tld_set = {_SET} and d.table_id = (select table_id from zone) and d.index_label = any ({_KEYS})
          limit {MAX_FILED}) as registered,
    array(select row(a.index_label, a.uscc, a.id) from application a
          where a.state = 'submitted' and a.tld = any (array(select name from tld where tld_set = {_SET}))
            and a.index_label = any ({_KEYS}) order by a.id limit {MAX_FILED}) as waiting,
    array(select row(r.index_label, r.uscc, r.unicode) from retired_name r
          where r.tld_set = {_SET} and r.table_id = (select table_id from zone) and r.index_label = any ({_KEYS})
          limit {MAX_FILED}) as retired,
    array(select d.u_label from domain d
          where d.tld_set = {_SET} and left(d.index_label, 3) || right(d.index_label, 2) = left({_LABEL}, 3) || right({_LABEL}, 2)
            and length(d.index_label) between length({_LABEL}) - 1 and length({_LABEL}) + 1
            and d.index_label <> {_LABEL} and ({_OWN} = '' or d.uscc <> {_OWN}) limit {MAX_SIMILAR}) as ends_alike,
    array(select d.u_label from name_key k join domain d on d.roid = k.domain_roid
          where k.key = any ((select near from asked)::text[]) and d.tld_set = {_SET} and d.index_label <> {_LABEL}
            and ({_OWN} = '' or d.uscc <> {_OWN}) limit {MAX_SIMILAR}) as sounds_alike"""


@dataclass(frozen=True, slots=True)
class Named:
    """One name of one body: ``role`` is full, short, alias or former, ``living`` whether the body is alive today."""

    index_label: str
    name: str
    role: str
    uscc: str
    body_name: str
    living: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """A bundle: U-labels, the two spellings empty where they are the registered one; ``holder`` the body's name."""

    index_label: str
    uscc: str
    holder: str
    label: str
    simplified: str
    traditional: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A waiting application (``reference``: its id) or a retired name (``reference``: its U-label)."""

    index_label: str
    uscc: str
    reference: str


@dataclass(frozen=True, slots=True)
class OnFile:
    """``data_run`` is the last applied import, None before any; ``lists`` version and seal, ``(0, "")`` before any change."""

    data_run: int | None
    lists: tuple[int, str]
    named: tuple[Named, ...]
    registered: tuple[Registered, ...]
    waiting: tuple[Filed, ...]
    retired: tuple[Filed, ...]
    similar: tuple[str, ...]
    certified_since: date | None = None


async def on_file(
    conn: "Connection[Record]", tld: str, keys: Sequence[str], *, label: str, near: Sequence[str], uscc: str
) -> OnFile:
    """What is filed under ``keys``, among the zones whose names exclude those of ``tld`` (A-label; any text is taken).

    ``label`` is the index label asked for (empty: none), ``near`` its keys of sound and shape, ``uscc`` the body whose own
    names are not called similar. Of each key the names of living bodies come first, at most :data:`MAX_NAMED`.
    """
    row = await conn.fetchrow(_GATHER, tld, list(keys), label, list(near), uscc)
    if row is None:  # the statement always gives one row
        return OnFile(None, NO_LISTS, (), (), (), (), ())
    return OnFile(
        data_run=row["data_run"],
        lists=tuple(row["lists"]) if row["lists"] else NO_LISTS,
        named=tuple(
            Named(key, name, role, code, body, is_alive(status, successor))
            for key, name, role, code, body, status, successor in row["named"]
        ),
        registered=tuple(Registered(*one) for one in row["registered"]),
        waiting=tuple(Filed(*one) for one in row["waiting"]),
        retired=tuple(Filed(*one) for one in row["retired"]),
        similar=tuple(dict.fromkeys((*row["sounds_alike"], *row["ends_alike"]))),
        certified_since=row["certified_since"],
    )
