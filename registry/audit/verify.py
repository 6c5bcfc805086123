"""Verify the whole chain with nothing but the stored rows (design, law 8)."""

from dataclasses import dataclass, field

from registry.audit.chain import Break, Checker, Entry, Sealed
from registry.kernel.db import Database

FETCH_ROWS = 5000  # streamed, so that a hundred million entries need no more memory than these

_ROWS = """
select id, at, actor, act, subject, trid, detail, position, previous, hash
from audit_entry where position is not null order by position"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``sealed`` entries were checked, ``unsealed`` wait for the sequencer; the chain holds when there is no break."""

    sealed: int
    unsealed: int
    head: bytes
    breaks: list[Break] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every entry is in its place and unchanged."""
        return not self.breaks


async def verify_chain(db: Database) -> Verdict:
    """Read the chain in one snapshot, from the first entry to the head, and name every break."""
    checker = Checker()
    count = 0
    async with db.transaction("repeatable_read", readonly=True) as conn:
        head = await conn.fetchrow("select position, hash from audit_head")
        unsealed = await conn.fetchval("select count(*) from audit_entry where position is null")
        async for row in conn.cursor(_ROWS, prefetch=FETCH_ROWS):
            checker.feed(Sealed(Entry(*row[:7]), row["position"], row["previous"], row["hash"]))
            count += 1
    position, last = (head["position"], head["hash"]) if head else (0, bytes(32))
    checker.finish(position, last)
    return Verdict(count, unsealed, last, checker.breaks)
