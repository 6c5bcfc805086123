"""A department's file laid beside the register: rows by COPY, codes matched by joins, candidates by block, findings by COPY.

Everything happens in the caller's transaction, so a comparison is there whole or not at all. What is only needed on the way
stands in temporary tables that end with it: ``comparing_pair`` (who was matched with whom), ``comparing_rest`` (rows without a
partner), ``comparing_candidate`` (bodies that an ambiguous row may mean).
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from registry.kernel.db import Connection, Record
from registry.model.comparison import ACTIVE, ENDED, SUSPENDED, Candidate, Party, Score

MEMORY = "128MB"  # for hashes over millions of codes; the default spills to disk
FETCHED = 5_000  # pairs a round trip
MAX_NAMESAKES = 5  # bodies of the country with the name of a row; a name that more bear says nothing
_STATE = f"""
case when b.status = 'normal' or (b.status = 'renamed' and b.successor_uscc = '') then '{ACTIVE}'
     when b.status = 'suspended' then '{SUSPENDED}' else '{ENDED}' end"""
_KEY = (
    "coalesce(nullif(r.uscc, ''), nullif(r.organisation, ''), r.label || '@' || r.place)"  # as a settlement names a row
)
# What blocks names: a prefecture; a capital with what its province holds itself; a municipality whole.
_BLOCK = """
case when place in ('', '000000') then '' when left(place, 2) in ('11', '12', '31', '50') then left(place, 2)
     when substr(place, 3, 2) in ('00', '01') then left(place, 2) || '00' else left(place, 4) end"""

_BEGIN = """
insert into comparison (department, area, source, sha256, at, loaded_by, rows, rejected, complete)
values ($1, $2, $3, $4, $5, $6, 0, 0, $7) returning id"""
_ROW = (
    "comparison", "line", "uscc", "organisation", "name", "label", "region", "place", "address", "legal_representative", "phone",
    "authority", "status", "established_on",
)  # fmt: skip
_REPEATED = """
delete from comparison_row r using (
    select {code} as code, min(line) as line from comparison_row where comparison = $1 and {code} <> '' group by 1 having count(*) > 1) f
where r.comparison = $1 and r.{code} = f.code and r.line > f.line returning r.line, f.code, f.line as first_line"""
_TABLES = """
create temp table comparing_pair (line integer, uscc text, how text, score real, parts jsonb) on commit drop;
create temp table comparing_candidate (uscc text) on commit drop;
create temp table comparing_rest (line integer, block text) on commit drop"""
_BY_USCC = """
insert into comparing_pair select r.line, b.uscc, 'uscc', 1, '{}' from comparison_row r join body b on b.uscc = r.uscc
where r.comparison = $1 and r.uscc <> ''"""
_BY_ORGANISATION = f"""
insert into comparing_pair
select distinct on (r.line) r.line, b.uscc, 'organisation', 1, '{{}}'::jsonb
from comparison_row r join body b on substr(b.uscc, 9, 9) = r.organisation and b.uscc not like 'Z%'
where r.comparison = $1 and r.organisation <> '' and not exists (select from comparing_pair p where p.line = r.line)
  and not exists (select from comparing_pair p where p.uscc = b.uscc)
order by r.line, {_STATE} <> '{ACTIVE}', b.uscc"""
_BY_LINK = f"""
insert into comparing_pair
select distinct on (s.here) r.line, s.here, 'linked', 1, '{{}}'::jsonb
from comparison_row r join comparison_settlement s on s.department = $2 and s.verdict = 'linked' and s.there = {_KEY}
join body b on b.uscc = s.here
where r.comparison = $1 and not exists (select from comparing_pair p where p.line = r.line)
  and not exists (select from comparing_pair p where p.uscc = s.here)
