"""An auditor reads the journal, and has the chain that guards it proved before his eyes."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from registry.audit.chain import Break, Checker, Entry, Sealed
from registry.audit.verify import Verdict, verify_chain
from registry.flows.act import Act
from registry.flows.runner import Runner
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role
from registry.store import oversight
from registry.store.oversight import EntryRow

__all__ = ["Chain", "Filters", "Trail", "Verdict", "prove_chain", "read_trail"]

PAGE = 50
DEFAULT_DAYS = 31
EARLIEST = date(2020, 1, 1)  # nothing here is older
TAIL = 1000  # entries that are proved at every look at the page: some 10 ms
MAX_PROVED = 200_000  # a whole proof in a page: two seconds; the command line has no such bound
NEWEST = 2**63 - 1
_PLAIN = re.compile(r"[^\0\ud800-\udfff]{0,200}")


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty text and None filter nothing; days are Beijing's. ``act`` may end in ``*``. ``before`` is the cursor of a page."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    trid: str = ""
    since: date | None = None
    until: date | None = None
    before: int = NEWEST


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain's head, and what checking its last ``checked`` entries found."""

    position: int
    head: bytes
    unsealed: int
    checked: int
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of entries; ``before`` is the cursor of the next, 0 on the last. ``since`` and ``until`` are what was searched."""

    entries: tuple[EntryRow, ...]
    before: int
    since: date
    until: date
    chain: Chain


async def read_trail(act: Act, person: Person, filters: Filters) -> Trail:
    """Read. Refuses with NOT_PERMITTED everybody but an auditor, VALUE_INVALID for filters that can match nothing."""
    _auditor(person)
    for text in (filters.actor, filters.act, filters.subject, filters.trid):
        if not _PLAIN.fullmatch(text):
            raise Refusal(Reason.VALUE_INVALID, "筛选条件有误", "that filter can match nothing", where="filter")
    tomorrow = act.now.astimezone(BEIJING).date() + timedelta(days=1)
    until = min(max(filters.until or tomorrow, EARLIEST), tomorrow)
    since = min(max(filters.since or until - timedelta(days=DEFAULT_DAYS), EARLIEST), tomorrow)
    entries = await oversight.list_entries(
        act.conn,
        (_begin(since), _begin(until + timedelta(days=1))),
        actor=filters.actor,
        act_pattern=_pattern(filters.act),
        subject=filters.subject,
        trid=filters.trid,
        before=filters.before,
        limit=PAGE + 1,
    )
    shown = entries[:PAGE]
    return Trail(tuple(shown), shown[-1].id if len(entries) > PAGE else 0, since, until, await _chain(act))


async def prove_chain(runner: Runner, person: Person) -> Verdict:
    """Check the whole chain. Refuses with NOT_PERMITTED, and TOO_LARGE when it is longer than a page can wait for."""
    _auditor(person)
    async with runner.db.connection() as conn:
        position, _, _ = await oversight.head(conn)
    if position > MAX_PROVED:
        raise Refusal(
            Reason.TOO_LARGE,
            f"审计链已有 {position} 条，请在服务器上运行 zhengming audit verify 全部校验",
            f"the chain has {position} entries; please run zhengming audit verify on the server",
            where="chain",
            value=str(position),
        )
    return await verify_chain(runner.db)


async def _chain(act: Act) -> Chain:
    position, head, unsealed = await oversight.head(act.conn)
    rows = await oversight.tail(act.conn, TAIL)
    checker = Checker()
    if rows and rows[0].position and rows[0].previous:
        checker.position, checker.hash = rows[0].position - 1, rows[0].previous
    for row in rows:
        checker.feed(_sealed(row))
    checker.finish(position, head)
    return Chain(position, head, unsealed, len(rows), tuple(checker.breaks))


def _sealed(row: EntryRow) -> Sealed:
    entry = Entry(row.id, row.at, row.actor, row.act, row.subject, row.trid, row.detail)
    return Sealed(entry, row.position or 0, row.previous or b"", row.hash or b"")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def _pattern(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return plain[:-1] + "%" if plain.endswith("*") else plain


def _auditor(person: Person) -> None:
    if person.role is not Role.AUDITOR:
        raise Refusal(Reason.NOT_PERMITTED, "只有安全审计员可以查看", "only auditors read this", where="person")
