"""Reserved and prohibited words that operators have added: the entries, and every change with the two people behind it."""

from dataclasses import dataclass
from datetime import datetime

from registry.kernel.db import Connection, Record
from registry.store.name_facts import NO_LISTS

LIST_LOCK = 0x6C697374  # approvals are numbered one after the other: "list"

_WORD = "class, word, index_label, detail, unlocked_by, reason"
_CHANGE = f"""
id, act, entry_id, {_WORD}, state, proposed_by, proposed_at, coalesce(decided_by, '') as decided_by, decided_at,
coalesce(version, 0) as version, coalesce(seal, '') as seal"""
_ADD_CHANGE = f"""
insert into list_change (act, entry_id, {_WORD}, proposed_by, proposed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning id"""
_DECIDE = """
update list_change set state = $2, decided_by = $3, decided_at = $4, version = $5, seal = $6, entry_id = $7 where id = $1"""
_NEWEST = "select version, seal from list_change where version is not null order by version desc limit 1"
_IN_FORCE = f"select id, {_WORD}, since from list_entry where since <= $1 and (until is null or until > $1) order by class, word, id"
_TAKEN = """
select 1 from list_entry where class = $1 and index_label = $2 and until is null
union all select 1 from list_change where class = $1 and index_label = $2 and state = 'proposed'"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its class and what the class needs (``detail``); ``unlocked_by`` says who gets past it."""

    list_class: str
    word: str
    index_label: str
    detail: str
    unlocked_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in force since version ``since`` of the lists."""

    id: int
    word: Word
    since: int


@dataclass(frozen=True, slots=True)
class Change:
    """``act`` is add or remove, ``state`` proposed, approved or withdrawn; version 0 and an empty seal until approved."""

    id: int
    act: str
    entry_id: int | None
    word: Word
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    version: int
    seal: str


async def hold_lists(conn: "Connection[Record]") -> None:
    """Let one change at a time be decided, until the transaction ends."""
    await conn.execute("select pg_advisory_xact_lock($1)", LIST_LOCK)


async def is_taken(conn: "Connection[Record]", list_class: str, index_label: str) -> bool:
    """Whether the word is in force, or waits for approval, in this class."""
    return bool(await conn.fetchval(_TAKEN, list_class, index_label))


async def add_change(
    conn: "Connection[Record]", act: str, entry_id: int | None, word: Word, by: str, at: datetime
) -> int:
    """Write a proposal and give its number. ``UniqueViolation`` when one for the same word waits."""
    number: int = await conn.fetchval(_ADD_CHANGE, act, entry_id, *_columns(word), by, at)
    return number


async def find_change(conn: "Connection[Record]", number: int) -> Change | None:
    """One proposal, or None."""
    row = await conn.fetchrow(f"select {_CHANGE} from list_change where id = $1", number)
    return _change(row) if row else None


async def find_entry(conn: "Connection[Record]", number: int) -> Entry | None:
    """An entry that is in force, or None."""
    row = await conn.fetchrow(f"select id, {_WORD}, since from list_entry where id = $1 and until is null", number)
    return _entry(row) if row else None


async def waiting_changes(conn: "Connection[Record]") -> list[Change]:
    """Proposals that nobody has decided, oldest first."""
    rows = await conn.fetch(f"select {_CHANGE} from list_change where state = 'proposed' order by id")
    return [_change(row) for row in rows]


async def decided_changes(conn: "Connection[Record]", most: int) -> list[Change]:
    """What was approved, newest first."""
    sql = f"select {_CHANGE} from list_change where state = 'approved' order by version desc limit $1"
    return [_change(row) for row in await conn.fetch(sql, most)]


async def newest(conn: "Connection[Record]") -> tuple[int, str]:
    """Version and seal of the lists as they are."""
    row = await conn.fetchrow(_NEWEST)
    return (row["version"], row["seal"]) if row else NO_LISTS


async def in_force(conn: "Connection[Record]", version: int) -> list[Entry]:
    """The entries of a version, by class and word."""
    return [_entry(row) for row in await conn.fetch(_IN_FORCE, version)]


async def begin_entry(conn: "Connection[Record]", word: Word, version: int) -> int:
    """Bring a word into force; the number of its entry."""
    sql = f"insert into list_entry ({_WORD}, since) values ($1, $2, $3, $4, $5, $6, $7) returning id"
    number: int = await conn.fetchval(sql, *_columns(word), version)
    return number


async def end_entry(conn: "Connection[Record]", number: int, version: int) -> None:
    """Take an entry out of force."""
    await conn.execute("update list_entry set until = $2 where id = $1 and until is null", number, version)


async def approve(
    conn: "Connection[Record]", number: int, by: str, at: datetime, version: int, seal: str, entry_id: int | None
) -> None:
    """Note that a proposal became a version."""
    await conn.execute(_DECIDE, number, "approved", by, at, version, seal, entry_id)


async def withdraw(conn: "Connection[Record]", change: Change, by: str, at: datetime) -> None:
    """Note that a proposal was withdrawn."""
    await conn.execute(_DECIDE, change.id, "withdrawn", by, at, None, None, change.entry_id)


def _columns(word: Word) -> tuple[str, ...]:
    return (word.list_class, word.word, word.index_label, word.detail, word.unlocked_by, word.reason)


def _word(row: Record) -> Word:
    return Word(row["class"], row["word"], row["index_label"], row["detail"], row["unlocked_by"], row["reason"])


def _entry(row: Record) -> Entry:
    return Entry(row["id"], _word(row), row["since"])


def _change(row: Record) -> Change:
    return Change(
        row["id"], row["act"], row["entry_id"], _word(row), row["state"], row["proposed_by"], row["proposed_at"],
        row["decided_by"], row["decided_at"], row["version"], row["seal"],
    )  # fmt: skip


async def role_of(conn: "Connection[Record]", username: str) -> str:
    """The role of the person who edits; empty when there is no such account or it is disabled."""
    role = await conn.fetchval("select role from person where username = $1 and disabled_at is null", username)
    return role or ""
