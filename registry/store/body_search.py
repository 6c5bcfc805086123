"""Bodies found by keys of their names (``body_key``), and the upkeep of those keys.

The rows of ``body_key`` lie on the disk in the order of their rank, highest level first, so the first matches that a bitmap scan meets
are the best ones and it may stop there: questions are asked through a materialized CTE with a limit that the planner cannot see.

A key that a great part of all names hold (委员, 公司, a department) has a list of a million places in the index. Such keys are
known from the statistics (``body_key_common``) and not looked up: what is left of the question finds the rows, and the
text is compared. A question of common keys alone is answered from the first rows of each level and length (``body_key_window``), where its
best answers are, unless those are too few. So every question reads a bounded number of rows.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from registry.kernel.db import Connection, Record

MAX_MET = 200  # rows that one question reads; a page of answers has at most half of that
COMMON_SHARE = 0.005  # of all names: 15,000 of three million; of a question of many keys such are left aside
LONG_SHARE = 0.06  # up to here a list of the index is read in some milliseconds, and in less beside a shorter one
MAX_READ = 400  # of the first rows of each window, for a question of common keys: some 20,000 in all
WINDOW = 8  # ranks that share a window: names of one level and nearly one length, for villages have longer names than schools
MAX_COMPARED = 1_000  # rows whose keys fit and whose text is compared; the highest ones come first
PAGE = 20  # answers with which people are content; when the first rows hold fewer, the index is asked after all
FETCHED = 20_000  # rows a round trip when all keys are made anew
DUE_AT_ONCE = 2_000  # bodies whose keys are renewed in one transaction
BUILD_MEMORY = "256MB"
INDEXES = {
    "body_key_uscc": "(uscc)",
    "body_key_grams": "using gin (grams) with (fastupdate = off)",
    "body_key_plain": "(plain text_pattern_ops, rank)",
    "body_key_sound": "(sound text_pattern_ops, rank)",
    "body_key_initials": "(initials text_pattern_ops, rank)",
}

# 1,000 a level, 10,000 for a body that is no more, 500 for a name that is no more, 1 a character
_RANK = """
(coalesce(array_position(array['central', 'province', 'city', 'county', 'town'], b.level), 6) * 1000
 + case when b.status = 'normal' or (b.status = 'renamed' and b.successor_uscc = '') then 0 else 10000 end
 + case when n.role = 'former' then 500 else 0 end + least(length(n.name), 400))"""
_NAMES = f"""
select n.uscc, n.role, n.name, n.index_label, b.region, b.kind, {_RANK} as rank from body_name n join body b using (uscc)"""
_COLUMNS = ("uscc", "role", "name", "rank", "plain", "sound", "initials", "grams")

_FOUND = 'select uscc, role, name, rank, plain from hit order by rank, name collate "C"'
# "is true" keeps the planner from asking the index for the common keys after all
_HELD = """
($2 = '' or plain like $2) and ($3 = '' or sound like $3) and ($4 = '' or initials like $4) and (grams @> $5) is true"""
_BY_GRAMS = f"""
with met as materialized (select uscc, role, name, rank, plain, sound, initials, grams from body_key where grams @> $1
    limit (select {MAX_COMPARED})),
hit as (select * from met where {_HELD} limit {MAX_MET}) {_FOUND}"""
_HELD_ALONE = _HELD.replace("$2", "$1").replace("$3", "$2").replace("$4", "$3").replace("$5", "$4")
_BY_READING = f"""
with hit as (select uscc, role, name, rank, plain from ({{windows}}) met where {_HELD_ALONE} limit {MAX_MET}) {_FOUND}"""
_WINDOW = "(select uscc, role, name, rank, plain, sound, initials, grams from body_key where ctid >= '({page},0)' limit {rows})"
_LEARN_WINDOWS = """
insert into body_key_window select distinct page from (
    select min((ctid::text::point)[0]::integer) as page from body_key group by rank / $1) as levels"""
_LEARN_COMMON = """
insert into body_key_common (gram, share) select gram, share from (
    select unnest(most_common_elems::text::integer[]) as gram, unnest(most_common_elem_freqs) as share
    from pg_stats where schemaname = 'public' and tablename = 'body_key' and attname = 'grams') as known