order by s.here, s.at desc, r.line"""
_REST = f"""
insert into comparing_rest select r.line, {_BLOCK} from comparison_row r
where r.comparison = $1 and not exists (select from comparing_pair p where p.line = r.line)"""

_THEIRS = """
r.line::text as key, r.name, r.uscc, r.organisation, r.place as region, r.address, r.legal_representative, r.phone, r.authority, r.status,
r.established_on"""
_OURS = f"""
b.uscc as key, b.name, b.region, b.address, b.legal_representative, b.phone, b.authority, {_STATE} as status,
coalesce(b.established_on::text, '') as established_on"""
_OTHER_NAMES = (
    "array(select n.role || ':' || n.name from body_name n where n.uscc = b.uscc and n.role <> 'full' order by 1)"
)
_FREE = "not exists (select from comparing_pair p where p.uscc = b.uscc)"
_ROWS_OF_BLOCK = """
select r.line::text as key, r.place as region, r.label from comparing_rest t
join comparison_row r on r.comparison = $1 and r.line = t.line where t.block = $2 order by r.line"""
_NAMES_OF_BLOCK = f"""
select b.uscc as key, b.region, n.index_label as label from body b join body_name n using (uscc)
where (b.region between $1 and $2 or ($1 = '100000' and b.region = '000000')) and b.region like $3 || '%' and {_FREE}
order by b.uscc, n.role, n.name"""
_NAMESAKES = f"""
select t.line, n.uscc from comparing_rest t join comparison_row r on r.comparison = $1 and r.line = t.line
cross join lateral (
    select distinct m.uscc from body_name m join body b on b.uscc = m.uscc
    where m.index_label = r.label and b.region like $2 || '%' and {_FREE} limit {MAX_NAMESAKES + 1}) n
where not exists (select from comparing_pair p where p.line = t.line) order by t.line, n.uscc"""
_ROWS = f"select {_THEIRS} from comparison_row r where r.comparison = $1 and r.line = any ($2::integer[])"
_BODIES = f"select {_OURS}, {_OTHER_NAMES} as others from body b where b.uscc = any ($1::text[])"
_PAIRED = f"""
select p.line, p.how, p.score, p.parts, b.level, {_KEY} as there, r.name, r.uscc, r.organisation, r.region, r.address, r.legal_representative,
       r.phone, r.authority, r.status, r.established_on,
       b.uscc as our_uscc, b.name as our_name, b.region as our_region, b.address as our_address,
       b.legal_representative as our_legal_representative, b.phone as our_phone, b.authority as our_authority, {_STATE} as our_status,
       coalesce(b.established_on::text, '') as our_established_on,
       case when b.name <> r.name then {_OTHER_NAMES} else '{{}}'::text[] end as others
from comparing_pair p join comparison_row r on r.comparison = $1 and r.line = p.line join body b on b.uscc = p.uscc"""
_ADD_FINDINGS = """
insert into comparison_finding (comparison, kind, line, uscc, how, region, level, score, parts, differences, kept, state)
select $1, kind, line, uscc, how, region, level, score, parts::jsonb, differences::jsonb, string_to_array(kept, ','), state
from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::real[], $9::text[], $10::text[], $11::text[],
            $12::text[]) as f (kind, line, uscc, how, region, level, score, parts, differences, kept, state)"""
_LEVEL = """
case when r.place in ('', '000000', '100000') then 'central' when right(r.place, 4) = '0000' then 'province'
     when right(r.place, 2) = '00' then 'city' else 'county' end"""
_AMBIGUOUS = f"""
insert into comparison_finding (comparison, kind, line, region, level, score, candidates, state)
select $1, 'ambiguous', r.line, coalesce(nullif(r.place, ''), '000000'), {_LEVEL}, (a.candidates::jsonb->0->>'score')::real,
       a.candidates::jsonb, case when s.verdict is null then 'open' else 'settled' end
from unnest($2::integer[], $3::text[], $4::bytea[]) as a (line, candidates, digest)
join comparison_row r on r.comparison = $1 and r.line = a.line
left join comparison_settlement s on s.department = $5 and s.here = '' and s.there = {_KEY} and s.field = '' and s.digest = a.digest
                                 and s.verdict = 'separate'"""
_THERE = f"""
insert into comparison_finding (comparison, kind, line, region, level, state)
select $1, 'there', r.line, coalesce(nullif(r.place, ''), '000000'), {_LEVEL},
       case when r.status = '{ENDED}' then 'none' when s.verdict is null then 'open' else 'settled' end
