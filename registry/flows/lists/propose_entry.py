"""Propose a word for the lists; nothing changes until another person approves."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.lists.editors import require_editor, snapshot_of, subject_of
from registry.flows.lists.words import read_word
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Fault, Reason, Refusal
from registry.policy.naming.tables import shipped_tables
from registry.store import lists
from registry.store.lists import Change


@dataclass(frozen=True, slots=True)
class ProposeEntry:
    """Fields as :func:`registry.flows.lists.words.read_word` reads them."""

    list_class: str
    word: str
    reason: str
    detail: str = ""
    unlocked_by: str = ""


async def propose_entry(act: Act, order: ProposeEntry) -> Change:
    """Write the proposal.

    Refuses with NOT_PERMITTED (no editor), VALUE_INVALID, ALREADY_EXISTS (ships, is in force, or waits already).
    """
    by = await require_editor(act)
    word = read_word(order.list_class, order.word, order.detail, order.unlocked_by, order.reason, shipped_tables())
    if await lists.is_taken(act.conn, word.list_class, word.index_label):
        raise _exists(word.word)
    try:
        number = await lists.add_change(act.conn, "add", None, word, by, act.now)
    except UniqueViolation:
        raise _exists(word.word) from None
    change = await lists.find_change(act.conn, number)
    if change is None:
        raise Fault(f"proposal {number} vanished in its own transaction")
    await act.remember("list.proposed", subject_of(number), snapshot_of(change, "proposed"))
    return change


def _exists(word: str) -> Refusal:
    return Refusal(
        Reason.ALREADY_EXISTS,
        "这个词已在名单中或正待批准",
        "this word is listed or waits for approval",
        where="word",
        value=word,
    )