where gram is not null and share >= $1 and (select count(*) from body_key) > $2 on conflict do nothing"""
# The rows lie in the order of their rank, but a scan of the whole table may begin in its middle: for the rest of the transaction there is none.
_SHARES = """
select null::integer as gram, null::real as share from set_config('enable_seqscan', 'off', true)
union all select gram, share from body_key_common where gram = any ($1::integer[])"""
_BY_ANY = f"""
with met as materialized (
    select k.uscc, k.role, k.name, k.rank, k.plain from body_key k where {{anyof}}
), hit as (select * from met limit {MAX_MET}) {_FOUND}"""
_BY_PREFIX = f"""
with met as materialized (
    select uscc, role, name, rank, plain from body_key
    where {{column}} ~>=~ $1 and {{column}} ~<~ $2 and ($3::int[] = '{{{{}}}}' or grams @> $3) limit {MAX_MET}
), hit as (select * from met) {_FOUND}"""
_EXACT = f"""
with hit as (
    select n.uscc, n.role, n.name, {_RANK} as rank, n.index_label as plain from body_name n join body b using (uscc)
    where n.index_label = $1 and ($2 = '' or b.region like $2 || '%') and ($3 = '' or b.kind like $3 || '%') limit {MAX_MET}
) {_FOUND}"""
_BY_CODE = f"""
select uscc, 'full' as role, name, 0 as rank, '' as plain from body where uscc >= $1 and uscc < $1 || '~' order by uscc limit {MAX_MET}"""
_TAKE_DUE = f"""
delete from body_key_due where uscc in (select uscc from body_key_due limit {DUE_AT_ONCE} for update skip locked) returning uscc"""


@dataclass(frozen=True, slots=True)
class Met:
    """A name that matches: the smaller ``rank``, the higher the body; ``plain`` is the index label."""

    uscc: str
    role: str
    name: str
    rank: int
    plain: str


@dataclass(frozen=True, slots=True)
class NameToKey:
    """A name whose keys are to be made."""

    uscc: str
    role: str
    name: str
    index_label: str
    region: str
    kind: str
    rank: int


async def by_code(conn: "Connection[Record]", beginning: str) -> list[Met]:
    """Bodies whose code begins so."""
    return _met(await conn.fetch(_BY_CODE, beginning))


async def exact(conn: "Connection[Record]", label: str, region: str, kind: str) -> list[Met]:
    """Names, present or past, with this index label; always current, also before their keys are made."""
    return _met(await conn.fetch(_EXACT, label, region, kind))


async def by_prefix(conn: "Connection[Record]", column: str, beginning: str, grams: Sequence[int]) -> list[Met]:
    """Names whose ``plain``, ``sound`` or ``initials`` begin so, and that hold the keys."""
    sql = _BY_PREFIX.format(column={"plain": "plain", "sound": "sound", "initials": "initials"}[column])
    return _met(await conn.fetch(sql, beginning, beginning + "\U0010ffff", list(grams)))


async def by_grams(
    conn: "Connection[Record]", grams: Sequence[int], *, plain: str = "", sound: str = "", initials: str = ""
) -> list[Met]:
    """Names that hold all keys, and whose text holds ``plain``, ``sound`` or ``initials``."""
    shares = await _shares(conn, grams)
    rare = [one for one in grams if shares.get(one, 0.0) < LONG_SHARE]
    held = (_holds(plain), _holds(sound), _holds(initials), [one for one in grams if one not in rare])
    if rare:
        return _met(await conn.fetch(_BY_GRAMS, rare, *held))
    met = await _by_reading(conn, held)
    if len(met) >= PAGE:
        return met
    rarest = min(grams, key=lambda one: shares[one])  # beside it a longer list only costs more
    return _met(await conn.fetch(_BY_GRAMS, [rarest], *held))


async def _by_reading(conn: "Connection[Record]", held: Sequence[object]) -> list[Met]:
    pages = [row["page"] for row in await conn.fetch("select page from body_key_window order by page")]
    windows = " union all ".join(_WINDOW.format(page=page, rows=MAX_READ) for page in pages or [0])
    return _met(await conn.fetch(_BY_READING.format(windows=windows), *held))


async def _shares(conn: "Connection[Record]", grams: Sequence[int]) -> dict[int, float]:
    """What part of all names holds each of the common ones among these keys."""
    rows = await conn.fetch(_SHARES, list(grams))
    return {row["gram"]: row["share"] for row in rows if row["gram"] is not None}


async def by_any(conn: "Connection[Record]", choices: Sequence[Sequence[int]]) -> list[Met]:
    """Names that hold all keys of one of the choices, common ones left aside: the caller compares the names."""
    common = await _shares(conn, [one for choice in choices for one in choice])
    choices = [rare for choice in choices if (rare := [one for one in choice if one not in common])]
    anyof = " or ".join(f"k.grams @> ${place}" for place in range(1, len(choices) + 1))
    return _met(await conn.fetch(_BY_ANY.format(anyof=anyof), *map(list, choices))) if choices else []


def _holds(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if text else ""


def _met(rows: Sequence[Record]) -> list[Met]:
    return [Met(**row) for row in rows]


async def whole_is_due(conn: "Connection[Record]") -> bool:
    """Whether all keys must be made anew; inside a transaction nobody else can do so until it ends."""
    return bool(await conn.fetchval("select whole from body_key_state for update"))


async def all_names(conn: "Connection[Record]") -> AsyncIterator[list[NameToKey]]:
    """Every name on file by rank, some thousands at a time; inside a transaction."""
    await conn.execute(f"set local work_mem = '{BUILD_MEMORY}'")
    cursor = await conn.cursor(f"{_NAMES} order by rank")
    while rows := await cursor.fetch(FETCHED):
        yield [NameToKey(**row) for row in rows]


async def begin_whole(conn: "Connection[Record]") -> None:
    """Make the table that will take the place of the old one."""
    await conn.execute("set local statement_timeout = 0; create table body_key_next (like body_key)")


async def copy_keys(conn: "Connection[Record]", lines: bytes, table: str) -> None:
    """COPY text of the columns of ``body_key`` into it or into ``body_key_next``."""
    await conn.copy_to_table(table, source=BytesIO(lines), columns=_COLUMNS)


async def end_whole(conn: "Connection[Record]") -> None:
    """Build the indexes and put the new table in the old one's place."""
    await conn.execute(f"set local maintenance_work_mem = '{BUILD_MEMORY}'")
    for name, definition in INDEXES.items():
        await conn.execute(f"create index {name}_next on body_key_next {definition}")
    await conn.execute("drop table body_key; alter table body_key_next rename to body_key")
    for name in INDEXES:
        await conn.execute(f"alter index {name}_next rename to {name}")
    await conn.execute("analyze body_key; update body_key_state set whole = false; delete from body_key_common")
    await conn.execute(_LEARN_COMMON, COMMON_SHARE, MAX_READ)
    await conn.execute("delete from body_key_window")
    await conn.execute(_LEARN_WINDOWS, WINDOW)


async def take_due(conn: "Connection[Record]") -> list[NameToKey] | None:
    """Names of some bodies whose keys are due, their old keys removed; None when nothing is due."""
    codes = [row["uscc"] for row in await conn.fetch(_TAKE_DUE)]
    if not codes:
        return None
    await conn.execute("delete from body_key where uscc = any ($1::text[])", codes)
    return [
        NameToKey(**row) for row in await conn.fetch(f"{_NAMES} where n.uscc = any ($1::text[]) order by rank", codes)
    ]


async def count_due(conn: "Connection[Record]") -> int:
    """How many bodies wait for their keys."""
    number: int = await conn.fetchval("select count(*) from body_key_due")
    return number
