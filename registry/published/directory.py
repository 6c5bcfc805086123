"""The red pages (网络红页): bodies that hold live names, by place, kind, service, name and sound.

Every question is answered out of one table that a job keeps, with an index for each way in: a page of a million rows costs what its thirty rows cost.
A word is looked for at the beginning of names first, in characters, in pinyin (``qinghuadaxue``) and in initials (``qhdx``), and then anywhere in
them; of the latter at most :data:`MOST_BY_WORD` are looked at.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Database, Record
from registry.policy.services import SERVICES, Service
from registry.published.names import storable
from registry.published.places import kind_words, places_of

__all__ = ["SERVICES", "Service"]

PAGE = 30  # lines of a page
SUGGESTED = 8  # lines below the box while somebody types
MOST_BY_WORD = 300
MAX_WORD = 60  # characters; the longest name of a body has about fifty
STREAMED = 2000  # rows that are fetched at a time when everything is read
_COLUMNS = "uscc, name, kind, region, level, service, names, wire, site, changed_at, gone_at"
_BEGINS = 'column collate "C" >= {} and column collate "C" < {}'  # a range, which every plan takes by the index
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: ``names`` as text and ``wire`` as A-labels, in the same order; ``site`` is the address that bears a valid mark, or empty."""

    uscc: str
    name: str
    kind: str
    region: str
    level: str
    service: str
    names: Sequence[str]
    wire: Sequence[str]
    site: str
    changed_at: datetime
    gone_at: datetime | None

    @property
    def kind_zh(self) -> str:
        """What its kind is called."""
        return kind_words(self.kind).zh

    @property
    def place_zh(self) -> str:
        """Where it is: 湖南省长沙市, or 中央."""
        return "".join(place.name for place in places_of(self.region)) or ("中央" if self.level == "central" else "")


@dataclass(frozen=True, slots=True)
class Filter:
    """``region`` counts with everything below it; empty texts mean everything. ``after`` is the cursor of the page before."""

    region: str = ""
    kind: str = ""
    service: str = ""
    word: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page, the cursor of the next one (empty on the last), and whether more were found than are looked at."""

    lines: tuple[Entry, ...]
    after: str
    is_cut: bool = False


async def listing(db: "Database | Connection[Record]", wanted: Filter, *, size: int = PAGE) -> Listing:
    """A page in the order of places; by a word in the order of how well it fits."""
    word = storable(wanted.word.strip()[:MAX_WORD])
    if word:
        return await _by_word(db, wanted, word, size)
    where, values = _filters(wanted)
    region, _, uscc = storable(wanted.after).partition("-")
    if region:
        values += [region, uscc]
        where = f"{where} and (region, uscc) > (${len(values) - 1}, ${len(values)})"
    sql = f"select {_COLUMNS} from published.directory where gone_at is null{where} order by region, uscc limit {size + 1}"
    rows = await db.fetch(sql, *values)
    lines = tuple(Entry(*row) for row in rows[:size])
    return Listing(lines, f"{lines[-1].region}-{lines[-1].uscc}" if len(rows) > size else "")


async def suggest(db: "Database | Connection[Record]", text: str) -> list[Entry]:
    """A few bodies whose name, pinyin or initials begin with the text, or hold it."""
    word = storable(text.strip()[:MAX_WORD])
    return list((await _by_word(db, Filter(), word, SUGGESTED)).lines) if word else []


async def counts(db: "Database | Connection[Record]") -> dict[str, int]:
    """Live lines by province (two digits)."""
    rows = await db.fetch(
        "select province, sum(bodies)::bigint as bodies from published.directory_count group by province"
    )
    return {row["province"]: row["bodies"] for row in rows}


async def service_counts(db: "Database | Connection[Record]", region: str = "") -> dict[str, int]:
    """Live lines by service, in a province or everywhere."""
    sql = "select service, sum(bodies)::bigint as bodies from published.directory_count where $1 in ('', province) group by service"
    return {row["service"]: row["bodies"] for row in await db.fetch(sql, region[:2])}


async def everything(conn: "Connection[Record]", since: datetime | None = None) -> AsyncIterator[Entry]:
    """All live lines in the order of codes; with ``since`` what changed or went from that instant on. Needs a transaction, whose instant it shows."""
    where = "gone_at is null" if since is None else "changed_at >= $1"
    async for row in conn.cursor(
        f"select {_COLUMNS} from published.directory where {where} order by uscc",
        *([since] if since else []),
        prefetch=STREAMED,
    ):
        yield Entry(*row)


async def _by_word(db: "Database | Connection[Record]", wanted: Filter, word: str, size: int) -> Listing:
    found: dict[str, Entry] = {}
    offset = int(wanted.after) if wanted.after.isascii() and wanted.after.isdigit() and len(wanted.after) < 5 else 0
    for condition, wanted_values in _ways(word):
        where, values = _filters(wanted)
        places = [f"${len(values) + number}" for number in range(1, len(wanted_values) + 1)]
        sql = f"select {_COLUMNS} from published.directory where gone_at is null{where} and {condition.format(*places)} limit {MOST_BY_WORD}"
        rows = await db.fetch(sql, *values, *wanted_values)
        for entry in sorted((Entry(*row) for row in rows), key=lambda one: (len(one.name), one.region, one.uscc)):
            found.setdefault(entry.uscc, entry)
        if len(found) > offset + size:
            break
    lines = list(found.values())
    more = len(lines) > offset + size
    return Listing(tuple(lines[offset : offset + size]), str(offset + size) if more else "", len(lines) >= MOST_BY_WORD)


def _ways(word: str) -> list[tuple[str, list[object]]]:
    """From the best to the weakest: a condition with places for its values. Latin letters mean pinyin."""
    latin = word.lower().replace(" ", "").replace("'", "")
    if _LATIN.fullmatch(latin):
        return [(_BEGINS.replace("column", column), [latin, _next(latin)]) for column in ("sound", "initials")]
    ways: list[tuple[str, list[object]]] = [(_BEGINS.replace("column", "name"), [word, _next(word)])]
    grams = [word[i : i + 2] for i in range(len(word) - 1) if " " not in word[i : i + 2]]
    return [*ways, ("grams @> {}", [grams])] if grams else ways


def _next(text: str) -> str:
    """The first text after all that begin with this one."""
    return text[:-1] + chr(min(ord(text[-1]) + 1, 0x10FFFF))


def _filters(wanted: Filter) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    if (bounds := _bounds(wanted.region)) is not None:
        # digits alone, so they may stand in the text: the planner then knows how many rows lie between, and takes the index in its order
        parts.append(f" and region >= '{bounds[0]}' and region < '{bounds[1]}'")
    for column, value in (("kind", wanted.kind), ("service", wanted.service)):
        if value:
            values.append(storable(value))
            parts.append(f" and {column} = ${len(values)}")
    return "".join(parts), values


def _bounds(region: str) -> tuple[str, str] | None:
    """The codes from a region to the end of what lies below it; a county has nothing below it."""
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        return None
    digits = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    stem = region[:digits]
    return region, f"{int(stem) + 1:0{digits}}" if int(stem) + 1 < 10**digits else ":"