from comparison_row r
left join comparison_settlement s on s.department = $2 and s.here = '' and s.there = {_KEY} and s.field = '' and s.digest = $3
where r.comparison = $1 and not exists (select from comparing_pair p where p.line = r.line)
  and not exists (select from comparison_finding f where f.comparison = $1 and f.line = r.line)"""
_HERE = f"""
insert into comparison_finding (comparison, kind, uscc, region, level, state)
select $1, 'here', b.uscc, b.region, b.level, case when s.verdict is null then 'open' else 'settled' end
from body b
left join comparison_settlement s on s.department = $2 and s.here = b.uscc and s.there = '' and s.field = '' and s.digest = $3
where b.region like $4 || '%' and {_STATE} = '{ACTIVE}' and b.kind <> '00' and ($5::text[] = '{{}}' or left(b.kind, 1) = any ($5))
  and {_FREE} and not exists (select from comparing_candidate c where c.uscc = b.uscc)"""
_COUNT = """
insert into comparison_count (comparison, region, level, kind, state, field, many)
select comparison, region, level, kind, state, '', count(*) from comparison_finding where comparison = $1
group by comparison, region, level, kind, state
union all
select f.comparison, f.region, f.level, f.kind, case when k.field = any (f.kept) then 'settled' else 'open' end, k.field, count(*)
from comparison_finding f cross join lateral jsonb_object_keys(f.differences) as k (field)
where f.comparison = $1 and f.kind = 'different' group by 1, 2, 3, 4, 5, 6"""
_WAITING = """
select case when level = 'central' or left(region, 2) in ('00', '10') then '00' else left(region, 2) end as centre, sum(many)::bigint as many
from comparison_count where comparison = $1 and state = 'open' and field = '' group by 1 order by 1"""
_END = "update comparison set rows = $2, rejected = $3 where id = $1"
_SETTLED = """
select here, there, field, digest from comparison_settlement
where department = $1 and (here, there) in (select * from unnest($2::text[], $3::text[])) and field <> ''"""


class NewRow(NamedTuple):
    """A row of their file on its way into the table; ``label`` is the key of its name."""

    line: int
    uscc: str
    organisation: str
    name: str
    label: str
    region: str
    place: str
    address: str
    legal_representative: str
    phone: str
    authority: str
    status: str
    established_on: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and the body that it was matched with. ``there`` is how a settlement names the row."""

    line: int
    how: str
    score: float
    parts: dict[str, float]
    level: str
    there: str
    ours: Party
    theirs: Party


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found of a pair."""

    pair: Pair
    differences: dict[str, tuple[str, str]]
    kept: list[str]

    @property
    def kind(self) -> str:
        """Same or different."""
        return "different" if self.differences else "same"

    @property
    def state(self) -> str:
        """Nothing to say of what is the same; settled when every difference was decided before."""
        if not self.differences:
            return "none"
        return "settled" if len(self.kept) == len(self.differences) else "open"


async def begin(
    conn: "Connection[Record]",
    department: str,
    area: str,
    source: str,
    sha256: bytes,
    at: datetime,
    by: str,
    *,
    complete: bool,
) -> int:
    """Open a comparison in this transaction."""
    await conn.execute(f"set local statement_timeout = 0; set local work_mem = '{MEMORY}'")
    number: int = await conn.fetchval(_BEGIN, department, area, source, sha256, at, by, complete)
    return number


async def copy_rows(conn: "Connection[Record]", comparison: int, rows: Sequence[NewRow]) -> None:
    """Add rows of their file."""
    await conn.copy_records_to_table("comparison_row", records=[(comparison, *row) for row in rows], columns=_ROW)


async def add_rejections(
    conn: "Connection[Record]", comparison: int, rows: Sequence[tuple[int, str, list[dict[str, Any]]]]
) -> None:
    """Keep rows that were not taken, with what is wrong with them."""
    await conn.executemany(
        "insert into comparison_rejection (comparison, line, code, problems) values ($1, $2, $3, $4)",
        [(comparison, *row) for row in rows],
    )


async def take_repeated(conn: "Connection[Record]", comparison: int) -> list[tuple[int, str, int]]:
    """Take out rows whose code an earlier row bears: ``(line, code, line of the first)``."""
    await conn.execute("analyze comparison_row")
    taken = []
    for code in ("uscc", "organisation"):
        taken += [tuple(row) for row in await conn.fetch(_REPEATED.format(code=code), comparison)]
    return sorted(taken)


async def match_codes(conn: "Connection[Record]", comparison: int, department: str) -> int:
    """Pair rows by unified code, then by organisation code, then by what reviewers linked before. Returns how many stay without a partner."""
    await conn.execute(_TABLES)
    await conn.execute(_BY_USCC, comparison)
    await conn.execute(
        "create unique index on comparing_pair (uscc); create unique index on comparing_pair (line); analyze comparing_pair"
    )
    await conn.execute(_BY_ORGANISATION, comparison)
    await conn.execute(_BY_LINK, comparison, department)
    await conn.execute(_REST, comparison)
    await conn.execute("create index on comparing_rest (block); analyze comparing_rest; analyze comparing_pair")
    rest: int = await conn.fetchval("select count(*) from comparing_rest")
    return rest


async def blocks(conn: "Connection[Record]") -> list[tuple[str, int]]:
    """The blocks of places in which rows have no partner yet, and how many."""
    rows = await conn.fetch(
        "select block, count(*) as many from comparing_rest where block <> '' group by block order by block"
    )
    return [(row["block"], row["many"]) for row in rows]


async def names_of_block(
    conn: "Connection[Record]", comparison: int, block: str, area: str
) -> tuple[list[Record], list[Record]]:
    """``(key, region, index label)`` of everything of ours and of theirs in a block that has no partner yet."""
    theirs = await conn.fetch(_ROWS_OF_BLOCK, comparison, block)
    return await conn.fetch(_NAMES_OF_BLOCK, *_regions_of(block), area), theirs


async def parties_of(
    conn: "Connection[Record]", comparison: int, pairs: Sequence[tuple[str, str]]
) -> list[tuple[Party, Party]]:
    """The parties of pairs of keys (ours, theirs)."""
    rows = await conn.fetch(_ROWS, comparison, sorted({int(line) for _, line in pairs}))
    theirs = {row["key"]: _theirs(row) for row in rows}
    bodies = await conn.fetch(_BODIES, sorted({uscc for uscc, _ in pairs}))
    ours = {row["key"]: _ours(row) for row in bodies}
    return [(ours[uscc], theirs[line]) for uscc, line in pairs]


def _regions_of(block: str) -> tuple[str, str]:
    """The first and the last region of a block."""
    last = f"{block[:2]}01" if len(block) == 4 and block.endswith("00") else block
    return block.ljust(6, "0"), last.ljust(6, "9")


async def namesakes(conn: "Connection[Record]", comparison: int, area: str) -> AsyncIterator[list[tuple[Party, Party]]]:
    """For rows that are still alone: every body that bears or bore exactly that name, wherever it is, as pairs (ours, theirs)."""
    found = [(row["line"], row["uscc"]) for row in await conn.fetch(_NAMESAKES, comparison, area)]
    many: dict[int, int] = {}
    for line, _ in found:
        many[line] = many.get(line, 0) + 1
    found = [pair for pair in found if many[pair[0]] <= MAX_NAMESAKES]
    for start in range(0, len(found), FETCHED):
        some = found[start : start + FETCHED]
        yield await parties_of(conn, comparison, [(uscc, str(line)) for line, uscc in some])


async def add_pairs(conn: "Connection[Record]", pairs: Sequence[tuple[str, str, Score]]) -> None:
    """Pairs that were decided by name: (ours, theirs, score)."""
    records = [
        (int(theirs), ours, "name" if score.parts.get("name") == 1.0 else "similar", score.total, dict(score.parts))
        for ours, theirs, score in pairs
    ]
    await conn.executemany(
        "insert into comparing_pair (line, uscc, how, score, parts) values ($1, $2, $3, $4, $5)", records
    )


async def add_ambiguous(
    conn: "Connection[Record]", comparison: int, department: str, rows: Sequence[tuple[int, Sequence[Candidate], bytes]]
) -> None:
    """Rows that may mean several bodies, with a digest of which."""
    shown = [
        _json([{"uscc": one.key, "score": one.score.total, "parts": dict(one.score.parts)} for one in candidates])
        for _, candidates, _ in rows
    ]
    lines, digests = [line for line, _, _ in rows], [digest for _, _, digest in rows]
    await conn.execute(_AMBIGUOUS, comparison, lines, shown, digests, department)
    meant = [(one.key,) for _, candidates, _ in rows for one in candidates]
    await conn.copy_records_to_table("comparing_candidate", records=meant, columns=("uscc",))


async def paired(conn: "Connection[Record]", comparison: int) -> AsyncIterator[list[Pair]]:
    """All pairs, some thousands at a time, with both sides."""
    await conn.execute("analyze comparing_pair")
    cursor = await conn.cursor(_PAIRED, comparison)
    while rows := await cursor.fetch(FETCHED):
        yield [_pair(row) for row in rows]


async def settled_before(
    conn: "Connection[Record]", department: str, pairs: Sequence[Pair]
) -> set[tuple[str, str, str, bytes]]:
    """What was decided before about these pairs: (code, row, field, digest of the values)."""
    here, there = [pair.ours.key for pair in pairs], [pair.there for pair in pairs]
    return {tuple(row) for row in await conn.fetch(_SETTLED, department, here, there)}


async def add_findings(conn: "Connection[Record]", comparison: int, findings: Sequence[NewFinding]) -> None:
    """Add what was found of pairs."""
    records = [
        (
            one.kind, one.pair.line, one.pair.ours.key, one.pair.how, one.pair.ours.region, one.pair.level, one.pair.score,
            _json(one.pair.parts), _json(one.differences), ",".join(one.kept), one.state,
        )
        for one in findings
    ]  # fmt: skip
    await conn.execute(_ADD_FINDINGS, comparison, *map(list, zip(*records, strict=True)))


async def add_rest(
    conn: "Connection[Record]",
    comparison: int,
    department: str,
    area: str,
    kinds: Sequence[str],
    digest: bytes,
    *,
    complete: bool,
) -> None:
    """What stands on one side only; ``kinds`` are the beginnings of the kinds of bodies that the department should know."""
    await conn.execute(_THERE, comparison, department, digest)
    if complete:
        await conn.execute("create index on comparing_candidate (uscc); analyze comparing_candidate")
        await conn.execute(_HERE, comparison, department, digest, area, list(kinds))


async def end(conn: "Connection[Record]", comparison: int, rows: int, rejected: int) -> None:
    """Count what was found."""
    await conn.execute(_COUNT, comparison)
    await conn.execute(_END, comparison, rows, rejected)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _theirs(row: Record) -> Party:
    return Party(
        row["key"], (row["name"],), (), row["uscc"], row["organisation"], row["region"], row["address"], row["legal_representative"],
        row["phone"], row["authority"], row["status"], row["established_on"],
    )  # fmt: skip


def _ours(row: Record) -> Party:
    names, former = _named(row["name"], row["others"])
    return Party(
        row["key"], names, former, row["key"], "" if row["key"].startswith("Z") else row["key"][8:17], row["region"], row["address"],
        row["legal_representative"], row["phone"], row["authority"], row["status"], row["established_on"],
    )  # fmt: skip


def _pair(row: Record) -> Pair:
    names, former = _named(row["our_name"], row["others"])
    code = row["our_uscc"]
    ours = Party(
        code, names, former, code, "" if code.startswith("Z") else code[8:17], row["our_region"], row["our_address"],
        row["our_legal_representative"], row["our_phone"], row["our_authority"], row["our_status"], row["our_established_on"],
    )  # fmt: skip
    theirs = Party(
        str(row["line"]), (row["name"],), (), row["uscc"], row["organisation"], row["region"], row["address"],
        row["legal_representative"], row["phone"], row["authority"], row["status"], row["established_on"],
    )  # fmt: skip
    return Pair(row["line"], row["how"], row["score"], row["parts"], row["level"], row["there"], ours, theirs)


def _named(name: str, others: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of today and those of the past."""
    split = [other.partition(":") for other in others]
    current = tuple(other for role, _, other in split if role != "former")
    return (name, *current), tuple(other for role, _, other in split if role == "former")


async def waiting_by_centre(conn: "Connection[Record]", comparison: int) -> list[tuple[str, int]]:
    """How many findings wait for the reviewers of each data centre (``00`` is the central one)."""
    rows = await conn.fetch(_WAITING, comparison)
    return [(row["centre"], row["many"]) for row in rows]
