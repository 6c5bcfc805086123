"""A person's inbox: everything that lies in the boxes that he reads, the newest first."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.inbox import boxes_of
from registry.model.person import Person
from registry.store import inbox
from registry.store.inbox import Letter

PAGE = 30
UNREAD_SHOWN = 100  # more than that many is shown as "99+"; counting on would cost and tell nothing
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Inbox:
    """``before`` is the cursor of the next page, 0 on the last."""

    letters: tuple[Letter, ...]
    unread: int
    before: int


async def read_inbox(act: Act, person: Person, before: int = 0) -> Inbox:
    """A page of it; ``before`` is the cursor of the page before."""
    boxes = boxes_of(person)
    letters = await inbox.page(act.conn, boxes, person.username, before or _NEWEST, PAGE + 1)
    shown = letters[:PAGE]
    following = shown[-1].id if len(letters) > PAGE else 0
    return Inbox(tuple(shown), await count_unread(act, person), following)


async def count_unread(act: Act, person: Person) -> int:
    """At most ``UNREAD_SHOWN``."""
    return await inbox.count_unread(act.conn, boxes_of(person), person.username, UNREAD_SHOWN)


async def open_letter(act: Act, person: Person, notice_id: int) -> Letter:
    """One notice, which is read from now on. Refuses with NOT_FOUND what lies in no box of his."""
    letter = await inbox.find(act.conn, boxes_of(person), notice_id)
    if letter is None:
        raise Refusal(Reason.NOT_FOUND, "没有这条通知", "there is no such notice", where="notice", value=str(notice_id))
    await inbox.mark_read(act.conn, person.username, notice_id, act.now)
    return letter


async def mark_all_read(act: Act, person: Person, until: int) -> None:
    """Everything that he had before his eyes: up to the newest notice of the page."""
    await inbox.mark_all_read(act.conn, boxes_of(person), person.username, act.now, until)
